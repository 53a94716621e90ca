#include "libdiag/analyze/nginx_binary.h"

namespace ngxdiag::analyze {
namespace {

using model::Unit;

constexpr model::FactSpec kSpecs[] = {
    {"nginx.flavor", Unit::kNone, "nginx, openresty, tengine, angie or freenginx"},
    {"nginx.version", Unit::kNone, "version as the program prints it"},
    {"nginx.base_version", Unit::kNone, "nginx version it is built on (derivatives mapped to it)"},
    {"nginx.distribution", Unit::kNone, "what the packager added to the version line"},
    {"nginx.package_revision", Unit::kNone,
     "distribution revision, from the build paths or the package list"},
    {"nginx.openssl", Unit::kNone, "OpenSSL it was built with"},
    {"nginx.arguments", Unit::kNone, "configure arguments"},
};

void run(const AnalyzerInput& in, model::FactSink& facts, std::vector<model::Event>&) {
  const Digest& digest = in.digest;
  if (digest.build) {
    const parse::NginxBuild& build = *digest.build;
    const auto put = [&](std::string_view name, const std::string& value) {
      if (!value.empty()) facts.put(name, value, digest.build_ref);
    };
    put("nginx.flavor", build.flavor);
    put("nginx.version", build.version);
    put("nginx.base_version", build.base_version);
    put("nginx.distribution", build.distribution);
    put("nginx.openssl", build.openssl_built);
    put("nginx.package_revision", build.package_revision);
    if (build.has_arguments)
      facts.put("nginx.arguments", build.configure_arguments, digest.build_ref);
  }
  // A package list names the revision even where the binary does not.
  for (const ListedItem& item : digest.listed)
    if ((item.name == "nginx" || item.name == "nginx-core" || item.name == "nginx-common" ||
         item.name == "nginx-light" || item.name == "nginx-full" || item.name == "nginx-extras") &&
        !item.version.empty()) {
      facts.put("nginx.package_revision", item.version, item.ref);
      if (!digest.build) {
        // "1.24.0-2ubuntu7.10": the upstream part stands before the last dash.
        const std::string upstream = item.version.substr(0, item.version.rfind('-'));
        facts.put("nginx.version", upstream, item.ref);
        facts.put("nginx.base_version", upstream, item.ref);
      }
      break;
    }
}

}  // namespace

const Analyzer kNginxBinary = {"nginx_binary", "Which nginx runs here, and how was it built?",
                               kSpecs, std::size(kSpecs), run};

}  // namespace ngxdiag::analyze
