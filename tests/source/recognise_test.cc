#include "libdiag/source/recognise.h"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace ngxdiag::source;
using ngxdiag::model::Kind;
using ngxdiag::model::kind_name;

namespace {

using Shapes = std::vector<std::pair<Kind, const char*>>;

// What people paste, one shape each. The name says nothing: it is always "a.txt".
const Shapes kShapes = {
    {Kind::kErrorLog, "cache file .. has too long header"},
    {Kind::kErrorLog, "ngx_slab_alloc() failed: no memory"},
    {Kind::kErrorLog, "512 worker_connections are not enough"},
    {Kind::kErrorLog, "worker process 11458 exited on signal 11 (core dumped)"},
    {Kind::kErrorLog,
     "nginx worker process 10089 exited on signal 8\nnginx worker process 10090 exited on signal "
     "8"},
    {Kind::kErrorLog, "[alert] 843#843: 1024 worker_connections are not enough"},
    {Kind::kErrorLog, "io_setup() failed (11: Resource temporarily unavailable)"},
    {Kind::kErrorLog, "[alert] worker process XXXXX exited on signal 11 (core dumped)"},
    {Kind::kErrorLog, "upstream sent too big header while reading response header from upstream"},
    {Kind::kErrorLog,
     "2026/05/16 10:09:59 [alert] 951624#0: 1024 worker_connections are not enough"},
    {Kind::kErrorLog,
     "2019/10/16 14:MM:SS [crit] 31375#31375: *XXXXXXXX connect() to 127.0.0.1:80 failed (99: "
     "Cannot "
     "assign requested address) while connecting to upstream, client: X.X.X.X"},
    {Kind::kErrorLog,
     "01:43:57 [alert] 18053#0: could not allocate node in cache keys zone \"x_cache\""},
    {Kind::kErrorLog,
     "SSL_do_handshake() failed SSL: error:0A0000BF:SSL routines::no protocols available"},
    {Kind::kErrorLog,
     "*10 SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake "
     "failure)"},
    {Kind::kErrorLog,
     "pwritev() \"/var/cache/nginx/client_temp/0000000014\" failed (28: No space left on device)"},
    {Kind::kErrorLog,
     "r3.o.lencr.org could not be resolved (110: Operation timed out) while requesting certificate "
     "status"},
    {Kind::kErrorLog, "unknown directive \"add_header\""},
    {Kind::kErrorLog, "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive"},
    {Kind::kErrorLog,
     "module \"/etc/nginx/modules/m.so\" version 1010001 instead of 1011002 in "
     "/etc/nginx/nginx.conf:1"},
    {Kind::kErrorLog, "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)"},
    {Kind::kErrorLog, "nginx: [warn] \"ssl_stapling\" ignored, issuer certificate not found"},
    {Kind::kErrorLog,
     "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
     "nginx: configuration file /etc/nginx/nginx.conf test is successful"},
    {Kind::kErrorLog,
     "Nov 02 15:14:12 dns1 nginx[17898]: nginx: [emerg] bind() to [fd42:b33:116]:31080 failed (99: "
     "Unknown error)"},
    {Kind::kErrorLog,
     "Mar 02 21:17:37 raspberrypi nginx[441]: nginx: [emerg] host not found in upstre"},
    {Kind::kErrorLog,
     "Apr 13 11:30:43 host nginx[42]: 2024/04/13 11:30:43 [emerg] 42#42: unknown directive "
     "\"brotli\" in /etc/nginx/nginx.conf:100"},
    {Kind::kErrorLog,
     "/var/log/nginx/error.log-1701637201.gz:2023/12/04 00:03:45 [alert] 3166959#3166959: worker "
     "process 2505010 exited on signal 11"},
    {Kind::kErrorLog, "nginx: lua atpanic: Lua VM crashed, reason: not enough memory"},
    {Kind::kErrorLog,
     "ter process /usr/sbin/nginx -g daemon on; master_process on;: "
     "/build/nginx-1.14.0/debian/modules/nchan/src/store/"
     "memory/memstore.c:708: nchan_store_init_worker: Assertion `procslot_found == 1' failed."},
    {Kind::kErrorLog,
     "*** Error in `nginx: worker process': corrupted size vs. prev_size: 0x000055ac87e8cad0 ***"},
    {Kind::kErrorLog, "free(): invalid pointer"},
    {Kind::kErrorLog,
     "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc"},
    {Kind::kErrorLog,
     "2026-04-21T23:18:20.123456789Z stderr F 2026/04/21 23:18:20 [alert] 1#1: worker process 52 "
     "exited on signal 11"},
    {Kind::kErrorLog,
     "{\"log\":\"2026/04/21 23:18:20 [alert] 1#1: worker process 52 exited on signal "
     "11\\n\",\"stream\":\"stderr\"}"},
    {Kind::kErrorLog,
     "web-1  | 2026/04/21 23:18:20 [alert] 1#1: worker process 52 exited on signal 11"},
    {Kind::kErrorLog, "angie: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)"},

    {Kind::kAccessLog,
     "203.0.113.5 - - [28/Nov/2017:08:44:15 +0000] \"GET / HTTP/1.1\" 200 612 \"-\" \"curl/8\""},
    {Kind::kAccessLog,
     "alertmanager.mydomain.com someip - - [28/Nov/2017:08:44:15 +0000] \"GET "
     "/.well-known/acme-challenge/cEunw "
     "HTTP/1.1\" 503 213 \"-\" \"Mozilla/5.0 (compatible; Let's Encrypt validation server)\""},
    {Kind::kAccessLog,
     "{\"time\":\"2026-04-21T23:18:20+00:00\",\"remote_addr\":\"192.0.2.1\",\"request\":\"GET / "
     "HTTP/1.1\",\"status\":200}"},

    {Kind::kConfig, "ntlm;"},
    {Kind::kConfig,
     "location ^~ /.well-known/acme-challenge/ {\n    alias "
     "/srv/acme/.well-known/acme-challenge/;\n}"},
    {Kind::kConfig, "fair;"},
    {Kind::kConfig, "pagespeed off;"},
    {Kind::kConfig, "ssl_stapling on;"},
    {Kind::kConfig, "proxy_pass http://x;"},
    {Kind::kConfig, "nchan_redis_server ...;"},
    {Kind::kConfig, "init_worker_by_lua_block { ... }"},
    {Kind::kConfig, "application testvod { play http://...; }"},
    {Kind::kConfig, "LearningMode;\nSecRulesEnabled;\ninclude \"/tmp/naxsi_rules.tmp\";"},
    {Kind::kConfig, "server { listen *:8081; location / { root /var/www; } }"},
    {Kind::kConfig, "modsecurity on;\nmodsecurity_rules 'SecRuleEngine On';"},
    {Kind::kConfig,
     "server {\n    listen 80;  # plain\n    location / {\n        proxy_pass http://app;\n    "
     "}\n}\n"},
    {Kind::kConfig, "# configuration file /etc/nginx/nginx.conf:\nuser www-data;\nevents {\n}\n"},
    {Kind::kConfig, "/etc/nginx/nginx.conf:12:    worker_connections 1024;"},

    {Kind::kNginxVersion, "nginx version: nginx/1.24.0 (Ubuntu)"},
    {Kind::kNginxVersion, "Tengine version: Tengine/2.2.3"},
    {Kind::kNginxVersion, "nginx version: openresty/1.25.3.2"},
    {Kind::kNginxVersion, "built with OpenSSL 3.0.13"},
    {Kind::kNginxVersion,
     "nginx version: nginx/1.22.1\nbuilt with OpenSSL 3.0.8 7 Feb 2023\nTLS SNI support enabled\n"
     "configure arguments: --prefix=/usr/share/nginx --with-threads"},

    {Kind::kPs,
     "root       19315  0.0  0.0  89992 40088 ?        Ss   11:50   0:00 nginx: master process "
     "/usr/sbin/nginx -c /etc/nginx/nginx.conf"},
    {Kind::kPs,
     "|   \\_ /sbin/dumb-init -- /nginx-ingress-controller\n|       \\_ nginx: worker process\n|   "
     "    \\_ nginx: worker process"},
    {Kind::kPs,
     "nobody   18866 17776  0 19:49 ?        00:00:05 nginx: worker process is shutting down"},
    {Kind::kPs, "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"},
    {Kind::kPs, "  812     1 angie: worker process #3"},

    {Kind::kKernelLog, "nginx[PID]: segfault at 6212XXXXXX ip ... error 6 in libc.so.6[...]"},
    {Kind::kKernelLog, "segfault at 1 ip 000000000089332b sp 00007ffea41cfd20 error 4 in nginx"},
    {Kind::kKernelLog,
     "[3619581.644342] [13918]   109 13918 17990351 16170643   35121      72  1768405             "
     "0 nginx"},
    {Kind::kKernelLog,
     "Feb 15 18:49:53  kernel: nginx[8194]: segfault at 0 ip 00000000004a5d9b sp 00007ffc36362738 "
     "error 4"},
    {Kind::kKernelLog,
     "kernel: nginx[6579]: segfault at 46 ip 0000000000000046 sp 00007fff19ea6640 error 14 likely "
     "on CPU 1"},
    {Kind::kKernelLog,
     "kernel: [2765388.969856] nginx[15475]: segfault at 70 ip 00007f159738a7ab sp "
     "00007fff29ef02d0 error 4"},
    {Kind::kKernelLog,
     "[Thu Jun 30 04:27:42 2022] nginx[101475]: segfault at 0 ip 00007ff453910b67 sp "
     "00007ffda0306a40 error 4"},
    {Kind::kKernelLog,
     "[  120.497566] traps: nginx[1700] trap invalid opcode ip:7fe308e4275b sp:7ffc1c089160 "
     "error:0 in m.so[7fe308e34000+99000]"},
    {Kind::kKernelLog, "[ 9042.1] Out of memory: Killed process 812 (nginx) total-vm:18446kB"},
    {Kind::kKernelLog,
     "type=AVC msg=audit(1700000000.123:45): avc:  denied  { name_connect } for  pid=812 "
     "comm=\"nginx\""},

    {Kind::kSystemd,
     "systemd[1]: Reloading A high performance web server and a reverse proxy server."},
    {Kind::kSystemd, "nginx.service: Failed with result 'exit-code'."},
    {Kind::kSystemd,
     "systemd[1]: nginx.service: Failed to read PID from file /run/nginx.pid: Invalid argument"},
    {Kind::kSystemd,
     "Nov 21 09:01:50 chandu systemd[1]: nginx-rtmp.service: Start operation timed out. "
     "Terminating."},
    {Kind::kSystemd,
     "mars 25 01:05:52 Codimeo systemd[1]: openresty.service: Killing process 28387 (nginx) with "
     "signal SIGKILL."},
    {Kind::kSystemd,
     "\xe2\x97\x8f nginx.service - A high performance web server\n     Loaded: loaded "
     "(/lib/systemd/system/nginx.service; enabled)\n"
     "     Active: failed (Result: exit-code) since Tue 2026-04-21 23:18:20 UTC; 5min ago"},

    {Kind::kAcmeLog,
     "Renewal configuration file /etc/letsencrypt/renewal/npm-1.conf is broken. The error was: "
     "expected it to be a symlink"},
    {Kind::kAcmeLog,
     "\"detail\": \"Fetching https://my-domain.tld/.well-known/acme-challenge/asdf: Timeout during "
     "connect\",\n\"addressUsed\": \"some\""},
    {Kind::kAcmeLog,
     "Type:   unauthorized\nDetail: During secondary validation: 2a06:98c1:3121::1: Invalid "
     "response from http://x"},
    {Kind::kAcmeLog,
     "2015-10-08 00:30:17,856:ERROR:letsencrypt_nginx.configurator:Nginx Restart Failed!"},
    {Kind::kAcmeLog,
     "Plugins selected: Authenticator standalone, Installer nginx\nRunning pre-hook command: nginx "
     "-s stop"},
    {Kind::kAcmeLog,
     "Failed authorization procedure. api.xxxx.net (http-01): urn:acme:error:connection :: The "
     "server could not connect"},
    {Kind::kAcmeLog,
     "[Wed Jun 30 11:34:57 CST 2021] Lets finalize the order.\nOrder status is processing,lets "
     "sleep and retry."},
    {Kind::kAcmeLog,
     "errordetail='Invalid response from http://website.com/.well-known/acme-challenge/2e0nUW: '"},
    {Kind::kAcmeLog, " + Challenge is valid!\n + Order is processing..."},
    {Kind::kAcmeLog,
     "Processing www.example.org with alternative names: example.org\n + Checking domain name(s) "
     "of existing cert... unchanged."},

    {Kind::kRenewalConf, "installer = nginx\nauthenticator = standalone"},
    {Kind::kRenewalConf,
     "# renew_before_expiry = 30 days\nversion = 2.1.0\narchive_dir = "
     "/etc/letsencrypt/archive/x\n[renewalparams]"},

    {Kind::kModules, "vts 0.1.13"},
    {Kind::kModules, "cache-purge 2.5.4"},
    {Kind::kModules, "pagespeed 1.10.34.5"},
    {Kind::kModules, "otel 30+0.1-1~jammy"},
    {Kind::kModules, "nginx 1.24.0-2ubuntu7.10"},
    {Kind::kModules,
     "ii  libnginx-mod-nchan  1:1.3.6+dfsg-2  amd64  Fast, flexible pub/sub server"},
    {Kind::kModules, "nginx-1.20.1-14.el9.x86_64"},
    {Kind::kModules, "libnginx-mod-nchan/stable,now 1:1.3.6+dfsg-2 amd64 [installed]"},
    {Kind::kModules, "2026-05-01 06:12:13 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1"},

    {Kind::kListing, "-rw-r--r-- 1 root root 3245 Apr 21 23:18 nginx.conf"},
    {Kind::kListing, "drwxr-xr-x root root /"},
    {Kind::kSockets,
     "LISTEN 0      511          0.0.0.0:80        0.0.0.0:*    users:((\"nginx\",pid=812,fd=6))"},
    {Kind::kSockets,
     "tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN      812/nginx: "
     "master"},
    {Kind::kSockets, "nginx     812 root    6u  IPv4  12345      0t0  TCP *:http (LISTEN)"},

    {Kind::kBacktrace, "#0  0x0000564d4775daf4 in ngx_http_waf_handler_check..."},
    {Kind::kBacktrace, "#0  memset ()\n#1  BUF_MEM_grow_clean ()\n#2  ngx_ssl_handshake ()"},
    {Kind::kBacktrace,
     "Program terminated with signal SIGSEGV, Segmentation fault.\n#0  ngx_list_push "
     "(l=0x56350a2eb618) at src/core/ngx_list.c:38"},
    {Kind::kBacktrace,
     "Program received signal SIGSEGV, Segmentation fault.\nngx_clean_old_cycles "
     "(ev=0x55555562b2c0) at src/core/ngx_cycle.c:1403"},
    {Kind::kBacktrace,
     "#1 qat_wake_job (job=<optimized out>, jobStatus=<optimized out>) at qat_events.c:289"},
    {Kind::kBacktrace, "nginx: worker process(ngx_memalign+0x2f)[0x55ac85ce48bf]"},
    {Kind::kBacktrace,
     "/etc/nginx/modules/"
     "ngx_http_vhost_traffic_status_module.so(ngx_http_vhost_traffic_status_escape_json_pool+0x1e)["
     "0x7f103148f8fe]"},
    {Kind::kBacktrace,
     "        Signal: 11 (SEGV)\n  Command Line: nginx: worker process\n    Executable: "
     "/usr/sbin/nginx"},
    {Kind::kBacktrace,
     "0x00007ff314806526 sljit_free_exec (libpcre2-8.so.0 + 0x22526)\n"
     "0x000055d042089266 ngx_regex_cleanup (nginx + 0x63266)"},
    {Kind::kBacktrace,
     "* frame #0: 0x000000010a2b3c4d nginx`ngx_http_perl_handler(r=0x0000) at perl.c:33:7"},
    {Kind::kBacktrace, "[<0>] futex_wait_queue+0x60/0x90\n[<0>] futex_wait+0x189/0x270"},

    {Kind::kCertificate,
     "-----BEGIN "
     "CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END "
     "CERTIFICATE-----"},
    {Kind::kCertificate, "notBefore=Apr 21 00:00:00 2026 GMT\nnotAfter=Jul 20 00:00:00 2026 GMT"},
    {Kind::kMaps,
     "7f4a21af2000-7f4a21b46000 r-xp 00000000 fe:01 131 "
     "/usr/lib/nginx/modules/ngx_http_lua_module.so"},
    {Kind::kLimits,
     "Limit                     Soft Limit           Hard Limit           Units\n"
     "Max open files            1024                 524288               files"},

    {Kind::kUnknown, "Segmentation fault"},
    {Kind::kUnknown, "invoke-rc.d: policy-rc.d denied execution of rotate."},
    {Kind::kUnknown, "runtime: failed to create new OS thread (have 9 already; errno=11)"},
    {Kind::kUnknown, "Last State:     Terminated\nReason:       OOMKilled\nExit Code:    137"},
    {Kind::kUnknown,
     "[Wed Oct 11 14:32:52 2000] [error] [client 127.0.0.1] client denied by server configuration"},
    {Kind::kUnknown, "Dear all, our web server is down. Can somebody help?"},
    {Kind::kUnknown, ""},
};

}  // namespace

TEST_CASE("pasted text is recognised by its content, whatever its name") {
  size_t right = 0;
  for (const auto& shape : kShapes) {
    const Kind kind = shape.first;
    const std::string text = shape.second;
    const Kind got = recognise_text(text, "a.txt");
    CAPTURE(text);
    CHECK(kind_name(got) == kind_name(kind));
    right += got == kind;
  }
  MESSAGE("kind accuracy: ", right, " of ", kShapes.size());
}

TEST_CASE("content wins over a misleading name, the name helps only when nothing decides") {
  CHECK(recognise_text("ssl_stapling on;", "error.log") == Kind::kConfig);
  CHECK(recognise_text("something unheard of", "/tmp/error.log") == Kind::kErrorLog);
  CHECK(recognise_text("something unheard of", "notes.txt") == Kind::kUnknown);
}

TEST_CASE("a mixed paste changes kind from line to line") {
  const std::vector<std::pair<const char*, Kind>> paste = {
      {"[Wed Jun 30 11:34:57 CST 2021] Lets finalize the order.", Kind::kAcmeLog},
      {"2018/10/29 12:30:16 [alert] 60#60: fork() failed while spawning \"worker process\" (12: "
       "Cannot allocate memory)",
       Kind::kErrorLog},
      {"stack traceback:", Kind::kErrorLog},
      {"\t[C]: in function 'require'", Kind::kErrorLog},
      {"\t/usr/share/lua/5.1/x.lua:12: in main chunk", Kind::kErrorLog},
      {"", Kind::kErrorLog},
      {"I1029 12:30:16.906015      10 controller.go:177] Configuration changes detected, backend "
       "reload required.",
       Kind::kUnknown},
      {"2018/10/29 12:30:38 [alert] 60#60: worker process 79228 exited on signal 9",
       Kind::kErrorLog},
      {"nginx version: nginx/1.24.0", Kind::kNginxVersion},
      {"server {", Kind::kConfig},
      {"    listen 80;", Kind::kConfig},
      {"}", Kind::kConfig},
      {"#0  ngx_list_push (l=0x56350a2eb618) at src/core/ngx_list.c:38", Kind::kBacktrace},
      {"3259\t    cscf->file_name = cf->conf_file->file.name.data;", Kind::kBacktrace},
      {"kernel: nginx[6579]: segfault at 46 ip 0000000000000046", Kind::kKernelLog},
      {"nginx: [emerg] open() \"/run/nginx/nginx.pid\" failed (2: No such file or directory)",
       Kind::kErrorLog},
      {"nginx.service: Failed with result 'exit-code'.", Kind::kSystemd},
      {"root  812  1  0 19:47 ?  00:00:00 nginx: master process /usr/sbin/nginx", Kind::kPs},
  };
  Kind current = Kind::kUnknown;
  for (const auto& step : paste) {
    const std::string line = step.first;
    const Kind kind = step.second;
    current = recognise_line(line, current);
    CAPTURE(line);
    CHECK(kind_name(current) == kind_name(kind));
  }
}

TEST_CASE("what lands in an error log stays an error log line") {
  // FastCGI's standard error and Lua give lines that look like code.
  for (const char* line :
       {"PHP message: PHP Warning:  Undefined variable $x in /var/www/a.php on line 3;",
        "Stack trace:", "}",
        "  thrown in /var/www/a.php on line 3\" while reading response header from upstream",
        "foo bar;"})
    CHECK(recognise_line(line, Kind::kErrorLog) == Kind::kErrorLog);
}

TEST_CASE("a config stays a config through its Lua and comments") {
  for (const char* line :
       {"        local res = ngx.location.capture(\"/x\")", "        end", "# worker processes 4",
        "    ~^(.*)$ $1;", "        'body_bytes_sent $body_bytes_sent';"})
    CHECK(recognise_line(line, Kind::kConfig) == Kind::kConfig);
}

TEST_CASE("binary is told from text, and a log with holes is text") {
  CHECK(
      is_binary(std::string("\x7f"
                            "ELF\x02\x01\x01",
                            7)));
  CHECK(is_binary("\x89PNG\r\n"));
  CHECK(is_binary(std::string(4096, '\0')));
  CHECK_FALSE(is_binary(""));
  CHECK_FALSE(is_binary("2026/04/21 23:18:20 [alert] 1#1: \x1b[31mred\x01"));
  CHECK_FALSE(is_binary(std::string(4096, '\0') +
                        "2026/04/21 23:18:20 [alert] 1#1: worker process 2 exited"));
  CHECK_FALSE(is_binary("caf\xc3\xa9 \xff\xfe latin"));
}

TEST_CASE("hostile lines are judged in bounded time") {
  const std::string brackets(1 << 20, '[');
  CHECK(recognise_line(brackets, Kind::kErrorLog) == Kind::kErrorLog);
  const std::string quotes(1 << 20, '{');
  CHECK(recognise_line(quotes, Kind::kUnknown) != Kind::kAccessLog);
}
