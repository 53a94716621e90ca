// /etc/resolv.conf, which libc reads when nginx looks up upstream names at start and reload:
//   nameserver 127.0.0.53
//   options edns0 trust-ad
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ngxdiag::parse {

struct ResolvConf {
  std::vector<std::string> nameservers;  // as written; none: libc asks 127.0.0.1
  std::vector<int> lines;                // of each, counted from 1
};

// Any bytes. resolv.conf(5): the key begins in column 1, '#' and ';' begin comments.
ResolvConf parse_resolv_conf(std::string_view text);

}  // namespace ngxdiag::parse
