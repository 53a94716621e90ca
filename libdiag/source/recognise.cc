#include "libdiag/source/recognise.h"

#include <algorithm>
#include <array>
#include <string>

#include "libdiag/base/text.h"
#include "libdiag/source/line_frame.h"
#include "libdiag/source/line_marks.h"
#include "libdiag/source/line_shapes.h"

namespace ngxdiag::source {
namespace {

using base::contains;
using model::Kind;

// A longer line is judged by its beginning: hostile evidence may hold lines of any length.
constexpr size_t kJudged = 2048;

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

// "location ^~ /.well-known/acme-challenge/ {": the path alone would make it a client's line.
bool is_challenge_directive(std::string_view s) {
  if (s.back() != '{' && s.back() != '}' && s.back() != ';') return false;
  for (const std::string_view name :
       {"location ", "alias ", "root ", "rewrite ", "return ", "proxy_pass ", "if ("})
    if (begins(s, name)) return true;
  return false;
}

// A line without frame. kUnknown and decided == false: nothing decides.
struct Verdict {
  bool decided = false;
  Kind kind = Kind::kUnknown;
};

Verdict judge(std::string_view s, Kind current) {
  const auto is = [](Kind kind) { return Verdict{true, kind}; };
  if (is_error_line(s)) return is(Kind::kErrorLog);
  const char c = s[0];
  if (c == '[') {
    if (is_kernel_line(s)) return is(Kind::kKernelLog);
    if (is_acme_sh_line(s)) return is(Kind::kAcmeLog);
  }
  if (is_access_line(s)) return is(Kind::kAccessLog);
  if (is_certbot_line(s)) return is(Kind::kAcmeLog);
  if (is_dpkg_log_line(s)) return is(Kind::kModules);
  if (is_maps_line(s)) return is(Kind::kMaps);
  if (const auto kind = kind_by_beginning(s)) return is(*kind);
  const Inside inside = find_inside(s);
  if (inside.kind == Kind::kAcmeLog && is_challenge_directive(s)) return is(Kind::kConfig);
  if (inside.kind) return is(*inside.kind);
  if (is_backtrace_line(s, inside.frame)) return is(Kind::kBacktrace);
  if (is_listing_line(s)) return is(Kind::kListing);
  if (inside.title || is_ps_header(s)) return is(Kind::kPs);
  if (is_limits_line(s)) return is(Kind::kLimits);
  if (is_dehydrated_line(s)) return is(Kind::kAcmeLog);
  if (is_socket_line(s)) return is(Kind::kSockets);
  if (is_controller_line(s)) return is(Kind::kUnknown);
  const bool strict = current != Kind::kUnknown && current != Kind::kConfig;
  if (is_config_line(s, strict)) return is(Kind::kConfig);
  if (current == Kind::kErrorLog || current == Kind::kConfig) return {};
  if (inside.message) return is(Kind::kErrorLog);
  if (current != Kind::kBacktrace && is_module_line(s)) return is(Kind::kModules);
  return {};
}

Kind by_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  const std::string name =
      base::lower(slash == std::string_view::npos ? path : path.substr(slash + 1));
  struct NameMark {
    std::string_view part;
    Kind kind;
  };
  static constexpr NameMark kNames[] = {
      {"error", Kind::kErrorLog},
      {"access", Kind::kAccessLog},
      {"nginx-v", Kind::kNginxVersion},
      {"kern", Kind::kKernelLog},
      {"dmesg", Kind::kKernelLog},
      {"certbot", Kind::kAcmeLog},
      {"letsencrypt", Kind::kAcmeLog},
      {"dehydrated", Kind::kAcmeLog},
      {"renewal", Kind::kRenewalConf},
      {"modules", Kind::kModules},
      {"backtrace", Kind::kBacktrace},
      {"systemd", Kind::kSystemd},
      {"journal", Kind::kSystemd},
      {"nginx.conf", Kind::kConfig},
      {"ps.txt", Kind::kPs},
  };
  for (const NameMark& mark : kNames)
    if (contains(name, mark.part)) return mark.kind;
  return Kind::kUnknown;
}

}  // namespace

Kind recognise_line(std::string_view line, Kind current) {
  if (is_dated_error_line(line)) return Kind::kErrorLog;
  std::string_view s = base::trim(line.substr(0, kJudged));
  if (s.empty()) return current;
  if (current == Kind::kAccessLog && is_access_line(s)) return current;
  const LineFrame frame = line_frame(s);
  s = base::trim(frame.rest);
  const bool framed = frame.rest.data() != line.data() && frame.framed;
  if (s.empty()) return current;
  // The kernel and systemd say who they are, whatever they quote.
  if (frame.tag == "kernel") return Kind::kKernelLog;
  const Verdict verdict = judge(s, framed ? Kind::kUnknown : current);
  if (frame.tag == "systemd") return Kind::kSystemd;
  if (!frame.tag.empty()) {
    if (verdict.decided && verdict.kind != Kind::kConfig && verdict.kind != Kind::kModules)
      return verdict.kind;
    if (frame.tag == "nginx" || frame.tag == "angie" || frame.tag == "openresty")
      return Kind::kErrorLog;
    if (frame.tag == "certbot" || frame.tag == "dehydrated" || frame.tag == "acme.sh")
      return Kind::kAcmeLog;
    return Kind::kSystemd;
  }
  return verdict.decided ? verdict.kind : current;
}

Kind recognise_text(std::string_view head, std::string_view name) {
  constexpr size_t kLines = 400;
  std::array<size_t, 32> votes{};
  std::string_view rest = head;
  for (size_t i = 0; i < kLines && !rest.empty(); ++i) {
    const Kind kind = recognise_line(base::take_line(rest), Kind::kUnknown);
    ++votes[static_cast<size_t>(kind)];
  }
  votes[static_cast<size_t>(Kind::kUnknown)] = 0;
  const auto best = std::max_element(votes.begin(), votes.end());
  if (*best == 0) return by_name(name);
  return static_cast<Kind>(best - votes.begin());
}

bool is_binary(std::string_view head) {
  if (head.empty()) return false;
  for (const std::string_view magic :
       {std::string_view("\x7f"
                         "ELF"),
        std::string_view("\x89PNG"), std::string_view("GIF8"), std::string_view("\xff\xd8\xff"),
        std::string_view("%PDF-"), std::string_view("!<arch>\n")})
    if (begins(head, magic)) return true;
  // nginx logs may hold a few NUL and escape bytes (nothing is escaped, CVE-2009-4487; a rotated
  // file may begin with a hole of NULs), so only a text that is largely control bytes is refused.
  const std::string_view judged = head.substr(0, 8192);
  size_t strange = 0;
  for (const char c : judged) {
    const auto byte = static_cast<unsigned char>(c);
    strange += byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\x1b';
  }
  if (strange * 10 < judged.size()) return false;
  // A log truncated by copytruncate has one hole of NULs and then lines.
  const size_t text = head.find_first_not_of('\0');
  return text == std::string_view::npos || !is_dated_error_line(head.substr(text));
}

}  // namespace ngxdiag::source
