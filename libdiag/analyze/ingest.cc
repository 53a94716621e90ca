#include "libdiag/analyze/ingest.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "libdiag/analyze/acme_settled.h"
#include "libdiag/analyze/process_table.h"
#include "libdiag/base/limits.h"
#include "libdiag/base/text.h"
#include "libdiag/model/fact.h"
#include "libdiag/parse/backtrace.h"
#include "libdiag/parse/listing.h"
#include "libdiag/parse/maps.h"
#include "libdiag/parse/module_list.h"
#include "libdiag/parse/ps.h"
#include "libdiag/source/recognise.h"
#include "libdiag/source/streams.h"

namespace ngxdiag::analyze {

using model::Kind;
using parse::Level;
using parse::Life;

namespace {

constexpr size_t kMaxLeading = 1000;

bool is_block_kind(Kind kind) {
  return kind == Kind::kConfig || kind == Kind::kPs || kind == Kind::kNginxVersion ||
         kind == Kind::kCertificate || kind == Kind::kRenewalConf || kind == Kind::kFirewall ||
         kind == Kind::kResolvConf;
}

// Of hooks and timers of ACME clients; the last is there only while systemd runs.
bool tells_of_renewals(std::string_view directory) {
  return base::contains(directory, "/renewal-hooks/") ||
         base::contains(directory, "/systemd/system");
}

// Of the signals only those that end the master at once: SIGTERM and SIGINT.
bool worth_keeping(const parse::LifeLine& line) {
  if (line.life == Life::kSignalReceived) return line.number == 15 || line.number == 2;
  return line.life != Life::kNone && line.life != Life::kExiting && line.life != Life::kExit;
}

// Lines of which an attacker would profit, and which only a master can write.
bool only_by_master(Life life) {
  return life == Life::kExitedOnSignal || life == Life::kExitedWithCode ||
         life == Life::kExitedFatal || life == Life::kZoneLocked;
}

}  // namespace

Ingest::Ingest(const std::vector<model::LinePattern>& patterns, base::CivilTime now)
    : patterns_(patterns), now_(now) {}

model::SourceRef Ingest::ref(std::string_view text, int64_t number, Kind kind) const {
  model::SourceRef out;
  out.kind = model::kind_name(kind);
  out.path = stats_->path;
  out.line = number;
  out.excerpt = base::shorten(text, model::kExcerptBytes);
  return out;
}

void Ingest::add(const source::Document& document) {
  model::Gap gap;
  const std::unique_ptr<source::ByteStream> stream = document.open ? document.open(gap) : nullptr;
  if (!stream) {
    if (gap.what.empty()) gap.what = document.path;
    digest_.gaps.push_back(gap);
    return;
  }
  digest_.documents.push_back({document.path, {}, {}, {}});
  stats_ = &digest_.documents.back();
  kind_ = document.kind.value_or(Kind::kUnknown);
  forced_ = document.kind.has_value();
  listing_directory_.clear();
  tracker_ = {};
  connection_line_ = 0;
  past_ = false;
  last_time_.reset();
  long_lines_ = 0;

  std::string buffer(base::kChunk, '\0');
  size_t held = stream->read(buffer.data(), buffer.size());
  const std::string_view head(buffer.data(), held);
  if (head.starts_with("\x7f"
                       "ELF") &&
      kind_ == Kind::kNginxVersion) {
    std::string bytes(head);
    for (size_t got; bytes.size() < base::kMaxBlockBytes &&
                     (got = stream->read(buffer.data(), buffer.size())) > 0;)
      bytes.append(buffer.data(), got);
    binary(std::move(bytes));
    return;
  }
  if (held == 0) {
    const auto fault = stream->gap();
    // The log that this nginx is known to write, and nothing in it: no trouble since the rotation.
    if (!fault && forced_ && kind_ == Kind::kErrorLog)
      digest_.seen.try_emplace(kind_, ref({}, 0, kind_));
    digest_.gaps.push_back(fault.value_or(model::Gap{document.path, "empty"}));
    return;
  }
  if (!forced_) {
    if (source::is_binary(head)) {
      digest_.gaps.push_back(
          {document.path, "not text: name its kind with --as KIND=FILE if it is a log after all"});
      return;
    }
    kind_ = source::recognise_text(head, document.path);
  }

  settled_line_ = 0;
  if (kind_ == Kind::kAcmeLog) look_ahead(document);
  int64_t number = 0;
  bool skipping = false;  // the rest of a line that is too long
  bool more = true;
  while (held > 0 || more) {
    std::string_view rest(buffer.data(), held);
    size_t end = 0;
    while ((end = rest.find('\n')) != std::string_view::npos) {
      std::string_view text = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      if (skipping) {
        skipping = false;
        continue;
      }
      if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
      if (text.size() > base::kMaxLineBytes) ++long_lines_;
      line(text.substr(0, base::kMaxLineBytes), ++number);
    }
    if (skipping) rest = {};
    if (rest.size() >= base::kMaxLineBytes || (!more && !rest.empty())) {
      const bool cut = rest.size() >= base::kMaxLineBytes;
      if (cut) ++long_lines_;
      if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
      line(rest.substr(0, base::kMaxLineBytes), ++number);
      skipping = cut;
      rest = {};
    }
    std::copy(rest.begin(), rest.end(), buffer.begin());
    held = rest.size();
    if (!more) break;
    const size_t got = stream->read(buffer.data() + held, buffer.size() - held);
    more = got > 0;
    held += got;
  }
  leading_bare_lines();
  flush_block();
  if (const auto fault = stream->gap()) digest_.gaps.push_back(*fault);
  if (long_lines_ > 0)
    digest_.gaps.push_back({document.path, base::plural(long_lines_, "line") + " longer than " +
                                               std::to_string(base::kMaxLineBytes >> 10) +
                                               " KiB: the rest was skipped"});
}

void Ingest::line(std::string_view text, int64_t number) {
  const Kind kind = forced_ ? kind_ : source::recognise_line(text, kind_);
  if (kind != kind_) {
    flush_block();
    kind_ = kind;
  }
  ++stats_->lines[kind];
  digest_.seen.try_emplace(kind, ref(text, number, kind));
  if (is_block_kind(kind)) {
    if (block_.first_line == 0) block_.first_line = number;
    if (block_.text.size() + text.size() < base::kMaxBlockBytes)
      block_.text.append(text).push_back('\n');
  }
  switch (kind) {
    case Kind::kErrorLog: return error_line(text, number);
    case Kind::kKernelLog: kernel_line(text, number); break;
    case Kind::kSystemd: system_line(text, number); break;
    case Kind::kAcmeLog:
      if (!acme_line(text, number)) return;  // it is over, for rules as well
      break;
    case Kind::kBacktrace: frame_line(text, number); break;
    case Kind::kListing: listing_line(text, number); break;
    case Kind::kSockets: socket_line(text, number); break;
    case Kind::kModules: listed_line(text, number); break;
    case Kind::kMaps:
      if (const auto file = parse::parse_mapped_file(text))
        digest_.mapped.push_back({std::string(file->path), file->deleted, ref(text, number, kind)});
      break;
    case Kind::kLimits:
      if (const auto limit = parse::parse_limit(text, "Max open files")) {
        digest_.nofile = *limit;
        digest_.nofile_ref = ref(text, number, kind);
      }
      break;
    default: break;
  }
  match(text, {}, number, 0, {});
}

void Ingest::flush_block() {
  if (block_.first_line == 0) return;
  Block block;
  std::swap(block, block_);
  const model::SourceRef at = ref({}, block.first_line, kind_);
  if (kind_ == Kind::kConfig) {
    // Blank lines in front keep the line numbers of a fragment inside a mixed paste.
    const std::string padded =
        std::string(static_cast<size_t>(block.first_line - 1), '\n') + block.text;
    digest_.configs.push_back({parse::parse_config(padded, stats_->path), at});
  } else if (kind_ == Kind::kNginxVersion) {
    if (const auto build = parse::parse_nginx_build(block.text)) {
      digest_.build = *build;
      digest_.build_ref = at;
      digest_.build_ref.excerpt =
          base::shorten(block.text.substr(0, block.text.find('\n')), model::kExcerptBytes);
    }
  } else if (kind_ == Kind::kCertificate) {
    parse::CertificateBundle bundle = parse::parse_certificates(block.text);
    if (!bundle.certificates.empty() && digest_.given_certificates.size() < base::kMaxRecords)
      digest_.given_certificates.push_back({std::move(bundle), at});
  } else if (kind_ == Kind::kRenewalConf) {
    settings_block(block.text, at);
  } else if (kind_ == Kind::kFirewall) {
    if (digest_.firewalls.size() < base::kMaxRecords)
      digest_.firewalls.push_back({parse::parse_firewall(block.text), at});
  } else if (kind_ == Kind::kResolvConf) {
    if (digest_.resolv_confs.size() < base::kMaxRecords)
      digest_.resolv_confs.push_back({parse::parse_resolv_conf(block.text), at});
  } else if (kind_ == Kind::kPs) {
    const auto rows = parse::parse_ps(block.text, now_);
    if (const auto counted = parse::parse_process_count(block.text)) {
      digest_.counted = counted->count;
      digest_.counted_ref = at;
      digest_.counted_ref.line = block.first_line + counted->line - 1;
      digest_.counted_ref.excerpt = std::to_string(counted->count);
    }
    for (model::Process& process : processes_from_ps(rows, at))
      digest_.processes.push_back(std::move(process));
    if (!rows.empty()) {
      digest_.process_table = true;
      if (digest_.process_ref.path.empty()) digest_.process_ref = at;
    }
  }
}

void Ingest::settings_block(const std::string& text, model::SourceRef at) {
  if (digest_.acme_files.size() >= base::kMaxRecords) return;
  AcmeFile file;
  file.ref = std::move(at);
  file.action = parse::parse_hook(text);
  file.script = text.starts_with("#!");
  const std::string_view path = file.ref.path;
  if (base::contains(path, "cron")) {
    file.schedules = parse::parse_acme_crontab(text);
  } else if (path.ends_with("domains.txt")) {
    file.settings.client = "dehydrated";
    std::string_view rest = text;
    while (!rest.empty() && file.names.size() < base::kMaxRecords) {
      const auto words = base::words(base::take_line(rest));
      if (!words.empty() && !words.front().starts_with('#')) file.names.emplace_back(words.front());
    }
  } else if (!file.script) {
    file.settings = parse::parse_acme_settings(text);
  }
  digest_.acme_files.push_back(std::move(file));
}

void Ingest::binary(std::string bytes) {
  const std::string text = parse::build_text_from_binary(bytes);
  if (const auto build = parse::parse_nginx_build(text)) {
    digest_.build = *build;
    digest_.build_ref = {std::string(model::kind_name(Kind::kNginxVersion)), stats_->path};
    digest_.build_ref.excerpt =
        base::shorten(text.substr(0, text.find('\n')), model::kExcerptBytes);
    digest_.seen.try_emplace(Kind::kNginxVersion, digest_.build_ref);
  }
}

void Ingest::error_line(std::string_view text, int64_t number) {
  const size_t order = ++order_;
  const bool suspect = !tracker_.begins_record(text);
  const auto parsed = parse::parse_error_line(text);
  if (!parsed) {
    if (parse::is_forged_tail(text))
      disbelieve_since(connection_line_);
    else if (!suspect && since_ && !last_time_ && leading_.size() < kMaxLeading)
      leading_.push_back({std::string(text), number, order});
    else if (!suspect)
      bare_line(text, number, order);
    return;
  }
  if (parsed->connection != 0) connection_line_ = number;
  if (parsed->time) {
    last_time_ = parsed->time;
    if (!suspect) {
      if (!stats_->first) stats_->first = parsed->time;
      stats_->last = parsed->time;
    }
  }
  past_ = is_history(last_time_, parsed->pid);
  if (!leading_.empty()) leading_bare_lines();
  if (past_) {
    const parse::LifeLine life = parse::parse_life(parsed->message);
    if (life.life == Life::kExitedOnSignal && !suspect) {
      ++digest_.past_deaths;
      digest_.past_ref = ref(text, number, Kind::kErrorLog);
      digest_.past_ref.time = last_time_;
    }
    return;
  }
  const Level level = parsed->level;
  if (level == Level::kNotice || level == Level::kAlert || level == Level::kCrit ||
      level == Level::kNone) {
    const parse::LifeLine life = parse::parse_life(parsed->message);
    if (life.life != Life::kNone) {
      if (suspect) {
        ++digest_.forged_count;
        if (digest_.forged.size() < base::kMaxForgedKept)
          digest_.forged.push_back({life.life, parsed->time, std::string(life.subject), life.child,
                                    life.number, life.core, parsed->pid, order,
                                    ref(text, number, Kind::kErrorLog)});
        return;  // it counts as nothing, for rules too
      }
      life_line(*parsed, text, number);
    }
  }
  if (suspect) return;
  if ((level == Level::kEmerg || level == Level::kAlert) &&
      digest_.troubles.size() < base::kMaxTroubles &&
      parse::parse_life(parsed->message).life == Life::kNone)
    digest_.troubles.push_back({level, parsed->time, parsed->pid, parsed->stderr_form,
                                base::shorten(parsed->message, model::kExcerptBytes),
                                ref(text, number, Kind::kErrorLog)});
  match(text, parse::level_name(level), number, parsed->pid, parsed->time);
}

bool Ingest::is_history(const std::optional<base::CivilTime>& time, int64_t pid) const {
  if (!since_ || !time || *time >= doubtful_) return false;
  if (*time < *since_) return true;
  return pid != 0 &&
         std::none_of(digest_.processes.begin(), digest_.processes.end(),
                      [&](const model::Process& process) { return process.pid == pid; });
}

// A client sent what stands between a record's first line and its rest, whatever it looks like.
void Ingest::disbelieve_since(int64_t number) {
  while (number > 0 && !digest_.life.empty() && digest_.life.back().ref.path == stats_->path &&
         digest_.life.back().ref.line > number) {
    ++digest_.forged_count;
    if (digest_.forged.size() < base::kMaxForgedKept)
      digest_.forged.push_back(std::move(digest_.life.back()));
    digest_.life.pop_back();
  }
}

void Ingest::life_line(const parse::ErrorLine& parsed, std::string_view text, int64_t number) {
  const parse::LifeLine life = parse::parse_life(parsed.message);
  if (digest_.pids.size() < base::kMaxRecords) {
    Digest::PidRole& writer = digest_.pids[parsed.pid];
    switch (life.life) {
      case Life::kStartProcess: {
        writer.master = true;
        Digest::PidRole& child = digest_.pids[life.child];
        (life.subject.find("cache") != std::string_view::npos ? child.cache : child.worker) = true;
        break;
      }
      case Life::kStartWorkers:
      case Life::kReconfiguring:
      case Life::kStarted:
      case Life::kUpgrade: writer.master = true; break;
      case Life::kGraceful: writer.worker = writer.graceful = true; break;
      case Life::kSignalProcess: writer.signaller = true; break;
      default: break;
    }
  }
  if (!worth_keeping(life)) return;
  if (digest_.life.size() >= base::kMaxRecords) {
    ++digest_.life_dropped;
    return;
  }
  model::SourceRef at = ref(text, number, Kind::kErrorLog);
  at.time = parsed.time;
  at.pid = life.child ? life.child : parsed.pid;
  digest_.life.push_back({life.life, parsed.time, std::string(life.subject), life.child,
                          life.number, life.core, parsed.pid, order_, std::move(at)});
}

void Ingest::leading_bare_lines() {
  for (const BareLine& line : std::exchange(leading_, {}))
    bare_line(line.text, line.number, line.order);
}

void Ingest::bare_line(std::string_view text, int64_t number, size_t order) {
  if (past_) return;
  model::SourceRef at = ref(text, number, Kind::kErrorLog);
  at.time = last_time_;
  if (const auto assertion = parse::parse_assertion(text)) {
    if (digest_.aborts.size() < base::kMaxRecords)
      digest_.aborts.push_back({"assertion", std::string(assertion->title),
                                std::string(assertion->file), std::string(assertion->function),
                                std::string(assertion->expression), assertion->line, order,
                                last_time_, at});
  } else if (const std::string_view kind = parse::abort_text_kind(text); !kind.empty()) {
    if (digest_.aborts.size() < base::kMaxRecords)
      digest_.aborts.push_back({std::string(kind), {}, {}, {}, {}, 0, order, last_time_, at});
  } else if (const parse::LifeLine life = parse::parse_life(base::trim(text));
             life.life != Life::kNone) {
    parse::ErrorLine parsed;
    parsed.message = base::trim(text);
    parsed.bare = true;
    life_line(parsed, text, number);
  } else if (const auto frame = parse::parse_frame(text)) {
    frame_line(text, number);  // glibc prints its backtrace into the log
  }
  match(text, {}, number, 0, last_time_);
}

void Ingest::kernel_line(std::string_view text, int64_t number) {
  const auto parsed = parse::parse_kernel_line(text, now_);
  if (!parsed || is_history(parsed->time) || digest_.kernel.size() >= base::kMaxRecords) return;
  model::SourceRef at = ref(text, number, Kind::kKernelLog);
  at.time = parsed->time;
  at.pid = parsed->pid;
  digest_.kernel.push_back({parsed->kind, parsed->time, std::string(parsed->process),
                            std::string(parsed->object), std::string(parsed->trap), parsed->pid,
                            parsed->rss_bytes, parsed->address, parsed->ip, parsed->base,
                            parsed->error, std::move(at)});
}

void Ingest::system_line(std::string_view text, int64_t number) {
  kernel_line(text, number);  // journals mix kernel lines in
  const auto parsed = parse::parse_system_line(text, now_);
  const parse::UnitLine unit = parse::parse_unit(parsed ? parsed->message : base::trim(text));
  if (unit.event == parse::UnitEvent::kNone || digest_.units.size() >= base::kMaxRecords) return;
  if (parsed && is_history(parsed->time)) return;
  model::SourceRef at = ref(text, number, Kind::kSystemd);
  if (parsed) at.time = parsed->time;
  at.pid = unit.pid;
  digest_.units.push_back(
      {unit.event, at.time, std::string(unit.unit), std::string(unit.detail), unit.pid, at});
}

// Reads the log a first time, to learn up to where its failures have been mended since.
void Ingest::look_ahead(const source::Document& document) {
  model::Gap gap;
  const std::unique_ptr<source::ByteStream> stream = document.open(gap);
  if (!stream) return;
  AcmeSettlement settlement;
  std::string held;
  int64_t number = 0;
  for (std::string chunk; !(chunk = source::read_some(*stream, base::kChunk)).empty();) {
    held += chunk;
    std::string_view rest = held;
    for (size_t end = 0; (end = rest.find('\n')) != std::string_view::npos;) {
      ++number;
      if (const auto line = parse::parse_acme_line(rest.substr(0, end)))
        settlement.add(*line, number);
      rest.remove_prefix(end + 1);
    }
    if (rest.size() > base::kMaxLineBytes) return;  // lines are no longer counted as add() does
    held.erase(0, held.size() - rest.size());
  }
  const auto past = settlement.past();
  if (!past) return;
  settled_line_ = past->line;
  if (past->time && (!settled_ || *past->time > *settled_)) settled_ = past->time;
}

bool Ingest::acme_line(std::string_view text, int64_t number) {
  using parse::AcmeEvent;
  const auto parsed = parse::parse_acme_line(text);
  if (parsed && parsed->time) last_time_ = parsed->time;
  const bool over = number < settled_line_ || (settled_ && last_time_ && *last_time_ < *settled_);
  if (!parsed || digest_.acme.size() >= base::kMaxRecords) return !over;
  if (over && parsed->event != AcmeEvent::kRenewed && parsed->event != AcmeEvent::kReload)
    return false;
  if (parsed->event == AcmeEvent::kReload && is_history(last_time_)) return !over;
  model::SourceRef at = ref(text, number, Kind::kAcmeLog);
  at.time = last_time_;
  digest_.acme.push_back({parsed->event, last_time_, std::string(parsed->client),
                          std::string(parsed->domain), std::string(parsed->error_type),
                          parsed->http_status, at});
  return !over;
}

void Ingest::frame_line(std::string_view text, int64_t number) {
  const auto frame = parse::parse_frame(text);
  if (!frame) {
    if (const std::string_view file = parse::parse_frame_place(text);
        !file.empty() && !digest_.frames.empty() && digest_.frames.back().file.empty())
      digest_.frames.back().file = file;
    return;
  }
  if (digest_.frames.size() >= base::kMaxFrames) return;
  digest_.frames.push_back({frame->number, std::string(frame->function),
                            std::string(frame->arguments), std::string(frame->file),
                            std::string(frame->object), stats_->path.starts_with("/proc/"),
                            ref(text, number, Kind::kBacktrace)});
}

void Ingest::listing_line(std::string_view text, int64_t number) {
  if (const std::string_view directory = parse::parse_listing_directory(text); !directory.empty()) {
    listing_directory_ = directory;
    if (tells_of_renewals(directory) && digest_.listed_directories.size() < base::kMaxRecords)
      digest_.listed_directories.try_emplace(listing_directory_, ref(text, number, Kind::kListing));
    return;
  }
  const auto row = parse::parse_listing_row(text, now_);
  if (!row) return;
  if (tells_of_renewals(listing_directory_) && digest_.listed_files.size() < base::kMaxRecords) {
    digest_.listed_files.push_back({listing_directory_, std::string(row->name),
                                    std::string(row->mode), std::string(row->target),
                                    ref(text, number, Kind::kListing)});
    return;
  }
  if (digest_.links.size() >= base::kMaxRecords) return;
  const bool of_modules = base::contains(listing_directory_, "modules-enabled") ||
                          base::contains(row->name, "modules-enabled") ||
                          base::contains(row->target, "modules-available");
  if (!of_modules) return;
  std::string directory = listing_directory_;
  std::string name(row->name);
  if (const size_t slash = name.rfind('/'); slash != std::string::npos) {
    directory = name.substr(0, slash);
    name.erase(0, slash + 1);
  }
  digest_.links.push_back(
      {directory, name, std::string(row->target), ref(text, number, Kind::kListing)});
}

void Ingest::socket_line(std::string_view text, int64_t number) {
  constexpr size_t kMaxPeers = 10000;
  if (text.find("udp") != std::string_view::npos) digest_.udp_sockets_seen = true;
  auto parsed = parse::parse_socket_line(text);
  if (!parsed) {
    // The kernel's own table, which has every UDP socket that could answer names.
    if (text.starts_with("Netid State")) digest_.udp_sockets_seen = true;
    return;
  }
  using Is = parse::SocketLine::Is;
  const model::SourceRef at = ref(text, number, Kind::kSockets);
  if (parsed->is == Is::kListener) {
    if (digest_.sockets.size() < base::kMaxRecords)
      digest_.sockets.push_back({std::move(*parsed), at});
    return;
  }
  if (digest_.time_wait_ref.path.empty()) digest_.time_wait_ref = at;
  if (parsed->is == Is::kPortRange) digest_.local_ports = parsed->last - parsed->first + 1;
  if (parsed->is == Is::kTimeWaitTotal) digest_.time_wait_total = parsed->count;
  if (parsed->is != Is::kTimeWait) return;
  const std::string peer = parsed->address + ":" + std::to_string(parsed->port);
  if (digest_.time_wait.size() < kMaxPeers || digest_.time_wait.count(peer))
    digest_.time_wait[peer] += parsed->count;
}

void Ingest::listed_line(std::string_view text, int64_t number) {
  const auto item = parse::parse_listed_module(text);
  if (!item || digest_.listed.size() >= base::kMaxRecords) return;
  model::SourceRef at = ref(text, number, Kind::kModules);
  at.time = item->upgraded;
  digest_.listed.push_back({std::string(item->name), std::string(item->version),
                            std::string(item->previous), item->upgraded, at});
}

// The rules besides leftovers that met the line, "a b c".
std::string Ingest::others() const {
  std::string ids;
  std::string_view last;  // patterns of one rule stand together
  for (const Matcher::Match& found : matches_) {
    const model::LinePattern& pattern = patterns_[found.pattern];
    const std::string_view rule = std::string_view(pattern.id).substr(0, pattern.id.find('/'));
    if (pattern.leftover || rule == last) continue;
    last = rule;
    if (!ids.empty()) ids += ' ';
    ids += rule;
  }
  return ids;
}

void Ingest::match(std::string_view text, std::string_view level, int64_t number, int64_t pid,
                   std::optional<base::CivilTime> time) {
  std::unique_ptr<Matcher>& matcher = matchers_[kind_];
  if (!matcher) matcher = std::make_unique<Matcher>(patterns_, kind_);
  matcher->find(text, level, matches_);
  for (const Matcher::Match& found : matches_) {
    model::PatternHit& hit = digest_.hits[found.pattern];
    bool first = hit.count++ == 0;
    if (patterns_[found.pattern].leftover) {
      const std::string also = others();
      // A line of this rule's alone says more than one that others have met too.
      if (also.empty() && hit.beside.count(also) == 0) first = true;
      if (hit.beside.size() < model::PatternHit::kMaxBeside) hit.beside.insert(also);
    }
    if (first) {
      hit.captures.clear();
      for (const std::string_view capture : found.captures)
        hit.captures.emplace_back(base::shorten(capture, model::kExcerptBytes));
    }
    if (found.captures.size() > 1 && !found.captures[1].empty() && !hit.more_values) {
      std::string value = base::shorten(found.captures[1], model::kExcerptBytes);
      if (hit.values.size() < model::PatternHit::kMaxValues)
        hit.values.insert(std::move(value));
      else
        hit.more_values = hit.values.count(value) == 0;
    }
    if (first || hit.refs.size() < model::FactSet::kMaxRefs) {
      model::SourceRef at = ref(text, number, kind_);
      at.pid = pid;
      at.time = time;
      if (hit.refs.size() == model::FactSet::kMaxRefs) hit.refs.pop_back();
      hit.refs.insert(first ? hit.refs.begin() : hit.refs.end(), std::move(at));
    }
    if (time) {
      if (!hit.first || *time < *hit.first) hit.first = time;
      if (!hit.last || *time > *hit.last) hit.last = time;
    }
    if (pid && hit.pids.size() < model::PatternHit::kMaxPids &&
        std::find(hit.pids.begin(), hit.pids.end(), pid) == hit.pids.end())
      hit.pids.push_back(pid);
  }
}

void Ingest::set_processes(const std::vector<model::Process>& processes) {
  digest_.processes = processes;
  digest_.process_table = true;
  digest_.process_ref = {"proc", "/proc"};
}

void Ingest::add_config(ConfigPiece piece) {
  digest_.seen.try_emplace(Kind::kConfig, piece.ref);
  digest_.configs.push_back(std::move(piece));
}

void Ingest::add_certificates(CertificateEvidence found) {
  for (model::Gap& gap : found.gaps) note(std::move(gap));
  found.gaps.clear();
  CertificateEvidence& all = digest_.certificates;
  const auto append = [](auto& to, auto& from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  };
  append(all.certificates, found.certificates);
  append(all.others, found.others);
  append(all.served, found.served);
}

Digest Ingest::finish(bool masters_differ) {
  // A master that lives now wrote its own life-cycle lines; a worker never writes them.
  std::optional<base::CivilTime> since;
  std::vector<int64_t> masters;
  if (!masters_differ)
    for (const model::Process& process : digest_.processes)
      if (process.role == model::Role::kMaster && process.ref.kind == "proc") {
        masters.push_back(process.pid);
        if (process.started && (!since || *process.started < *since)) since = process.started;
      }
  const auto forged = [&](const LifeEvent& event) {
    if (!only_by_master(event.life) || event.writer == 0) return false;
    if (std::find(masters.begin(), masters.end(), event.writer) != masters.end()) return false;
    const auto role = digest_.pids.find(event.writer);
    const bool was_master = role != digest_.pids.end() && role->second.master;
    if (role != digest_.pids.end() && role->second.worker && !was_master) return true;
    return since && event.time && *event.time > *since && !was_master;
  };
  std::vector<LifeEvent> kept;
  kept.reserve(digest_.life.size());
  for (LifeEvent& event : digest_.life) {
    if (!forged(event)) {
      kept.push_back(std::move(event));
      continue;
    }
    ++digest_.forged_count;
    if (digest_.forged.size() < base::kMaxForgedKept) digest_.forged.push_back(std::move(event));
  }
  digest_.life = std::move(kept);
  stats_ = nullptr;
  return std::move(digest_);
}

}  // namespace ngxdiag::analyze
