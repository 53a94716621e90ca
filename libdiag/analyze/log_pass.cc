#include "libdiag/analyze/log_pass.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "libdiag/analyze/log_blocks.h"

namespace ngxdiag::analyze {
namespace {

constexpr unsigned kMostThreads = 8;
constexpr size_t kBlocksPerThread = 3;
// Of the first blocks every line's client, upstream and host counts, of later ones every sixteenth:
// the same whatever the threads do.
constexpr size_t kFullBlocks = 32;
constexpr uint32_t kSampled = 16;

uint32_t sampling(size_t block) { return block < kFullBlocks ? 1 : kSampled; }

}  // namespace

struct LogPass::Shared {
  struct Job {
    LogBlock block;
    LogDigest digest;
    LogState state;  // behind the block, if what stood before it plays no part
  };

  std::optional<base::CivilTime> since, until;
  unsigned threads = 1;
  std::vector<std::unique_ptr<LogClassifier>> classifiers;  // one for each thread, and one more
  std::vector<std::unique_ptr<Job>> all;

  // Of one run.
  LogBlocks* blocks = nullptr;
  const Take* take = nullptr;
  LogState state;  // behind the last digest that was taken
  int64_t bytes = 0;

  std::mutex reading;  // guards blocks
  std::mutex mutex;    // guards what follows
  std::condition_variable changed;
  std::vector<Job*> idle;
  std::map<size_t, Job*> done;
  size_t next = 0;  // the block to be taken
  bool taking = false, stop = false, read_out = false;

  LogClassifier& classifier(size_t index) {
    if (!classifiers[index]) classifiers[index] = std::make_unique<LogClassifier>(since, until);
    return *classifiers[index];
  }

  // Takes a job's digest in. Only one thread does so at a time, in the order of the blocks.
  bool settle(Job& job) {
    if (!job.block.stands_alone || state.tracker.open()) {
      job.digest.clear();
      classifier(threads).classify(job.block.text(), state, sampling(job.block.number), job.digest);
    } else {
      if (state.time && job.state.time && job.digest.opening + 60 < *state.time) {
        ++job.digest.clock_back;
        job.digest.clock_steps.insert(job.digest.clock_steps.begin(),
                                      {*state.time, job.digest.opening});
      }
      if (!job.state.time) job.state.time = state.time;
      state = job.state;
    }
    job.digest.too_long += job.block.cut_lines;
    return (*take)(job.digest, job.block.read);
  }

  void work(size_t index) {
    LogClassifier& mine = classifier(index);
    for (;;) {
      Job* job = nullptr;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return !idle.empty() || stop || read_out; });
        if (stop || read_out) return;
        job = idle.back();
        idle.pop_back();
      }
      {
        const std::lock_guard lock(reading);
        if (read_out_by_reader || !blocks->next(job->block)) {
          read_out_by_reader = true;
          const std::lock_guard also(mutex);
          read_out = true;
          idle.push_back(job);
          changed.notify_all();
          return;
        }
      }
      job->digest.clear();
      job->state = LogState();
      job->state.inside = job->block.number > 0 || !since;
      if (job->block.stands_alone)
        mine.classify(job->block.text(), job->state, sampling(job->block.number), job->digest);
      std::unique_lock lock(mutex);
      done.emplace(job->block.number, job);
      if (taking) continue;
      taking = true;
      for (auto ready = done.find(next); ready != done.end() && !stop; ready = done.find(next)) {
        Job* const first = ready->second;
        done.erase(ready);
        lock.unlock();
        const bool goes_on = settle(*first);
        lock.lock();
        ++next;
        idle.push_back(first);
        if (!goes_on) stop = true;
        changed.notify_all();
      }
      taking = false;
    }
  }

  bool read_out_by_reader = false;  // guarded by reading
};

LogPass::LogPass(unsigned threads, std::optional<base::CivilTime> since,
                 std::optional<base::CivilTime> until)
    : shared_(std::make_unique<Shared>()) {
  shared_->since = since;
  shared_->until = until;
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  shared_->threads = std::min(threads, kMostThreads);
  shared_->classifiers.resize(shared_->threads + 1);
}

LogPass::~LogPass() = default;

int64_t LogPass::bytes() const { return shared_->bytes; }

bool LogPass::run(std::string_view head, source::ByteStream& stream, const Take& take,
                  const LineSink& sink) {
  Shared& all = *shared_;
  LogBlocks blocks(head, stream);
  all.state = LogState();
  all.state.inside = !all.since;
  if (sink) {
    LogBlock block;
    LogDigest digest;
    while (blocks.next(block)) {
      digest.clear();
      all.classifier(0).classify(block.text(), all.state, 1, digest, sink);
      digest.too_long += block.cut_lines;
      all.bytes = blocks.bytes();
      if (!take(digest, block.read)) return false;
    }
    return true;
  }
  while (all.all.size() < all.threads * kBlocksPerThread)
    all.all.push_back(std::make_unique<Shared::Job>());
  all.idle.clear();
  for (const auto& job : all.all) all.idle.push_back(job.get());
  all.done.clear();
  all.next = 0;
  all.taking = all.stop = all.read_out = all.read_out_by_reader = false;
  all.blocks = &blocks;
  all.take = &take;
  std::vector<std::thread> others;
  for (unsigned i = 1; i < all.threads; ++i) others.emplace_back([&all, i] { all.work(i); });
  all.work(0);
  for (std::thread& other : others) other.join();
  all.bytes = blocks.bytes();
  return !all.stop;
}

}  // namespace ngxdiag::analyze
