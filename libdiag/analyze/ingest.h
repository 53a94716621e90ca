// The one pass over the evidence: each line is recognised, parsed once and matched once.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libdiag/analyze/digest.h"
#include "libdiag/analyze/matcher.h"
#include "libdiag/source/evidence.h"

namespace ngxdiag::analyze {

class Ingest {
 public:
  // `patterns` must outlive the object. `now` gives the year of syslog times.
  Ingest(const std::vector<model::LinePattern>& patterns, base::CivilTime now);

  // Reads the document to its end. What could not be read becomes a gap.
  void add(const source::Document& document);

  // The live process table of this nginx, when there is one.
  void set_processes(const std::vector<model::Process>& processes);
  void set_stopped() { digest_.stopped = true; }

  // What was logged before `time` is history: it is told as such and counts for nothing else. A
  // master that was started anew has none of the troubles of the one before it.
  // Start times are known to a second or two: up to `doubtful`, lines of pids that do not live are
  // taken for those of the master before.
  void ignore_before(base::CivilTime time, base::CivilTime doubtful) {
    since_ = time;
    doubtful_ = doubtful;
  }

  // A configuration resolved elsewhere, with its includes.
  void add_config(ConfigPiece piece);
  // What the configurations' certificates look like: the last thing to be looked at.
  void add_certificates(CertificateEvidence found);
  // What could not be looked at.
  void note(model::Gap gap) { digest_.gaps.push_back(std::move(gap)); }
  // What is known so far: the build, before the configuration is looked for.
  const Digest& peek() const { return digest_; }

  // Life-cycle lines that no master can have written are moved to `forged` here. `masters_differ`
  // says that the log's pids are of another pid namespace than the table's (a container).
  Digest finish(bool masters_differ);

 private:
  struct Block {
    std::string text;
    int64_t first_line = 0;
  };
  void line(std::string_view text, int64_t number);
  void flush_block();
  void error_line(std::string_view text, int64_t number);
  void disbelieve_since(int64_t number);
  bool is_history(const std::optional<base::CivilTime>& time, int64_t pid = 0) const;
  void leading_bare_lines();
  void bare_line(std::string_view text, int64_t number, size_t order);
  void life_line(const parse::ErrorLine& parsed, std::string_view text, int64_t number);
  void kernel_line(std::string_view text, int64_t number);
  void system_line(std::string_view text, int64_t number);
  void look_ahead(const source::Document& document);
  bool acme_line(std::string_view text, int64_t number);
  void frame_line(std::string_view text, int64_t number);
  void settings_block(const std::string& text, model::SourceRef at);
  void listing_line(std::string_view text, int64_t number);
  void socket_line(std::string_view text, int64_t number);
  void listed_line(std::string_view text, int64_t number);
  std::string others() const;
  void match(std::string_view text, std::string_view level, int64_t number, int64_t pid,
             std::optional<base::CivilTime> time);
  void binary(std::string bytes);
  model::SourceRef ref(std::string_view text, int64_t number, model::Kind kind) const;

  const std::vector<model::LinePattern>& patterns_;
  std::map<model::Kind, std::unique_ptr<Matcher>> matchers_;
  std::unique_ptr<Matcher> any_matcher_;  // for text of unknown kind: it may be anything
  std::vector<Matcher::Match> matches_;
  base::CivilTime now_;
  std::optional<base::CivilTime> since_;
  base::CivilTime doubtful_ = 0;
  std::optional<base::CivilTime> settled_;  // and so do older logs, from before this time
  bool past_ = false;  // the last line with a time was history: what stands bare behind it is too
  Digest digest_;

  // State of the document being read.
  DocumentStats* stats_ = nullptr;
  model::Kind kind_ = model::Kind::kUnknown;
  bool forced_ = false;
  Block block_;
  std::string listing_directory_;
  parse::RecordTracker tracker_;
  // Bare lines at the head of the file, until a line with a time tells whether they are history.
  struct BareLine {
    std::string text;
    int64_t number;
    size_t order;
  };
  std::vector<BareLine> leading_;
  int64_t settled_line_ = 0;     // lines of this ACME log before it tell of what is over
  int64_t connection_line_ = 0;  // number of the last line that told of a connection
  std::optional<base::CivilTime> last_time_;
  size_t order_ = 0;
  int64_t long_lines_ = 0;
};

}  // namespace ngxdiag::analyze
