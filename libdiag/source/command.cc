#include "libdiag/source/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "libdiag/source/rooted.h"

namespace ngxdiag::source {
namespace {

using Clock = std::chrono::steady_clock;

class CommandStream : public ByteStream {
 public:
  CommandStream(pid_t pid, Descriptor out, std::chrono::milliseconds limit, std::string what)
      : pid_(pid), out_(std::move(out)), end_(Clock::now() + limit), what_(std::move(what)) {}

  ~CommandStream() override {
    // It may still be writing, or hang: nobody reads it any more.
    ::kill(pid_, SIGKILL);
    // A child stuck in the kernel does not die at once, and is not worth waiting for.
    for (int tries = 0; tries < 25 && ::waitpid(pid_, nullptr, WNOHANG) == 0; ++tries)
      ::poll(nullptr, 0, 2);
  }
  CommandStream(const CommandStream&) = delete;
  CommandStream& operator=(const CommandStream&) = delete;

  size_t read(char* out, size_t size) override {
    while (!done_ && size > 0) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
      pollfd waiting{out_.get(), POLLIN, 0};
      const int ready = left > 0 ? ::poll(&waiting, 1, static_cast<int>(left)) : 0;
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) {
        done_ = true;
        gap_ = model::Gap{what_, "took too long: what it printed so far was read"};
        return 0;
      }
      const ssize_t count = ::read(out_.get(), out, size);
      if (count < 0 && errno == EINTR) continue;
      if (count > 0) return static_cast<size_t>(count);
      done_ = true;
    }
    return 0;
  }
  std::optional<model::Gap> gap() const override { return gap_; }

 private:
  pid_t pid_;
  Descriptor out_;
  Clock::time_point end_;
  std::string what_;
  bool done_ = false;
  std::optional<model::Gap> gap_;
};

}  // namespace

Opener command_output(std::vector<std::string> argv, std::chrono::milliseconds limit,
                      std::string what) {
  return [argv = std::move(argv), limit,
          what = std::move(what)](model::Gap& gap) -> std::unique_ptr<ByteStream> {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
      gap = {what, why_errno(errno)};
      return nullptr;
    }
    Descriptor out(ends[0]), in(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, in.get(), 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments;
    for (const std::string& word : argv) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const char* environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
                                 "SYSTEMD_PAGER=", "SYSTEMD_COLORS=0", nullptr};
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, argv.front().c_str(), &actions, nullptr, arguments.data(),
                                    const_cast<char* const*>(environment));
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
      gap = {what, argv.front() + " cannot be run: " + why_errno(error)};
      return nullptr;
    }
    return std::make_unique<CommandStream>(pid, std::move(out), limit, what);
  };
}

}  // namespace ngxdiag::source
