#include "libdiag/parse/nginx_config_zones.h"

#include <doctest/doctest.h>

#include <string>

using namespace ngxdiag::parse;

namespace {

std::string zones(std::string_view text) {
  const Config config = parse_config_fragment(text);
  std::string out;
  for (const SharedZone& zone : shared_zones(config))
    out += zone.name + " " + zone.component + " " + (zone.size ? std::to_string(*zone.size) : "-") +
           ";";
  return out;
}

}  // namespace

TEST_CASE("every form of a zone declaration") {
  CHECK(zones("lua_shared_dict cache 10m;") == "cache lua 10485760;");
  CHECK(zones("js_shared_dict_zone zone=num:32k type=number;") == "num njs 32768;");
  CHECK(zones("proxy_cache_path /c levels=1:2 keys_zone=one:10m inactive=1d;") ==
        "one nginx 10485760;");
  CHECK(zones("limit_req_zone $binary_remote_addr zone=r:1m rate=1r/s;") == "r nginx 1048576;");
  CHECK(zones("limit_conn_zone $server_name zone=c:1m;") == "c nginx 1048576;");
  CHECK(zones("ssl_session_cache builtin:1000 shared:SSL:10m;") == "SSL nginx 10485760;");
  CHECK(zones("ssl_session_cache none;").empty());
  CHECK(zones("ssl_ocsp_cache shared:o:1m;") == "o nginx 1048576;");
  CHECK(zones("upstream a { zone z 64k; sticky learn create=$a lookup=$b zone=s:1m; }") ==
        "z nginx 65536;s nginx 1048576;");
  CHECK(zones("upstream a { zone z; sticky cookie srv_id; }") == "z nginx -;");
  CHECK(zones("server { zone z 1m; }").empty());
  CHECK(zones("vhost_traffic_status_zone;") == "ngx_http_vhost_traffic_status vts -;");
  CHECK(zones("vhost_traffic_status_zone shared:v:32m;") == "v vts 33554432;");
  CHECK(zones("push_stream_shared_memory_size 256m;") ==
        "push_stream_module push-stream 268435456;");
  CHECK(zones("push_stream_shared_memory_size 256m p;") == "p push-stream 268435456;");
  CHECK(zones("nchan_shared_memory_size 64M;") == "memstore nchan 67108864;");
  CHECK(zones("upload_progress up 1m;") == "up uploadprogress 1048576;");
  CHECK(zones("req_status_zone server \"$host\" 10M;") == "server req-status 10485760;");
  CHECK(zones("map $a $b { zone z; }").empty());
}

TEST_CASE("a zone points at its directive") {
  const Config config = parse_config_fragment("events {}\n  lua_shared_dict d 1m;", "n");
  const auto found = shared_zones(config);
  REQUIRE(found.size() == 1);
  CHECK(found[0].where->line == 2);
  CHECK(found[0].size_text == "1m");
  CHECK(found[0].directive == "lua_shared_dict");
}
