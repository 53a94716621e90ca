// How long the rules take: loading and evaluating synthetic ones, and loading those compiled in.
//   engine_load [RULES]      (1000 without an argument)
#include <chrono>
#include <cstdio>
#include <deque>
#include <string>

#include "libdiag/base/text.h"
#include "libdiag/engine/builtin.h"
#include "libdiag/engine/evaluate.h"
#include "libdiag/pipeline/knowledge.h"

namespace {

using namespace ngxdiag;

constexpr int kDefaultRules = 1000;
constexpr int kRounds = 20;

// A rule of usual size (some 3 KB): a pattern, six reasons, checks, fixes and examples with log
// lines.
std::string synthetic(int number) {
  const std::string n = std::to_string(number);
  std::string text = R"json({
  "id": "rule-NUM", "cause": "cause-NUM", "component": "nginx", "group": "group-GRP", "severity": "warning",
  "title": "Trouble NUM with {deaths.total|some} deaths",
  "explanation": "A text of a few lines that tells a tired human what happens, why it happens and what to do about it now, without a word that has to be looked up elsewhere. It names {zones.locked|a zone}.",
  "params": { "many": { "value": 3, "because": "one can be chance" }, "few": { "value": 1, "because": "one is enough" } },
  "lines": { "hit": { "in": ["error_log"], "contains": "message number NUM", "regex": "message number NUM: (\\S+) failed \\((\\d+):" } },
  "prior": { "db": -10, "because": "one in ten" },
  "requires": { "all": [ { "any": [ { "line": "hit" }, { "fact": "deaths.total", "at_least": "few" }, { "stack": "ngx_http_func_NUM" } ] }, { "not": { "zone": "zone-NUM" } } ] },
  "evidence": [
    { "when": { "line": "hit" }, "weight": 12, "says": "{line.hit} lines tell it" },
    { "when": { "line": "hit", "at_least": "many" }, "weight": 3, "says": "again and again" },
    { "when": { "stack": "ngx_http_func_NUM" }, "weight": 20, "says": "the stack passes through it" },
    { "when": { "module": "module-NUM", "version_below": "1.2.NUM" }, "weight": 5, "says": "module version {modules.x.version|unknown}" },
    { "when": { "all": [ { "nginx_at_least": "1.9.11" }, { "nginx_below": "1.25.NUM" } ] }, "weight": 2, "says": "nginx is of an affected version" },
    { "when": { "directive": "directive_NUM", "matches": "^(on|always)" }, "weight": 3, "says": "it is switched on" }
  ],
  "against": [ { "when": { "fact": "kernel.oom_kills" }, "weight": -5, "says": "the kernel killed for memory" } ],
  "explains": ["cause-NXT"],
  "checks": [ { "when": { "unknown": "modules.module-NUM.version" }, "says": "which version", "command": "dpkg -l 'libnginx-mod-*'" } ],
  "fixes": [ { "title": "Upgrade", "commands": ["apt-get install --only-upgrade nginx", "systemctl restart nginx"], "impact": "a restart", "undo": "install the old package", "verify": "nginx -v" } ],
  "references": ["https://nginx.org/en/docs/"],
  "examples": [
    { "name": "fires", "fires": true, "files": { "error.log": "2024/03/02 10:11:12 [alert] 811#811: worker process 812 exited on signal 11\n2024/03/02 10:11:12 [error] 812#812: *7 message number NUM: x failed (2: No such file or directory), client: 192.0.2.1, server: example.org, request: \"GET / HTTP/1.1\", host: \"example.org\"\n" } },
    { "name": "quiet", "fires": false, "files": { "error.log": "2024/03/02 10:11:12 [alert] 811#811: worker process 812 exited with code 0\n" } }
  ]
}
)json";
  text = base::replace_all(std::move(text), "NUM", n);
  text = base::replace_all(std::move(text), "GRP", std::to_string(number % 10));
  return base::replace_all(std::move(text), "NXT", std::to_string(number + 1));
}

const std::vector<model::FactSpec>& known() {
  static const std::vector<model::FactSpec> kKnown = pipeline::known_facts();
  return kKnown;
}

model::FactSet host(int rules) {
  model::FactSet facts;
  model::SourceRef ref;
  ref.path = "error.log";
  const auto put = [&](std::string_view name, model::Value value) {
    facts.put(name, std::move(value), {ref}, "bench");
  };
  put("deaths.total", int64_t{7});
  put("zones.locked", std::vector<std::string>{"memstore"});
  put("stack.frames", std::vector<std::string>{"ngx_http_func_5 () at nginx", "main () at nginx"});
  put("modules.complete", true);
  put("config.complete", true);
  put("nginx.base_version", std::string("1.22.1"));
  for (int i = 0; i < rules; ++i)
    put(engine::pattern_fact("rule-" + std::to_string(i), "hit"), int64_t{i % 50 == 0});
  return facts;
}

template <typename Work>
void measure(const char* what, Work work) {
  double best = 1e9;
  for (int i = 0; i < kRounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  std::printf("%-34s %8.2f ms\n", what, best);
}

}  // namespace

int main(int argc, char** argv) {
  const int count =
      argc > 1 ? static_cast<int>(base::parse_int(argv[1]).value_or(0)) : kDefaultRules;
  std::deque<std::string> kept;
  std::vector<engine::RuleText> texts;
  size_t bytes = 0;
  for (int i = 0; i < count; ++i) {
    kept.push_back(synthetic(i));
    bytes += kept.back().size();
    texts.push_back({"rule-" + std::to_string(i) + ".json", kept.back(), true});
  }
  std::printf("%d synthetic rules, %zu bytes; best of %d rounds\n", count, bytes, kRounds);
  engine::RuleBase rules;
  measure("load", [&] { rules = engine::load_rules(texts, known()); });
  const model::FactSet facts = host(count);
  engine::Diagnosis diagnosis;
  measure("evaluate", [&] { diagnosis = engine::evaluate(rules, facts); });
  std::printf("  %zu findings, %zu next checks\n", diagnosis.findings.size(),
              diagnosis.next_checks.size());
  const model::FactSet healthy;
  measure("evaluate, nothing known", [&] { diagnosis = engine::evaluate(rules, healthy); });
  for (engine::RuleText& text : texts) text.proven = false;
  measure("load, compiling all expressions", [&] { rules = engine::load_rules(texts, known()); });
  const std::vector<engine::RuleText> builtin = engine::builtin_rules();
  std::printf("%zu compiled-in rules\n", builtin.size());
  measure("load", [&] { rules = engine::load_rules(builtin, known()); });
  measure("evaluate", [&] { diagnosis = engine::evaluate(rules, facts); });
  measure("load and evaluate, as a scan does", [&] {
    rules = engine::load_rules(engine::builtin_rules(), known());
    diagnosis = engine::evaluate(rules, facts);
  });
  measure("all knowledge of a scan", [&] { pipeline::load_knowledge({}); });
}
