#include "tools/ngxdiag/rule_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"
#include "libdiag/engine/builtin.h"

namespace ngxdiag::tools {
namespace {

namespace fs = std::filesystem;

// More than any rule needs; a directory named by mistake shall not fill the memory.
constexpr uintmax_t kLargestRule = 1u << 20;

}  // namespace

RuleFiles::RuleFiles(const std::vector<std::string>& directories) {
  std::error_code error;
  if (fs::is_directory(kSiteRules, error)) add(kSiteRules);
  for (const std::string& directory : directories) {
    if (!fs::is_directory(directory, error))
      throw base::UserError("--rules: no such directory: " + base::printable(directory), "ngxdiag",
                            {}, {}, "name a directory that holds rule files (*.json)");
    add(directory);
  }
}

void RuleFiles::add(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator
           it(directory, fs::directory_options::skip_permission_denied, error),
       end;
       !error && it != end; it.increment(error))
    if (it->path().extension() == ".json" && it->is_regular_file(error))
      paths.push_back(it->path().string());
  if (error)
    throw base::UserError("cannot read the rules in " + base::printable(directory), "ngxdiag", {},
                          error.message(), "make the directory readable, or leave it out");
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    const uintmax_t size = fs::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    if (error || size > kLargestRule || !file)
      throw base::UserError(
          "cannot read the rule file", base::printable(path), {},
          size > kLargestRule ? "it is larger than any rule" : "it cannot be opened",
          "make it readable, or move it out of the directory");
    texts_.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    extra_.push_back({path, texts_.back()});
  }
}

std::vector<engine::RuleText> RuleFiles::all() const {
  std::vector<engine::RuleText> out = engine::builtin_rules();
  out.insert(out.end(), extra_.begin(), extra_.end());
  return out;
}

}  // namespace ngxdiag::tools
