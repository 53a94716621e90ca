#include <algorithm>
#include <array>

#include "libdiag/base/text.h"
#include "libdiag/parse/certificate.h"

// What `openssl x509 -text`, `-subject -issuer -dates -serial -fingerprint` and `s_client` print.
namespace ngxdiag::parse {
namespace {

constexpr size_t kMaxCertificates = 2000, kMaxNames = 1000;

// "Apr 21 23:18:20 2026 GMT"
std::optional<base::CivilTime> parse_time(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto words = base::words(text);
  if (words.size() < 4) return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), words[0]);
  const auto day = base::parse_int(words[1]), year = base::parse_int(words[3]);
  const auto clock = base::split(words[2], ':');
  if (month == kMonths.end() || !day || !year || clock.size() != 3) return std::nullopt;
  const auto h = base::parse_int(clock[0]), m = base::parse_int(clock[1]),
             s = base::parse_int(clock[2]);
  const auto small = [](const std::optional<int64_t>& n) { return n && *n >= 0 && *n <= 9999; };
  if (!small(day) || !small(year) || !small(h) || !small(m) || !small(s)) return std::nullopt;
  return base::civil(static_cast<int>(*year), static_cast<int>(month - kMonths.begin()) + 1,
                     static_cast<int>(*day), static_cast<int>(*h), static_cast<int>(*m),
                     static_cast<int>(*s));
}

// "C = US, O = Let's Encrypt, CN = R11" and "CN=R11" alike.
std::string common_name(std::string_view subject) {
  for (const std::string_view part : base::split(subject, ',')) {
    const size_t equals = part.find('=');
    if (equals != std::string_view::npos && base::trim(part.substr(0, equals)) == "CN")
      return std::string(base::trim(part.substr(equals + 1)));
  }
  return {};
}

std::string without_colons(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ':' && c != ' ') out += c;
  return out;
}

class Reader {
 public:
  void line(std::string_view raw) {
    const std::string_view text = base::trim(raw);
    if (text == "Certificate:") {
      begin();
    } else if (const auto before = value(text, {"notBefore=", "Not Before:", "Not Before :"})) {
      if (now_.not_before) begin();
      now_.not_before = parse_time(*before);
    } else if (const auto after = value(text, {"notAfter=", "Not After:", "Not After :"})) {
      if (now_.not_after) begin();
      now_.not_after = parse_time(*after);
    } else if (const auto subject = value(text, {"subject=", "Subject:"})) {
      if (!now_.subject.empty()) begin();
      now_.subject = *subject;
      now_.common_name = common_name(*subject);
    } else if (const auto issuer = value(text, {"issuer=", "Issuer:"})) {
      if (!now_.issuer.empty()) begin();
      now_.issuer = *issuer;
    } else if (const auto serial = value(text, {"serial="})) {
      now_.serial = *serial;
    } else if (const auto print = value(text, {"SHA256 Fingerprint=", "sha256 Fingerprint="})) {
      now_.fingerprint = base::lower(without_colons(*print));
    } else if (const auto bits = value(text, {"Public-Key: (", "RSA Public-Key: ("})) {
      now_.key_bits = static_cast<int>(std::clamp<int64_t>(
          base::parse_int(bits->substr(0, bits->find(' '))).value_or(0), 0, 1 << 20));
    } else if (const auto key = value(text, {"Public Key Algorithm:"})) {
      now_.key_type = base::contains(*key, "rsa")  ? "RSA"
                      : base::contains(*key, "ec") ? "EC"
                                                   : *key;
    } else if (const auto signature = value(text, {"Signature Algorithm:"})) {
      now_.signature = *signature;
      for (const char* digest : {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})
        if (base::contains(base::lower(*signature), digest)) now_.digest = digest;
    } else if (text.starts_with("DNS:") || text.starts_with("IP Address:")) {
      names(text);
    } else if (text.starts_with("CA Issuers")) {
      now_.names_issuer = true;
    } else if (text == "CA:TRUE" || text.starts_with("CA:TRUE,")) {
      now_.authority = true;
    }
  }

  std::vector<Certificate> finish() {
    begin();
    return std::move(out_);
  }

 private:
  static std::optional<std::string> value(std::string_view text,
                                          std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys)
      if (text.starts_with(key)) return std::string(base::trim(text.substr(key.size())));
    return std::nullopt;
  }

  void names(std::string_view text) {
    for (const std::string_view part : base::split(text, ',')) {
      const std::string_view name = base::trim(part);
      if (now_.names.size() >= kMaxNames) return;
      if (name.starts_with("DNS:")) now_.names.push_back(base::lower(name.substr(4)));
      if (name.starts_with("IP Address:")) now_.names.push_back(base::lower(name.substr(11)));
    }
  }

  // Names and keys alone (the subject of a request, of s_client) make no certificate.
  void begin() {
    if ((now_.not_after || now_.not_before) && out_.size() < kMaxCertificates)
      out_.push_back(std::move(now_));
    now_ = {};
  }

  Certificate now_;
  std::vector<Certificate> out_;
};

}  // namespace

std::vector<Certificate> parse_certificate_text(std::string_view text) {
  Reader reader;
  while (!text.empty()) reader.line(base::take_line(text));
  return reader.finish();
}

}  // namespace ngxdiag::parse
