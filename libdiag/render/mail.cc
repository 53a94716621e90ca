#include "libdiag/render/mail.h"

#include <algorithm>

#include "libdiag/base/text.h"

namespace ngxdiag::render {
namespace {

constexpr size_t kLine = 76;
// Of one encoded word: 39 bytes are 52 characters, "=?UTF-8?B?" and "?=" make it 64, which fits
// behind "Subject: ".
constexpr size_t kWordBytes = 39;
constexpr size_t kSubject = 200;
// Neither quoted-printable nor base64 can hold "=_" (RFC 2045, 6.7), so no part ends early.
constexpr std::string_view kBoundary = "=_ngxdiag";
constexpr size_t kLongestAddress = 254;  // RFC 5321, 4.5.3.1.3

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k) out += k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

bool ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool word_byte(char c, std::string_view also) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         also.find(c) != std::string_view::npos;
}

// Words of `text` behind "Name:", folded where a line would grow longer than 76.
std::string folded(std::string_view name, const std::vector<std::string_view>& words) {
  std::string out = std::string(name) + ":";
  size_t column = out.size();
  for (const std::string_view word : words) {
    const bool fold = column + 1 + word.size() > kLine && column > name.size() + 1;
    out += fold ? "\n " : " ";
    column = fold ? 1 + word.size() : column + 1 + word.size();
    out += word;
  }
  return out + "\n";
}

std::string part(std::string_view headers, std::string_view body) {
  return "--" + std::string(kBoundary) + "\n" + std::string(headers) + "\n" + std::string(body);
}

}  // namespace

std::string quoted_printable(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    size_t column = 0;
    for (size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      const bool last = i + 1 == line.size();
      const bool plain = c > ' ' && c <= '~' && c != '=';
      // A blank at the end gets lost on the way, "From " begins a message in an mbox, and a dot
      // alone ends the message.
      const bool kept = (plain || ((c == ' ' || c == '\t') && !last)) &&
                        !(i == 0 && (c == '.' || line.starts_with("From ")));
      const size_t wide = kept ? 1 : 3;
      if (column + wide > kLine - 1) {
        out += "=\n";
        column = 0;
      }
      const auto byte = static_cast<unsigned char>(c);
      if (kept)
        out += c;
      else
        out += {'=', kHex[byte >> 4], kHex[byte & 15]};
      column += wide;
    }
    out += '\n';
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  const std::string digits = base64(bytes);
  std::string out;
  for (size_t i = 0; i < digits.size(); i += kLine) out += digits.substr(i, kLine) + "\n";
  return out;
}

std::string header_words(std::string_view name, std::string_view text) {
  const std::string safe =
      base::replace_all(base::replace_all(base::printable(text), "\t", " "), "\n", " ");
  std::vector<std::string> encoded;
  // "=?" would be read as an encoded word, and a word longer than a line cannot be folded.
  const auto parts = base::words(safe);
  const bool plain = ascii(safe) && !base::contains(safe, "=?") &&
                     std::all_of(parts.begin(), parts.end(),
                                 [](std::string_view word) { return word.size() < kLine; });
  if (plain) return folded(name, parts);
  std::string_view rest = safe;
  while (!rest.empty()) {
    std::string piece;
    while (!rest.empty()) {
      const size_t length = std::max<size_t>(base::utf8_length(rest), 1);
      if (piece.size() + length > kWordBytes) break;
      piece += rest.substr(0, length);
      rest.remove_prefix(length);
    }
    encoded.push_back("=?UTF-8?B?" + base64(piece) + "?=");
  }
  return folded(name, {encoded.begin(), encoded.end()});
}

bool mail_address(std::string_view text) {
  if (text.empty() || text.size() > kLongestAddress || text.front() == '-') return false;
  const size_t at = text.rfind('@');
  const std::string_view local = text.substr(0, at);
  if (local.empty() ||
      !std::all_of(local.begin(), local.end(), [](char c) { return word_byte(c, "._%+=-"); }))
    return false;
  if (at == std::string_view::npos) return true;
  const std::string_view domain = text.substr(at + 1);
  const bool literal = domain.size() > 2 && domain.front() == '[' && domain.back() == ']';
  const std::string_view name = literal ? domain.substr(1, domain.size() - 2) : domain;
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [&](char c) {
    return word_byte(c, literal ? ".:" : ".-");
  });
}

std::string mail_message(const Mail& mail) {
  std::vector<std::string> to = mail.to;
  for (size_t i = 0; i + 1 < to.size(); ++i) to[i] += ",";
  std::string out = folded("To", {to.begin(), to.end()});
  out += header_words("Subject", base::shorten(mail.subject, kSubject));
  // RFC 3834: no holiday notice answers it.
  out += "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n";
  const std::string text_headers =
      "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n";
  if (mail.attachments.empty()) return out + text_headers + "\n" + quoted_printable(mail.text);
  out += "Content-Type: multipart/mixed; boundary=\"" + std::string(kBoundary) + "\"\n\n";
  out += part(text_headers, quoted_printable(mail.text));
  for (const Attachment& attachment : mail.attachments)
    out += part("Content-Type: " + attachment.type + "; charset=utf-8\n" +
                    "Content-Disposition: attachment; filename=\"" + attachment.name + "\"\n" +
                    "Content-Transfer-Encoding: base64\n",
                base64_lines(attachment.content));
  return out + "--" + std::string(kBoundary) + "--\n";
}

}  // namespace ngxdiag::render
