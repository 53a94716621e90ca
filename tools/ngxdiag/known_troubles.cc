#include "tools/ngxdiag/known_troubles.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"

namespace ngxdiag::tools {
namespace {

constexpr const char* kSiteFile = "/etc/ngxdiag/suppressions.json";
// A report of a large host has a few hundred kilobytes; something else named by mistake shall not
// fill the memory.
constexpr uintmax_t kLargest = 64u << 20;

}  // namespace

std::string read_named_file(const std::string& path) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file || size > kLargest)
    throw base::UserError("cannot read this file", base::printable(path), {},
                          error ? error.message() : "it cannot be opened, or is too large",
                          "name a file of suppressions, or a report made with --format json");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<pipeline::Suppression> suppressions(const CommandLine& line) {
  std::vector<std::string> files = line.values("suppress");
  std::error_code error;
  if (std::filesystem::exists(kSiteFile, error)) files.insert(files.begin(), kSiteFile);
  std::vector<pipeline::Suppression> out;
  for (const std::string& file : files) {
    auto more = pipeline::read_suppressions(read_named_file(file), file);
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

std::vector<pipeline::Suppression> known_troubles(const CommandLine& line) {
  std::vector<pipeline::Suppression> out = suppressions(line);
  for (const std::string& file : line.values("baseline")) {
    auto more = pipeline::read_baseline(read_named_file(file), file);
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

}  // namespace ngxdiag::tools
