// X.509 certificates as nginx is given them: PEM bundles (leaf first, ngx_ssl_load_certificate in
// src/event/ngx_event_openssl.c), DER, and what `openssl x509 -text` or `-enddate` prints.
//   -----BEGIN CERTIFICATE-----
//   MIIB…
//   -----END CERTIFICATE-----
// This and the handshake are the only places that know OpenSSL. Private keys are never kept: only
// the hash of their public half leaves this file. No certificates: the text held none that reads.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/base/time.h"

namespace ngxdiag::parse {

// Times are UTC, as X.509 has them; a host's wall clock is its own offset away. Whatever a textual
// form leaves out stays empty.
struct Certificate {
  std::string subject, issuer;     // RFC 2253: "CN=R11,O=Let's Encrypt,C=US"
  std::string common_name;         // of the subject
  std::vector<std::string> names;  // subjectAltName: DNS names, lower case, and IP addresses
  std::optional<base::CivilTime> not_before, not_after;
  std::string serial;         // hexadecimal, upper case
  std::string key_type;       // "RSA", "EC", "ED25519"
  int key_bits = 0;           // 0 unknown
  std::string signature;      // "ecdsa-with-SHA256"
  std::string digest;         // of the signature: "sha256"; empty for those that have none
  std::string public_key;     // SHA-256 of the SubjectPublicKeyInfo, hexadecimal
  std::string fingerprint;    // SHA-256 of the certificate, hexadecimal
  bool authority = false;     // basicConstraints CA:TRUE
  bool names_issuer = false;  // "CA Issuers" (RFC 5280, 4.2.2.1): an intermediate stands above it
  bool names_responder = false;  // an OCSP responder, in the same extension
};

struct CertificateBundle {
  std::vector<Certificate> certificates;  // in the order of the file
  size_t broken = 0;                      // blocks that say they are certificates and are none
  size_t keys = 0;                        // private keys among them, unread
  size_t requests = 0;  // certificate requests, which somebody took for the answer
};

// Any bytes.
CertificateBundle parse_certificates(std::string_view bytes);
std::optional<Certificate> parse_certificate_der(std::string_view bytes);
// Only the text that `openssl x509` prints.
std::vector<Certificate> parse_certificate_text(std::string_view text);

// Of a PEM or DER private key.
struct KeyIdentity {
  std::string public_key;  // as Certificate::public_key; empty when the key does not read
  bool encrypted = false;  // it needs a passphrase
};
// Overwrites `bytes` in place: they are of no use afterwards.
KeyIdentity identify_private_key(std::string& bytes);

// The certificate is good for that server name (RFC 6125: a wildcard stands for one label).
bool covers(const Certificate& certificate, std::string_view server_name);

// Says of its own name that it issued itself.
inline bool self_signed(const Certificate& c) {
  return !c.subject.empty() && c.subject == c.issuer;
}

}  // namespace ngxdiag::parse
