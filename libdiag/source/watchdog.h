// Bounded waiting: a hung network mount or a process stuck in the kernel must not hang the scan.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

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

// The items after work(item) on each. An item that takes longer than `limit` stays as it was and
// the next ones go on elsewhere; after the third such item the rest stays undone. `undone` counts
// them. `make_work` is called once a thread, so that what one left behind shares nothing with its
// successor.
template <class T>
std::vector<T> each_within(std::chrono::milliseconds limit, std::vector<T> items,
                           std::function<std::function<void(T&)>()> make_work, size_t& undone) {
  constexpr size_t kMostLeftBehind = 3;
  struct Shared {
    std::mutex mutex;
    std::condition_variable done;
    std::vector<T> items;
    size_t next = 0;
    size_t turn = 0;  // whose work counts: a thread that was given up on finds a later one
  };
  const auto shared = std::make_shared<Shared>();
  const size_t size = items.size();
  shared->items = std::move(items);
  undone = 0;
  std::unique_lock<std::mutex> lock(shared->mutex);
  while (shared->next < size) {
    try {
      std::thread([shared, size, turn = shared->turn, begin = shared->next, make_work] {
        const std::function<void(T&)> work = make_work();
        for (size_t i = begin; i < size; ++i) {
          std::unique_lock<std::mutex> mine(shared->mutex);
          if (shared->turn != turn) return;
          T item = shared->items[i];
          mine.unlock();
          work(item);
          mine.lock();
          if (shared->turn != turn) return;
          shared->items[i] = std::move(item);
          shared->next = i + 1;
          shared->done.notify_one();
        }
      }).detach();
    } catch (const std::system_error&) {
      undone += size - shared->next;
      break;
    }
    for (size_t seen = shared->next;
         shared->done.wait_for(lock, limit, [&] { return shared->next != seen; });
         seen = shared->next)
      if (shared->next == size) break;
    if (shared->next == size) break;
    ++shared->turn;
    if (++undone >= kMostLeftBehind) {
      undone += size - shared->next - 1;
      break;
    }
    ++shared->next;
  }
  return shared->items;
}

}  // namespace ngxdiag::source
