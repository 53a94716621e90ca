// Mail through the system's own sendmail: the only program that ngxdiag hands anything to, and only
// with --mail-to.
#pragma once

#include <string>
#include <vector>

#include "libdiag/render/mail.h"
#include "tools/ngxdiag/command_line.h"

namespace ngxdiag::tools {

// --mail-to, --mail-when, --sendmail.
extern const std::vector<Option> kMailOptions;

// What the mail options ask for, checked before anything is looked at.
class Mailer {
 public:
  // Throws base::UserError for an address that is none.
  explicit Mailer(const CommandLine& line);

  bool wanted() const { return !to_.empty(); }
  bool only_changes() const { return only_changes_; }
  // To all recipients. Throws base::UserError when sendmail cannot be run, fails, or takes more
  // than a minute. REQUIRES: wanted().
  void send(render::Mail mail) const;

 private:
  std::vector<std::string> to_;
  bool only_changes_ = false;
  std::string program_;
};

}  // namespace ngxdiag::tools
