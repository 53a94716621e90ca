// TLS: ciphers, HSTS, servers that share a listen.
#include <algorithm>
#include <set>

#include "libdiag/audit/detect_themes.h"
#include "libdiag/base/text.h"

namespace ngxdiag::audit {
namespace {

bool is_weak_cipher(std::string_view name) {
  if (name.empty() || name[0] == '!' || name[0] == '-' || name[0] == '+' || name[0] == '@')
    return false;
  const std::string upper = [&] {
    std::string out(name);
    for (char& c : out)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
  }();
  // "DES-CBC3-SHA", "EXP-RC4-MD5", "aNULL", "LOW"; "ECDHE-…-DES-CBC3-SHA".
  for (const std::string_view part : base::split(upper, '-'))
    for (const std::string_view weak :
         {"RC4", "DES", "3DES", "CBC3", "MD5", "EXP", "EXPORT", "EXPORT40", "EXPORT56", "NULL",
          "ENULL", "ANULL", "ADH", "AECDH", "LOW", "IDEA", "SEED", "RC2"})
      if (part == weak) return true;
  return upper.find("+RC4") != std::string::npos || upper.starts_with("RC4+");
}

std::vector<Hit> weak_ciphers(const Context& context) {
  std::vector<Hit> hits;
  for (const std::string_view name :
       {"ssl_ciphers", "proxy_ssl_ciphers", "grpc_ssl_ciphers", "uwsgi_ssl_ciphers"})
    for (const NodeId id : context.tree.all(name)) {
      const std::string list = joined_args(context.tree.at(id));
      std::set<std::string, std::less<>> killed;
      std::vector<std::string> weak;
      std::string normal = list;
      std::replace_if(
          normal.begin(), normal.end(), [](char c) { return c == ' ' || c == ','; }, ':');
      for (const std::string_view part : base::split(normal, ':'))
        if (part.starts_with("!")) killed.emplace(part.substr(1));
      for (const std::string_view part : base::split(normal, ':'))
        if (is_weak_cipher(part) && killed.count(part) == 0) weak.emplace_back(part);
      if (!weak.empty()) hits.push_back({.node = id, .values = {{"weak", base::join(weak, ", ")}}});
    }
  return hits;
}

}  // namespace

std::span<const NamedDetector> tls_detectors() {
  static constexpr NamedDetector kDetectors[] = {{"weak-ciphers", weak_ciphers}};
  return kDetectors;
}

}  // namespace ngxdiag::audit
