// ngxdiag.conf(5).
#include <set>
#include <utility>

#include "tools/ngxdiag/settings.h"
#include "tools/ngxdiag/troff.h"

namespace ngxdiag::tools {
namespace {

void setting(TroffPage& page, const Option& option) {
  const bool is_switch = option.argument.empty();
  page.tagged(
      troff_bold(option.name) + " = " + (is_switch ? "yes|no" : troff_italic(option.argument)),
      troff_escaped(option.text));
}

}  // namespace

std::string settings_page() {
  TroffPage page("ngxdiag.conf", '5', "ngxdiag config init");
  page.section("NAME");
  page.line("ngxdiag.conf \\- settings of ngxdiag on this host");
  page.section("SYNOPSIS");
  page.line(troff_bold(kSettingsFile));
  page.section("DESCRIPTION");
  page.paragraph(troff_escaped(
      "What stands in this file counts as if it were written on the command line. An option that "
      "is "
      "given there replaces all that the file says of it. The file is read by every command; "
      "`ngxdiag --config FILE` and the variable NGXDIAG_CONFIG name another one, and /dev/null "
      "none. "
      "Without the file every setting has its default."));
  page.paragraph(troff_escaped(
      "A line is a comment (it begins with # or ;), a [section], or KEY = VALUE. The section is "
      "the "
      "name of a command, or [common] for all that have the option; what the command's own section "
      "says of an option goes before [common]. The key is the long name of an option without its "
      "dashes. A value reaches to the end of its line; nothing is quoted. A line may be repeated "
      "where the option may. A switch is set by yes and left alone by no."));
  page.paragraph(troff_escaped(
      "A mistake stops every command with exit status 64. `ngxdiag config validate` names all of "
      "them with line and column; `ngxdiag config init` prints a commented file to begin with. "
      "Options that say what to look at this once (--root, --now and their like) cannot be set."));
  std::set<std::string_view> common;
  page.section("SETTINGS BELOW [common]");
  for (const Option& option : shared_settings()) {
    common.insert(option.name);
    setting(page, option);
  }
  for (const Command& command : commands()) {
    bool first = true;
    for (const Option& option : command.manual().options) {
      if (!can_be_set(option) || common.count(option.name) > 0) continue;
      if (std::exchange(first, false))
        page.section("SETTINGS BELOW [" + std::string(command.name) + "]");
      setting(page, option);
    }
  }
  page.section("EXAMPLES");
  page.paragraph("A known trouble, and an alarm long before nchan takes the site down:");
  page.line(
      ".PP\n.nf\n.RS\n[common]\nsuppress = /etc/ngxdiag/suppressions.json\n\n[check]\nwarning = "
      "reloads_left=10:\ncritical = reloads_left=3:\n.RE\n.fi");
  page.section("SEE ALSO");
  page.paragraph(troff_bold("ngxdiag") + "(1), " + troff_bold("ngxdiag-config") + "(1)");
  return page.take();
}

}  // namespace ngxdiag::tools
