#include "libdiag/parse/certificate.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

#include "libdiag/base/text.h"

namespace ngxdiag::parse {
namespace {

constexpr size_t kMaxBlocks = 2000;      // certificates of one file: a system's bundle has 150
constexpr size_t kMaxBlock = 256 << 10;  // bytes of one of them
constexpr size_t kMaxNames = 1000;       // names of one certificate: CAs allow 100
constexpr size_t kMaxName = 1024;

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;

// The library's configuration file could load engines and change what is read.
void prepare() { OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr); }

BioPtr memory(std::string_view bytes) {
  return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string hexadecimal(const unsigned char* bytes, size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (size_t i = 0; i < size; ++i) {
    out += kDigits[bytes[i] >> 4];
    out += kDigits[bytes[i] & 15];
  }
  return out;
}

std::string sha256(const unsigned char* bytes, int size) {
  if (!bytes || size <= 0) return {};
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes, static_cast<size_t>(size), digest.data());
  return hexadecimal(digest.data(), digest.size());
}

std::string name_text(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (!name || !out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  if (size <= 0) return {};
  return std::string(data, std::min(static_cast<size_t>(size), kMaxName));
}

std::string common_name(const X509_NAME* name) {
  const int at = name ? X509_NAME_get_index_by_NID(name, NID_commonName, -1) : -1;
  if (at < 0) return {};
  const ASN1_STRING* data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  const int size = data ? ASN1_STRING_length(data) : 0;
  if (size <= 0) return {};
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(data)),
                     std::min(static_cast<size_t>(size), kMaxName));
}

std::optional<base::CivilTime> civil_time(const ASN1_TIME* time) {
  std::tm tm{};
  if (!time || ASN1_TIME_to_tm(time, &tm) != 1) return std::nullopt;
  return base::civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                     tm.tm_sec);
}

std::string address(const unsigned char* bytes, int size) {
  std::string out;
  if (size == 4) {
    for (int i = 0; i < 4; ++i) out += (i ? "." : "") + std::to_string(bytes[i]);
  } else if (size == 16) {
    for (int i = 0; i < 16; i += 2) {
      std::string group = hexadecimal(bytes + i, 2);
      group.erase(0, std::min(group.find_first_not_of('0'), size_t{3}));
      out += (i ? ":" : "") + group;
    }
  }
  return out;
}

void take_names(X509* x509, Certificate& out) {
  const NamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  if (!names) return;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()) && out.names.size() < kMaxNames; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) {
      const int size = ASN1_STRING_length(name->d.dNSName);
      if (size <= 0) continue;
      const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
      out.names.push_back(base::lower({data, std::min(static_cast<size_t>(size), kMaxName)}));
    } else if (name->type == GEN_IPADD) {
      std::string text =
          address(ASN1_STRING_get0_data(name->d.iPAddress), ASN1_STRING_length(name->d.iPAddress));
      if (!text.empty()) out.names.push_back(std::move(text));
    }
  }
}

// Has the authority information access a location of that method?
bool names(X509* x509, int method) {
  using AccessPtr = std::unique_ptr<AUTHORITY_INFO_ACCESS, Deleter<AUTHORITY_INFO_ACCESS_free>>;
  const AccessPtr access(static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(x509, NID_info_access, nullptr, nullptr)));
  if (!access) return false;
  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i)
    if (OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(access.get(), i)->method) == method) return true;
  return false;
}

std::string serial(const X509* x509) {
  const ASN1_INTEGER* number = X509_get0_serialNumber(x509);
  if (!number || ASN1_STRING_length(number) <= 0 || ASN1_STRING_length(number) > 64) return {};
  std::string out =
      hexadecimal(ASN1_STRING_get0_data(number), static_cast<size_t>(ASN1_STRING_length(number)));
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

void take_key(X509* x509, Certificate& out) {
  unsigned char* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &encoded);
  out.public_key = sha256(encoded, size);
  OPENSSL_free(encoded);
  if (EVP_PKEY* key = X509_get0_pubkey(x509)) {
    const int id = EVP_PKEY_base_id(key);
    out.key_type = id == EVP_PKEY_RSA || id == EVP_PKEY_RSA_PSS ? "RSA"
                   : id == EVP_PKEY_EC                          ? "EC"
                   : OBJ_nid2sn(id)                             ? OBJ_nid2sn(id)
                                                                : "";
    out.key_bits = std::max(EVP_PKEY_bits(key), 0);
  }
}

Certificate describe(X509* x509) {
  Certificate out;
  out.subject = name_text(X509_get_subject_name(x509));
  out.issuer = name_text(X509_get_issuer_name(x509));
  out.common_name = common_name(X509_get_subject_name(x509));
  out.not_before = civil_time(X509_get0_notBefore(x509));
  out.not_after = civil_time(X509_get0_notAfter(x509));
  out.serial = serial(x509);
  take_names(x509, out);
  take_key(x509, out);
  const int signature = X509_get_signature_nid(x509);
  if (const char* name = OBJ_nid2ln(signature); name && signature != NID_undef) {
    out.signature = name;
    int digest = NID_undef;
    if (OBJ_find_sigid_algs(signature, &digest, nullptr) == 1 && digest != NID_undef)
      out.digest = base::lower(OBJ_nid2sn(digest));
  }
  unsigned char* encoded = nullptr;
  const int size = i2d_X509(x509, &encoded);
  out.fingerprint = sha256(encoded, size);
  OPENSSL_free(encoded);
  out.authority = X509_check_ca(x509) == 1;
  out.names_issuer = names(x509, NID_ad_ca_issuers);
  out.names_responder = names(x509, NID_ad_OCSP);
  return out;
}

// A PEM block with its lines BEGIN and END.
std::optional<Certificate> from_pem_block(std::string_view block) {
  if (block.size() > kMaxBlock) return std::nullopt;
  const BioPtr bio = memory(block);
  const X509Ptr x509(bio ? PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!x509) return std::nullopt;
  return describe(x509.get());
}

int no_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

}  // namespace

std::optional<Certificate> parse_certificate_der(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > kMaxBlock) return std::nullopt;
  prepare();
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
  std::optional<Certificate> out;
  if (x509) out = describe(x509.get());
  ERR_clear_error();
  return out;
}

CertificateBundle parse_certificates(std::string_view bytes) {
  constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";
  CertificateBundle out;
  prepare();
  size_t blocks = 0;
  std::string_view rest = bytes;
  for (size_t at = rest.find(kBegin); at != std::string_view::npos && blocks < kMaxBlocks;
       at = rest.find(kBegin), ++blocks) {
    rest.remove_prefix(at);
    const std::string_view label =
        rest.substr(kBegin.size(), std::min(rest.find(kDashes, kBegin.size()), size_t{80}) -
                                       std::min(kBegin.size(), size_t{80}));
    const bool certificate =
        label == "CERTIFICATE" || label == "TRUSTED CERTIFICATE" || label == "X509 CERTIFICATE";
    if (base::contains(label, "PRIVATE KEY")) ++out.keys;
    if (base::contains(label, "CERTIFICATE REQUEST")) ++out.requests;
    const size_t end = rest.find(kEnd);
    if (end == std::string_view::npos) {
      if (certificate) ++out.broken;
      break;
    }
    const size_t stop = std::min(rest.find('\n', end), rest.size());
    if (certificate) {
      std::string block(rest.substr(0, stop));
      block += '\n';
      if (auto parsed = from_pem_block(block))
        out.certificates.push_back(std::move(*parsed));
      else
        ++out.broken;
    }
    rest.remove_prefix(stop);
  }
  ERR_clear_error();
  if (blocks == 0 && bytes.size() > 2 && bytes[0] == '\x30')
    if (auto der = parse_certificate_der(bytes)) out.certificates.push_back(std::move(*der));
  if (out.certificates.empty() && out.broken == 0) out.certificates = parse_certificate_text(bytes);
  return out;
}

KeyIdentity identify_private_key(std::string& bytes) {
  KeyIdentity out;
  prepare();
  {
    const BioPtr bio = memory(bytes);
    KeyPtr key(bio && bytes.size() <= kMaxBlock
                   ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, &out.encrypted)
                   : nullptr);
    if (!key && !out.encrypted && bytes.size() <= kMaxBlock && bytes.starts_with('\x30')) {
      const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
      key.reset(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(bytes.size())));
    }
    if (key) {
      unsigned char* encoded = nullptr;
      const int size = i2d_PUBKEY(key.get(), &encoded);
      out.public_key = sha256(encoded, size);
      OPENSSL_free(encoded);
    }
  }
  ERR_clear_error();
  OPENSSL_cleanse(bytes.data(), bytes.size());
  bytes.clear();
  return out;
}

bool covers(const Certificate& certificate, std::string_view server_name) {
  const std::string name = base::lower(server_name);
  const auto matches = [&](std::string_view pattern) {
    if (pattern == name) return true;
    if (!pattern.starts_with("*.")) return false;
    const size_t dot = name.find('.');
    return dot != std::string::npos && dot > 0 &&
           std::string_view(name).substr(dot) == pattern.substr(1);
  };
  if (certificate.names.empty()) return matches(base::lower(certificate.common_name));
  return std::any_of(certificate.names.begin(), certificate.names.end(), matches);
}

}  // namespace ngxdiag::parse
