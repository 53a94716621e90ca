#include "libdiag/analyze/config_files.h"

#include <algorithm>
#include <iterator>

#include "libdiag/base/limits.h"
#include "libdiag/source/archive.h"
#include "libdiag/source/recognise.h"

namespace ngxdiag::analyze {
namespace {

constexpr size_t kHead = 8 * 1024;
// Where distributions and nginx's own build keep nginx.conf.
constexpr std::string_view kUsualDirectories[] = {"/etc/nginx/", "/usr/local/nginx/conf/",
                                                  "/usr/local/etc/nginx/", "/opt/nginx/conf/",
                                                  "/usr/local/openresty/nginx/conf/"};

bool is_regular(const source::Files& files, const std::string& path) {
  const source::FileInfo info = files.info(path);
  return info.exists && (info.regular || (info.symlink && files.read(path, 1).bytes));
}

// `path` moved from its usual directory to `directory`; empty when it is in none.
std::string moved(std::string_view path, const std::string& directory) {
  for (const std::string_view usual : kUsualDirectories)
    if (path.starts_with(usual)) return directory + std::string(path.substr(usual.size()));
  return {};
}

ConfigPiece load(const parse::ConfigReader& reader, const std::string& path) {
  return {parse::load_config(reader, {}, path), {"config", path}};
}

std::optional<ConfigPiece> in_directory(const std::string& path) {
  std::string directory = path;
  if (directory.empty() || directory.back() != '/') directory += '/';
  const auto here = source::host_files("");
  if (is_regular(*here, directory + "nginx.conf"))
    return load(config_reader(directory), directory + "nginx.conf");
  for (const std::string_view usual : kUsualDirectories) {
    const std::string main = std::string(usual) + "nginx.conf";
    if (!is_regular(*here, directory + main.substr(1))) continue;
    const auto files = source::host_files(directory);
    return load(
        {[files](const std::string& name) { return files->read(name, base::kMaxBlockBytes).bytes; },
         [files](const std::string& pattern) { return files->glob(pattern); }},
        main);
  }
  return std::nullopt;
}

}  // namespace

parse::ConfigReader config_reader(const std::string& directory) {
  const auto files = source::host_files("");
  parse::ConfigReader reader;
  reader.read = [files, directory](const std::string& path) {
    auto bytes = files->read(path, base::kMaxBlockBytes).bytes;
    const std::string other = bytes ? "" : moved(path, directory);
    return other.empty() ? bytes : files->read(other, base::kMaxBlockBytes).bytes;
  };
  reader.glob = [files, directory](const std::string& pattern) {
    auto names = files->glob(pattern);
    const std::string other = names.empty() ? moved(pattern, directory) : "";
    return other.empty() ? names : files->glob(other);
  };
  return reader;
}

std::optional<ConfigPiece> config_at(const std::string& path) {
  const auto files = source::host_files("");
  const source::FileInfo info = files->info(path);
  if (info.directory || (info.symlink && files->info(path + "/.").directory))
    return in_directory(path);
  const auto bytes = files->read(path, base::kMaxBlockBytes).bytes;
  if (!bytes) return std::nullopt;
  const std::string_view head = std::string_view(*bytes).substr(0, kHead);
  if (source::is_archive(head) || source::is_binary(head)) return std::nullopt;
  if (parse::is_config_dump(*bytes))
    return ConfigPiece{parse::parse_config(*bytes, path), {"config", path}};
  const model::Kind kind = source::recognise_text(head, path);
  if (kind != model::Kind::kConfig && kind != model::Kind::kUnknown) return std::nullopt;
  const std::string directory(parse::config_directory(path));
  ConfigPiece piece = load(config_reader(directory.empty() ? "./" : directory), path);
  return piece;
}

ConfigPiece join_fragments(std::vector<ConfigPiece> pieces) {
  ConfigPiece out = std::move(pieces.front());
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  for (size_t i = 1; i < pieces.size(); ++i) {
    parse::Config& more = pieces[i].config;
    append(out.config.directives, more.directives);
    append(out.config.files, more.files);
    append(out.config.problems, more.problems);
    append(out.config.comments, more.comments);
    out.config.complete = out.config.complete || more.complete;
  }
  return out;
}

}  // namespace ngxdiag::analyze
