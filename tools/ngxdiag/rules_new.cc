// ngxdiag rules new COMPONENT ID: a rule to fill in, and what to do with it.
#include "libdiag/base/error.h"
#include "libdiag/base/regex.h"
#include "libdiag/base/text.h"
#include "tools/ngxdiag/output.h"
#include "tools/ngxdiag/rules_commands.h"

namespace ngxdiag::tools {
namespace {

// It loads, and its first example fails until the pattern and the pasted lines fit together.
constexpr std::string_view kSkeleton = R"({
  "id": "@ID@",
  "cause": "@ID@",
  "component": "@COMPONENT@",
  "kind": "cause",
  "severity": "critical",
  "title": "Say in one line what is wrong",
  "explanation": "Say to a tired human what happens, why, and what it does to the site.",
  "params": {},
  "lines": {
    "message": { "in": ["error_log"], "contains": "the longest sure part of the message" }
  },
  "prior": { "db": -10, "because": "how common it is, before any evidence" },
  "requires": { "line": "message" },
  "evidence": [
    { "when": { "line": "message" }, "weight": 20, "says": "the message stands {line.message} times in the log" }
  ],
  "against": [],
  "explains": [],
  "supersedes": [],
  "checks": [
    { "says": "what would settle it", "command": "nginx -V" }
  ],
  "fixes": [
    {
      "title": "What to do",
      "commands": ["nginx -t"],
      "impact": "what it interrupts",
      "undo": "how to go back",
      "verify": "nginx -t"
    }
  ],
  "references": [],
  "examples": [
    {
      "name": "what it looks like",
      "fires": true,
      "first": true,
      "files": { "error.log": "2026/01/31 10:11:12 [alert] 811#811: paste the real lines here\n" }
    },
    {
      "name": "a look-alike that must stay quiet",
      "fires": false,
      "files": { "error.log": "2026/01/31 10:11:12 [alert] 811#811: paste the lines of another trouble here\n" }
    }
  ]
}
)";

void check_slug(const std::string& what, const std::string& text) {
  static const base::Regex kSlug("^[a-z0-9]+(-[a-z0-9]+)*$");
  if (!kSlug.search(text))
    throw base::UserError(what + " is no slug: " + base::printable(text), "ngxdiag rules new", {},
                          "small letters, digits and single dashes",
                          "for example: lua lua-my-crash");
}

}  // namespace

int rules_new(const CommandLine& line, const RuleFiles& files) {
  if (line.rest().size() != 3)
    throw base::UserError("a component and an id are needed", "ngxdiag rules new", {}, {},
                          "write: ngxdiag rules new COMPONENT ID");
  const std::string& component = line.rest()[1];
  const std::string& id = line.rest()[2];
  check_slug("the component", component);
  check_slug("the id", id);
  for (const engine::RuleText& text : files.all())
    if (rule_id(text) == id)
      throw base::UserError("there is a rule of that id already", "ngxdiag rules new", {},
                            text.where, "see: ngxdiag rules show " + id);
  print(base::replace_all(base::replace_all(std::string(kSkeleton), "@COMPONENT@", component),
                          "@ID@", id));
  complain("next: 1. save it as " + id + ".json, in the source tree under rules/causes/" +
           component + "/, on a host under " + kSiteRules +
           "/\n"
           "      2. paste the real lines into its examples, and find the words that decide\n"
           "      3. ngxdiag rules lint --rules DIR && ngxdiag rules test " +
           id + " --rules DIR\n      the grammar is in docs/rule-format.md\n");
  return kOk;
}

}  // namespace ngxdiag::tools
