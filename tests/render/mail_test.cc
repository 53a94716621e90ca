#include "libdiag/render/mail.h"

#include <doctest/doctest.h>

#include "libdiag/base/text.h"

using namespace ngxdiag;
using namespace ngxdiag::render;

TEST_CASE("a text alone is one part, with attachments there are several") {
  const std::string alone =
      mail_message({{"root", "ops@example.net"}, "nginx is ok", "all well\n", {}});
  CHECK(alone ==
        "To: root, ops@example.net\nSubject: nginx is ok\nAuto-Submitted: auto-generated\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: quoted-printable\n\nall well\n");
  const std::string several =
      mail_message({{"root"}, "s", "text\n", {{"report.html", "text/html", "<p>"}}});
  CHECK(base::contains(several, "filename=\"report.html\""));
  CHECK(base::contains(several, "\nPHA+\n--=_ngxdiag--\n"));
}

TEST_CASE("nothing in the subject begins a header") {
  const std::string mail =
      mail_message({{"root"}, "web1\r\nBcc: all@example.net\n\nbody", "text\n", {}});
  CHECK(base::contains(mail, "Subject: web1\\x0d\\x0aBcc: all@example.net\\x0a\\x0abody\nAuto-"));
  CHECK_FALSE(base::contains(mail, "\nBcc:"));
}

TEST_CASE("a subject that is not ASCII, or looks encoded, is encoded") {
  CHECK(header_words("Subject", "k\xc3\xb6nnte") == "Subject: =?UTF-8?B?a8O2bm50ZQ==?=\n");
  CHECK(header_words("Subject", "=?utf-8?Q?x?=") == "Subject: =?UTF-8?B?PT91dGYtOD9RP3g/PQ==?=\n");
  // Cut between characters, never within one; no line is longer than 76.
  std::string words;
  for (int i = 0; i < 60; ++i) words += "\xe2\x82\xac";
  std::string rest = header_words("Subject", words);
  std::string_view lines = rest;
  size_t count = 0;
  while (!lines.empty()) {
    const std::string_view line = base::take_line(lines);
    CHECK(line.size() <= 76);
    CHECK((count++ == 0 || line.starts_with(" =?UTF-8?B?4oKs")));
  }
  CHECK(count == 5);
}

TEST_CASE("a long subject is folded at blanks") {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "workers ";
  std::string rest = header_words("Subject", text);
  std::string_view lines = rest;
  while (!lines.empty()) CHECK(base::take_line(lines).size() <= 76);
  CHECK(base::contains(rest, "\n workers"));
}

TEST_CASE("quoted-printable keeps text and gives ASCII lines of 76") {
  CHECK(quoted_printable("a = b\n") == "a =3D b\n");
  CHECK(quoted_printable("end \nFrom me\n.\n\x1b\xc3\xa4\n") ==
        "end=20\n=46rom me\n=2E\n=1B=C3=A4\n");
  const std::string wide = quoted_printable(std::string(200, '='));
  std::string_view lines = wide;
  while (!lines.empty()) CHECK(base::take_line(lines).size() <= 76);
}

TEST_CASE("base64 as in RFC 4648, section 10") {
  CHECK(base64_lines("") == "");
  CHECK(base64_lines("f") == "Zg==\n");
  CHECK(base64_lines("fo") == "Zm8=\n");
  CHECK(base64_lines("foobar") == "Zm9vYmFy\n");
  CHECK(base64_lines(std::string(60, 'a')).size() == 82);
}

TEST_CASE("addresses that are no options, pipes or headers") {
  for (const char* good : {"root", "ops@example.net", "web+nginx@[192.0.2.1]", "a.b_c@host"})
    CHECK_MESSAGE(mail_address(good), good);
  for (const char* bad :
       {"", "-bd", "-Cx@y", "a b", "a@", "@b", "a\nBcc: b", "|/bin/sh", "/var/mail/x", "\"a\"@b",
        "a@b,c@d", "a@b@c", "a@-b", "<a@b>", "ops@exämple"})
    CHECK_FALSE_MESSAGE(mail_address(bad), bad);
}
