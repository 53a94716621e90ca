#include "libdiag/parse/module_names.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace ngxdiag::parse;

TEST_CASE("files of dynamic modules") {
  CHECK(module_slug("ngx_http_lua_module.so") == "lua");
  CHECK(module_slug("/usr/lib/nginx/modules/ngx_nchan_module.so") == "nchan");
  CHECK(module_slug("load_module modules/ngx_http_js_module.so;") == "njs");
  CHECK(module_slug("ngx_stream_js_module.so") == "njs");
  CHECK(module_slug("ngx_http_brotli_filter_module.so") == "brotli");
  CHECK(module_slug("ngx_http_brotli_static_module.so") == "brotli");
  CHECK(module_slug("ngx_http_headers_more_filter_module.so") == "headers-more");
  CHECK(module_slug("ngx_http_vhost_traffic_status_module.so") == "vts");
  CHECK(module_slug("ngx_http_modsecurity_module.so") == "modsecurity");
  CHECK(module_slug("ndk_http_module.so") == "ndk");
  CHECK(module_slug("ngx_otel_module.so") == "otel");
  CHECK(module_slug("otel_ngx_module.so") == "otel");
  CHECK(module_slug("ngx_pagespeed.so") == "pagespeed");
  CHECK(module_slug("ngx_http_geoip2_module.so") == "geoip2");
  CHECK(module_slug("ngx_stream_geoip2_module.so") == "geoip2");
  CHECK(module_slug("ngx_http_geoip_module.so") == "geoip");
  CHECK(module_slug("ngx_stream_geoip_module.so") == "geoip");
  CHECK(module_slug("ngx_http_xslt_filter_module.so") == "xslt");
  CHECK(module_slug("ngx_http_image_filter_module.so") == "image-filter");
  CHECK(module_slug("ngx_http_perl_module.so") == "perl");
  CHECK(module_slug("ngx_mail_module.so") == "mail");
  CHECK(module_slug("ngx_stream_module.so") == "stream");
  CHECK(module_slug("ngx_rtmp_module.so") == "rtmp");
  CHECK(module_slug("ngx_http_passenger_module.so") == "passenger");
  CHECK(module_slug("ngx_http_acme_module.so") == "acme");
  CHECK(module_slug("ngx_http_push_stream_module.so") == "push-stream");
  CHECK(module_slug("ngx_http_cache_purge_module.so") == "cache-purge");
  CHECK(module_slug("ngx_http_subs_filter_module.so") == "subs-filter");
  CHECK(module_slug("ngx_http_srcache_filter_module.so") == "srcache");
  CHECK(module_slug("ngx_http_upstream_fair_module.so") == "upstream-fair");
  CHECK(module_slug("ngx_http_uploadprogress_module.so") == "uploadprogress");
  CHECK(module_slug("ngx_http_flv_live_module.so") == "http-flv");
  CHECK(module_slug("ngx_http_zstd_filter_module.so") == "zstd");
  CHECK(module_slug("ngx_http_waf_module.so") == "ngx-waf");
  CHECK(module_slug("ngx_ssl_engine_qat_module.so") == "qat");
  CHECK(module_slug("ngx_http_lua_module.so[7f3c1a000000+4a000]") == "lua");
}

TEST_CASE("packages and lines of module lists") {
  CHECK(module_slug("libnginx-mod-http-lua 1:0.10.23-1") == "lua");
  CHECK(module_slug("libnginx-mod-nchan:amd64") == "nchan");
  CHECK(module_slug("libnginx-mod-stream") == "stream");
  CHECK(module_slug("libnginx-mod-http-dav-ext/stable,now 1:3.0.0-3 amd64") == "dav-ext");
  CHECK(module_slug("ii  libnginx-mod-rtmp  1:1.2.2+dfsg-3  amd64  RTMP support") == "rtmp");
  CHECK(module_slug("nginx-module-njs") == "njs");
  CHECK(module_slug("nginx-module-vts-0.2.2") == "vts");
  CHECK(module_slug("nginx-module-image-filter") == "image-filter");
  CHECK(module_slug("nginx-plus-module-headers-more") == "headers-more");
  CHECK(module_slug("nginx-mod-devel-kit") == "ndk");
  CHECK(module_slug("angie-module-zstd") == "zstd");
  CHECK(module_slug("lua 0.10.13\n") == "lua");
  CHECK(module_slug("cache-purge 2.5.4") == "cache-purge");
  CHECK(module_slug("otel 30+0.1-1~jammy") == "otel");
  CHECK(module_slug("modsecurity 3.0.8") == "modsecurity");
}

TEST_CASE("source directories of --add-module") {
  CHECK(module_slug("../ngx_lua-0.10.28") == "lua");
  CHECK(module_slug("/src/lua-nginx-module") == "lua");
  CHECK(module_slug("/src/stream-lua-nginx-module-0.0.15") == "lua");
  CHECK(module_slug("../ngx_lua_upstream-0.07") == "lua-upstream");
  CHECK(module_slug("../ngx_devel_kit-0.3.1rc1") == "ndk");
  CHECK(module_slug("../ngx_coolkit-0.2").empty());
  CHECK(module_slug("/build/nginx/debian/modules/http-headers-more-filter") == "headers-more");
  CHECK(module_slug("/usr/local/src/ModSecurity-nginx-1.0.3/") == "modsecurity");
  CHECK(module_slug("/src/nginx-module-vts-master") == "vts");
  CHECK(module_slug("nginx-rtmp-module") == "rtmp");
  CHECK(module_slug("/opt/ngx_brotli") == "brotli");
  CHECK(module_slug("/opt/passenger-6.0.2/src/nginx_module") == "passenger");
  CHECK(module_slug("naxsi-0.55.3/naxsi_src") == "naxsi");
  CHECK(module_slug("/src/njs-0.8.2/nginx") == "njs");
  CHECK(module_slug("nginx_upstream_check_module-0.4.0") == "upstream-check");
  CHECK(module_slug("ngx_healthcheck_module") == "healthcheck");
  CHECK(module_slug("nginx-upsync-module") == "upsync");
  CHECK(module_slug("nginx-http-flv-module") == "http-flv");
  CHECK(module_slug("nginx_http_push_module-0.692") == "http-push");
  CHECK(module_slug("nginx-push-stream-module") == "push-stream");
  CHECK(module_slug("nginx-selective-cache-purge-module") == "selective-cache-purge");
  CHECK(module_slug("ngx_cache_purge-2.3") == "cache-purge");
  CHECK(module_slug("ngx_http_geoip2_module-3.4") == "geoip2");
  CHECK(module_slug("headers-more-nginx-module-0.33") == "headers-more");
  CHECK(module_slug("nginx-goodies-nginx-sticky-module-ng-08a395c66e42") == "sticky");
  CHECK(module_slug("ngx_http_substitutions_filter_module") == "subs-filter");
  CHECK(module_slug("incubator-pagespeed-ngx-1.13.35.2-stable") == "pagespeed");
  CHECK(module_slug("nginx-auth-ldap-83c059b") == "auth-ldap");
  CHECK(module_slug("/src/ngx_http_dyups_module") == "dyups");
  CHECK(module_slug("nginx_ajp_module") == "ajp");
  CHECK(module_slug("mod_zip") == "mod-zip");
  CHECK(module_slug("nginx-vod-module-1.33") == "vod");
  CHECK(module_slug("nginx-ntlm-module") == "ntlm");
  CHECK(module_slug("nginx-upload-module-2.3.0") == "upload");
  CHECK(module_slug("nginx-static-etags") == "static-etags");
  CHECK(module_slug("ngx_waf") == "ngx-waf");
  CHECK(module_slug("zstd-nginx-module") == "zstd");
  CHECK(module_slug("asynch_mode_nginx") == "asynch");
}

TEST_CASE("what is no module has no slug") {
  CHECK(module_slug("").empty());
  CHECK(module_slug("nginx 1.24.0-2ubuntu7.10").empty());
  CHECK(module_slug("nginx-common").empty());
  CHECK(module_slug("openssl 3.0.13").empty());
  CHECK(module_slug("libc.so.6").empty());
  CHECK(module_slug("////").empty());
  std::string endless;
  while (endless.size() < (size_t{1} << 20)) endless += "-module";
  CHECK(module_slug(endless).empty());
}

TEST_CASE("every slug names itself, and unknown modules get a readable name") {
  const auto slugs = known_module_slugs();
  for (std::string_view slug : slugs) CHECK(module_slug(slug) == slug);
  CHECK(std::adjacent_find(slugs.begin(), slugs.end()) == slugs.end());
  CHECK(module_name_or_slug("/src/ngx_http_foo-bar_module-1.2") == "foo-bar");
  CHECK(module_name_or_slug("ngx_http_lua_module.so") == "lua");
  CHECK(module_name_or_slug("").empty());
  CHECK(is_core_module("stream"));
  CHECK_FALSE(is_core_module("lua"));
  CHECK_FALSE(is_core_module("unknown"));
}
