#include "libdiag/parse/module_names.h"

#include <algorithm>
#include <array>

#include "libdiag/base/text.h"

namespace ngxdiag::parse {
namespace {

struct ModuleNames {
  std::string_view slug;
  std::string_view also;  // further short names, separated by blanks
  bool core = false;
};

// Short names: what is left of the name of a file, package or directory when a version and the
// usual affixes ("ngx_http_", "libnginx-mod-", "nginx-module-", "_module.so") are gone and '_' is
// '-'.
constexpr std::array<ModuleNames, 131> kModules = {{
    {"addition", "addition-filter", true},
    {"auth-request", "", true},
    {"dav", "", true},
    {"degradation", "", true},
    {"flv", "", true},
    {"geoip", "stream-geoip", true},
    {"google-perftools", "", true},
    {"gunzip", "gunzip-filter", true},
    {"gzip-static", "", true},
    {"http2", "v2", true},
    {"http3", "v3", true},
    {"image-filter", "", true},
    {"mail-ssl", "imap-ssl", true},
    {"mail", "imap", true},
    {"mp4", "", true},
    {"perl", "", true},
    {"random-index", "", true},
    {"realip", "", true},
    {"secure-link", "", true},
    {"slice", "slice-filter", true},
    {"ssl", "", true},
    {"stream-realip", "", true},
    {"stream-ssl-preread", "", true},
    {"stream-ssl", "", true},
    {"stream", "", true},
    {"stub-status", "", true},
    {"sub", "sub-filter", true},
    {"xslt", "xslt-filter", true},

    {"accept-language", ""},
    {"acme", ""},
    {"ajp", ""},
    {"array-var", ""},
    {"asynch", "asynch-mode async-mode"},
    {"auth-digest", ""},
    {"auth-jwt", ""},
    {"auth-ldap", ""},
    {"auth-pam", "pam"},
    {"auth-spnego", "spnego-http-auth spnego"},
    {"auth-totp", ""},
    {"brotli", "brotli-filter brotli-static"},
    {"cache-purge", ""},
    {"cgi", ""},
    {"combined-upstreams", ""},
    {"concat", ""},
    {"cookie-flag", ""},
    {"dav-ext", ""},
    {"dynamic-etag", ""},
    {"dynamic-limit-req", ""},
    {"dynamic-upstream", ""},
    {"dyups", ""},
    {"echo", ""},
    {"encrypted-session", ""},
    {"enhanced-memcached", ""},
    {"eval", ""},
    {"fancyindex", "fancy-index"},
    {"footer-filter", "footer"},
    {"form-input", ""},
    {"geoip2", "stream-geoip2"},
    {"graphite", ""},
    {"headers-more", "headers-more-filter"},
    {"healthcheck", "upstream-healthcheck"},
    {"hmac-secure-link", ""},
    {"http-flv", "http-flv-live flv-live"},
    {"http-push", "push"},
    {"iconv", ""},
    {"ip2location", ""},
    {"ip2proxy", ""},
    {"keyval", ""},
    {"length-hiding", "length-hiding-filter"},
    {"limit-traffic-ratefilter", ""},
    {"log-zmq", ""},
    {"lua-upstream", ""},
    {"lua", "stream-lua"},
    {"memc", ""},
    {"mod-zip", "zip"},
    {"modsecurity", "modsecurity-standalone libmodsecurity libmodsecurity3"},
    {"mruby", ""},
    {"naxsi", "naxsi-src"},
    {"nchan", ""},
    {"ndk", "devel-kit ngx-devel-kit ndk-http"},
    {"ngx-waf", "waf"},
    {"njs", "js stream-js"},
    {"ntlm", "upstream-ntlm"},
    {"opentracing", ""},
    {"otel", "otel-ngx opentelemetry otel-webserver"},
    {"pagespeed", "incubator-pagespeed"},
    {"passenger", ""},
    {"pinba", ""},
    {"postgres", ""},
    {"proxy-connect", ""},
    {"push-stream", ""},
    {"qat", "qatzip qatzip-filter ssl-engine-qat qat-engine"},
    {"rds-csv", "rds-csv-filter"},
    {"rds-json", "rds-json-filter"},
    {"redis2", ""},
    {"redis", ""},
    {"req-status", "reqstat"},
    {"rtmp", ""},
    {"security-headers", ""},
    {"selective-cache-purge", ""},
    {"set-misc", ""},
    {"shibboleth", "shib"},
    {"slowfs-cache", "slowfs"},
    {"sorted-querystring", "sorted-querystring-filter"},
    {"srcache", "srcache-filter"},
    {"static-etags", ""},
    {"sticky", "sticky-module-ng goodies-nginx-sticky-module-ng upstream-sticky"},
    {"sts", "stream-sts stream-server-traffic-status"},
    {"subs-filter", "substitutions-filter substitutions4nginx"},
    {"sysguard", ""},
    {"tcp-proxy", ""},
    {"testcookie", "testcookie-access"},
    {"trim-filter", "trim"},
    {"untar", ""},
    {"unzip", ""},
    {"uploadprogress", "upload-progress"},
    {"upload", ""},
    {"upstream-check", ""},
    {"upstream-dynamic-servers", ""},
    {"upstream-fair", "fair"},
    {"upstream-hash", ""},
    {"upstream-jdomain", "jdomain"},
    {"upstream-order", ""},
    {"upsync", "stream-upsync"},
    {"var-request-speed", ""},
    {"vod", ""},
    {"vts", "vhost-traffic-status"},
    {"wasm", "ngx-wasm wasmx"},
    {"webp", ""},
    {"xss", "xss-filter"},
    {"zstd", "zstd-filter zstd-static"},
}};

// Directories that say nothing: the module is named by the directory above.
constexpr std::array<std::string_view, 7> kGeneric = {
    "instrumentation", "module", "modules", "nginx", "nginx-module", "ngx-module", "src"};

// Tried one after another, the longest first, until a known name appears.
constexpr std::array<std::string_view, 13> kPrefixes = {"angie-pro-module-",
                                                        "nginx-plus-module-",
                                                        "libnginx-mod-",
                                                        "nginx-module-",
                                                        "angie-module-",
                                                        "nginx-mod-",
                                                        "openresty-",
                                                        "nginx-",
                                                        "http-",
                                                        "angie-",
                                                        "ngx-",
                                                        "mod-",
                                                        "stream-"};
constexpr std::array<std::string_view, 2> kSuffixes = {"-modules", "-module"};
// After the prefixes: parts of the names of some modules, mere decoration of others.
constexpr std::array<std::string_view, 5> kLastSuffixes = {"-nginx", "-filter", "-plugin", "-ngx",
                                                           "-http"};
constexpr std::array<std::string_view, 10> kTails = {"-master",  "-main",     "-stable", "-beta",
                                                     "-release", "-dev",      "-trunk",  "-dbgsym",
                                                     "-dbg",     "-debuginfo"};

bool digit(char c) { return c >= '0' && c <= '9'; }

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// Takes `tail` off the end of `text` when something is left before it.
bool drop_tail(std::string& text, std::string_view tail) {
  if (text.size() <= tail.size() ||
      std::string_view(text).substr(text.size() - tail.size()) != tail)
    return false;
  text.resize(text.size() - tail.size());
  return true;
}

std::string_view find_slug(std::string_view name) {
  for (const ModuleNames& module : kModules) {
    if (module.slug == name) return module.slug;
    for (std::string_view other : base::split(module.also, ' '))
      if (other == name && !name.empty()) return module.slug;
  }
  return {};
}

// "-1.2.3", "-v0.33rc2" or the hash of a commit, and what follows.
void drop_version(std::string& name) {
  for (size_t dash = name.find('-'); dash != std::string::npos; dash = name.find('-', dash + 1)) {
    std::string_view rest = std::string_view(name).substr(dash + 1);
    if (rest.size() > 1 && rest[0] == 'v') rest.remove_prefix(1);
    constexpr size_t kShortHash = 7;
    const bool hash = rest.size() >= kShortHash &&
                      rest.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
                      rest.find_first_of("0123456789") != std::string_view::npos;
    if (dash > 0 && ((!rest.empty() && digit(rest[0])) || hash)) {
      name.resize(dash);
      return;
    }
  }
}

// The one word that names the module, in lower case with '-' for '_', without version and file
// ending.
std::string bare_name(std::string_view any_name) {
  constexpr size_t kLongestLine = 4096, kLongestName = 128;
  std::string name = base::lower(base::trim(any_name.substr(0, kLongestLine)));
  if (starts_with(name, "load_module ")) name.erase(0, 12);
  auto words = base::words(name);
  if (words.empty()) return {};
  // A line of dpkg -l: "ii  libnginx-mod-http-lua  1:0.10.23-1  amd64 …".
  const bool dpkg = words.size() > 1 && (words[0] == "ii" || words[0] == "rc");
  std::string word(words[dpkg ? 1 : 0]);
  for (std::string_view option : {"--add-module=", "--add-dynamic-module="})
    if (starts_with(word, option)) word.erase(0, option.size());
  if (starts_with(word, "--with-")) {
    word.erase(0, 7);
    word.resize(std::min(word.find('='), word.size()));
  }
  std::erase_if(word, [](char c) { return c == '"' || c == '\'' || c == ';'; });
  // A line of apt list: "libnginx-mod-http-lua/stable,now 1:0.10.23-1 amd64".
  if (word.find(',') != std::string::npos) word.resize(std::min(word.find('/'), word.size()));
  for (;;) {
    while (!word.empty() && word.back() == '/') word.pop_back();
    const size_t slash = word.rfind('/');
    std::string last = slash == std::string::npos ? word : word.substr(slash + 1);
    std::replace(last.begin(), last.end(), '_', '-');
    if (slash != std::string::npos && slash > 0 &&
        std::binary_search(kGeneric.begin(), kGeneric.end(), std::string_view(last))) {
      word.resize(slash);
      continue;
    }
    word = std::move(last);
    break;
  }
  word.resize(std::min({word.find(".so"), word.find(':'), word.find('@'), word.size()}));
  if (word.size() > kLongestName) return {};
  drop_tail(word, ".git");
  drop_version(word);
  while (std::any_of(kTails.begin(), kTails.end(),
                     [&](std::string_view tail) { return drop_tail(word, tail); })) {
  }
  return word;
}

// Takes one affix off; false when there is none.
bool peel(std::string& name) {
  for (std::string_view suffix : kSuffixes)
    if (drop_tail(name, suffix)) return true;
  for (std::string_view prefix : kPrefixes) {
    if (name.size() <= prefix.size() || !starts_with(name, prefix)) continue;
    name.erase(0, prefix.size());
    return true;
  }
  for (std::string_view suffix : kLastSuffixes)
    if (drop_tail(name, suffix)) return true;
  return false;
}

}  // namespace

std::string module_slug(std::string_view any_name) {
  std::string name = bare_name(any_name);
  do {
    const std::string_view slug = find_slug(name);
    if (!slug.empty()) return std::string(slug);
  } while (peel(name));
  return {};
}

bool is_core_module(std::string_view slug) {
  for (const ModuleNames& module : kModules)
    if (module.slug == slug) return module.core;
  return false;
}

std::string module_name_or_slug(std::string_view any_name) {
  std::string slug = module_slug(any_name);
  if (!slug.empty()) return slug;
  std::string name = bare_name(any_name);
  while (peel(name)) {
  }
  return name;
}

std::vector<std::string_view> known_module_slugs() {
  std::vector<std::string_view> slugs;
  for (const ModuleNames& module : kModules) slugs.push_back(module.slug);
  std::sort(slugs.begin(), slugs.end());
  return slugs;
}

}  // namespace ngxdiag::parse
