// A report as a mail message, ready for sendmail: headers, a text and what is attached, LF line
// ends.
//   Subject: [ngxdiag] web1: nginx is critical
//   Content-Type: multipart/mixed; boundary="=_ngxdiag"
// Only ASCII comes out, in lines of at most 76 bytes, whatever goes in: no byte of the evidence can
// begin a header, a part or an mbox message. There is no Date, From or Message-ID: sendmail adds
// them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::render {

struct Attachment {
  std::string name;  // "report.html"; REQUIRES: letters, digits, '.', '-'
  std::string type;  // "text/html"
  std::string content;
};

struct Mail {
  std::vector<std::string> to;  // REQUIRES: each a mail_address()
  std::string subject, text;
  std::vector<Attachment> attachments;
};

std::string mail_message(const Mail& mail);

// True for "root", "ops@example.net", "web+nginx@[192.0.2.1]": an address without display name,
// quotes, comments or blanks, that is no option and no pipe of sendmail's.
bool mail_address(std::string_view text);

// Text as quoted-printable (RFC 2045, 6.7), as base64 in lines of 76, and as a header's words
// (RFC 2047).
std::string quoted_printable(std::string_view text);
std::string base64_lines(std::string_view bytes);
std::string header_words(std::string_view name, std::string_view text);

}  // namespace ngxdiag::render
