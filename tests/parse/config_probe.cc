// What the configuration parser says of files on disk, for config_agreement.py and by hand:
//   config_probe MAIN…            one line per problem: MAIN, file:line, words (tabs between)
//   config_probe --build NGINX…   the text of `nginx -V` read out of executables
//   config_probe --tree MAIN      every directive with its place; --dump FILE: the same of `nginx
//   -T` config_probe --time MAIN      milliseconds for reading, resolving and querying it
#include <glob.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "libdiag/parse/nginx_build.h"
#include "libdiag/parse/nginx_config.h"
#include "libdiag/parse/nginx_config_listen.h"
#include "libdiag/parse/nginx_config_zones.h"

namespace parse = ngxdiag::parse;

namespace {

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::vector<std::string> expand(const std::string& pattern) {
  std::vector<std::string> names;
  glob_t found{};
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    names.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return names;
}

size_t count(const std::vector<parse::Directive>& level) {
  size_t sum = level.size();
  for (const parse::Directive& directive : level) sum += count(directive.children);
  return sum;
}

void print(const std::vector<parse::Directive>& level, size_t depth) {
  for (const parse::Directive& directive : level) {
    std::cout << std::string(depth, ' ') << directive.file << ':' << directive.line << ':'
              << directive.column << '-' << directive.end_line << ' ' << directive.name;
    for (const parse::ConfigArg& arg : directive.args)
      std::cout << (arg.quoted ? " '" : " ") << arg.value;
    std::cout << directive.raw_body << '\n';
    print(directive.children, depth + 1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  const parse::ConfigReader reader{read_file, expand};
  if (args.size() > 1 && args[0] == "--build") {
    for (size_t i = 1; i < args.size(); ++i)
      std::cout << parse::build_text_from_binary(read_file(args[i]).value_or(""));
    return 0;
  }
  if (args.size() == 2 && (args[0] == "--tree" || args[0] == "--dump")) {
    const parse::Config config = args[0] == "--tree"
                                     ? parse::load_config(reader, "/", args[1])
                                     : parse::parse_config(read_file(args[1]).value_or(""));
    print(config.directives, 0);
    return 0;
  }
  if (args.size() == 2 && args[0] == "--time") {
    using Clock = std::chrono::steady_clock;
    const auto milliseconds = [](Clock::duration time) {
      return std::chrono::duration<double, std::milli>(time).count();
    };
    const auto start = Clock::now();
    const parse::Config config = parse::load_config(reader, "/", args[1]);
    const auto loaded = Clock::now();
    const size_t zones = parse::shared_zones(config).size(),
                 listens = parse::listens(config).size();
    const auto queried = Clock::now();
    std::cout << "load " << milliseconds(loaded - start) << " ms, query "
              << milliseconds(queried - loaded) << " ms, directives " << count(config.directives)
              << ", files " << config.files.size() << ", problems " << config.problems.size()
              << ", zones " << zones << ", listens " << listens << "\n";
    return 0;
  }
  for (const std::string& main : args) {
    const parse::Config config = parse::load_config(reader, "/", main);
    for (const parse::ConfigProblem& problem : config.problems)
      std::cout << main << '\t' << problem.file << ':' << problem.line << '\t' << problem.says
                << '\n';
  }
  return 0;
}
