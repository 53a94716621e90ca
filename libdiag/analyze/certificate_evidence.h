// What the configuration's certificates and keys look like on disk, and what is served in their
// place: read once, judged by certificates.cc. Private keys are read only to hash their public
// half.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libdiag/base/time.h"
#include "libdiag/model/gap.h"
#include "libdiag/model/source_ref.h"
#include "libdiag/parse/certificate.h"
#include "libdiag/parse/nginx_config.h"
#include "libdiag/source/evidence.h"

namespace ngxdiag::analyze {

// Certificates in a document that was handed over.
struct GivenCertificates {
  parse::CertificateBundle bundle;
  model::SourceRef ref;
};

enum class FileState { kUnknown, kRead, kMissing, kDangling, kHidden };

// A file that a directive names.
struct NamedFile {
  std::string path;     // as nginx resolves it
  std::string written;  // as the directive has it
  std::string directive;
  FileState state = FileState::kUnknown;    // kUnknown: nothing could be looked at
  std::string link;                         // where its last symbolic link points, as written
  uint32_t mode = 0, uid = 0;               // of the file behind the links
  std::optional<base::CivilTime> modified;  // of the file or of the link to it, the later one
  model::SourceRef ref;                     // the directive
};

struct NamedCertificate {
  NamedFile file;
  parse::CertificateBundle bundle;
  NamedFile key;  // path empty: none is named
  parse::KeyIdentity key_identity;
  bool key_read = false;
  std::vector<std::string> server_names;  // of the servers that present it, as written
  bool presented = false;                 // by a server; else used towards an upstream
  std::optional<std::string> newer;       // certbot: a later generation in archive/
};

// A socket of the configuration and what it serves for one name.
struct ServedCertificate {
  std::string address, name;       // "127.0.0.1:443"
  std::vector<std::string> paths;  // of the certificates that should be served
  std::optional<parse::Certificate> leaf;
  model::SourceRef ref;  // the listen
};

struct CertificateEvidence {
  std::vector<NamedCertificate> certificates;  // by path
  std::vector<NamedFile> others;  // ssl_trusted_certificate and the like: only that they are there
  std::vector<ServedCertificate> served;
  std::vector<model::Gap> gaps;
};

// `main_file` is the configuration's own path (relative names lie beside it, ngx_conf_full_name).
CertificateEvidence gather_certificates(const source::Evidence& evidence,
                                        const source::Instance& instance,
                                        const parse::Config& config, const std::string& main_file,
                                        const std::vector<GivenCertificates>& given);

}  // namespace ngxdiag::analyze
