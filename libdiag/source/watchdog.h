// Bounded waiting: a hung network mount or a process stuck in the kernel must not hang the scan.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace ngxdiag::source {

// What `work` gives, or empty when it took longer than `limit`. Then it is left to its fate on its
// own thread: it must own all it touches (capture by value). The kernel's own waits in question
// (mmap_lock, NFS) end when the program does.
template <class T>
std::optional<T> within(std::chrono::milliseconds limit, std::function<T()> work) {
  struct Shared {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<T> result;
  };
  const auto shared = std::make_shared<Shared>();
  try {
    std::thread([shared, work = std::move(work)] {
      T result = work();
      const std::lock_guard<std::mutex> lock(shared->mutex);
      shared->result = std::move(result);
      shared->done.notify_one();
    }).detach();
  } catch (const std::system_error&) {
    return std::nullopt;  // no thread to be had: as good as no answer
  }
  std::unique_lock<std::mutex> lock(shared->mutex);
  shared->done.wait_for(lock, limit, [&] { return shared->result.has_value(); });
  return std::move(shared->result);
}

}  // namespace ngxdiag::source
