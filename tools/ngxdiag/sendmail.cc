#include "tools/ngxdiag/sendmail.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "libdiag/base/error.h"
#include "libdiag/base/text.h"

namespace ngxdiag::tools {
namespace {

using Clock = std::chrono::steady_clock;

// Where the Linux Standard Base has it.
constexpr const char* kSendmail = "/usr/sbin/sendmail";
// A mail system that queues takes milliseconds; one that delivers at once talks to a server.
constexpr std::chrono::seconds kPatience(60);
constexpr std::chrono::milliseconds kBetween(20);

[[noreturn]] void cannot_send(const std::string& program, const std::string& why) {
  throw base::UserError("the mail is not sent: " + base::printable(program) + " " + why,
                        "ngxdiag report", {}, "the report itself is written",
                        "see the log of the mail system, or name another with --sendmail");
}

// Gives `text` to `fd`, which does not block. False when nobody reads it to the end in time.
bool feed(int fd, std::string_view text, Clock::time_point until) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count > 0) {
      text.remove_prefix(static_cast<size_t>(count));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return false;
    if (Clock::now() >= until) return false;
    struct pollfd writable {
      fd, POLLOUT, 0
    };
    ::poll(&writable, 1, static_cast<int>(kBetween.count()));
  }
  return true;
}

pid_t start(const std::vector<std::string>& argv, int input) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // main() ignores SIGPIPE; a mail system may count on it.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t pid = 0;
  const int error =
      ::posix_spawn(&pid, argv.front().c_str(), &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) cannot_send(argv.front(), std::string("cannot be run: ") + std::strerror(error));
  return pid;
}

// The exit status as waitpid() gives it; empty when it had to be killed.
std::optional<int> end_of(pid_t pid, Clock::time_point until) {
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (Clock::now() >= until) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, &status, 0);
      return std::nullopt;
    }
    std::this_thread::sleep_for(kBetween);
  }
  return status;
}

}  // namespace

const std::vector<Option> kMailOptions = {
    {"mail-to", 0, "ADDRESS", "mail it, through the system's sendmail; may be repeated"},
    {"mail-when", 0, "WHEN", "always (default), or changes: only when more than notes has changed",
     "always changes"},
    {"sendmail", 0, "PROGRAM", "the program that mails (default: /usr/sbin/sendmail)"},
};

Mailer::Mailer(const CommandLine& line)
    : to_(line.values("mail-to")), program_(line.value("sendmail").value_or(kSendmail)) {
  for (const std::string& address : to_)
    if (!render::mail_address(address))
      throw base::UserError("--mail-to: not an address: " + base::printable(address),
                            line.program(), {}, {}, "write for example root or ops@example.net");
  const std::string when = line.value("mail-when").value_or("always");
  if (when != "always" && when != "changes")
    throw base::UserError("--mail-when: unknown value " + base::printable(when), line.program(), {},
                          {}, "one of: always, changes");
  only_changes_ = when == "changes";
  if (to_.empty() && (line.has("mail-when") || line.has("sendmail")))
    throw base::UserError("mail to whom?", line.program(), {}, {}, "add --mail-to ADDRESS");
  if (only_changes_ && !line.has("history"))
    throw base::UserError("--mail-when changes: there is nothing to compare with", line.program(),
                          {}, {}, "add --history FILE");
  if (!program_.starts_with('/'))
    throw base::UserError("--sendmail: not a whole path: " + base::printable(program_),
                          line.program(), {}, {}, "write for example /usr/sbin/sendmail");
}

void Mailer::send(render::Mail mail) const {
  mail.to = to_;
  // -i: a line with a dot alone does not end the message. No -t: what the headers say of
  // recipients is not obeyed.
  std::vector<std::string> argv = {program_, "-i"};
  argv.insert(argv.end(), to_.begin(), to_.end());
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) cannot_send(program_, std::strerror(errno));
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  pid_t pid = 0;
  try {
    pid = start(argv, ends[0]);
  } catch (...) {
    ::close(ends[0]);
    ::close(ends[1]);
    throw;
  }
  ::close(ends[0]);
  const Clock::time_point until = Clock::now() + kPatience;
  const bool taken = feed(ends[1], render::mail_message(mail), until);
  ::close(ends[1]);
  const std::optional<int> status = end_of(pid, until);
  if (!status) cannot_send(program_, "takes too long");
  if (WIFSIGNALED(*status))
    cannot_send(program_, "died on signal " + std::to_string(WTERMSIG(*status)));
  if (WEXITSTATUS(*status) != 0)
    cannot_send(program_, "ended with exit code " + std::to_string(WEXITSTATUS(*status)));
  if (!taken) cannot_send(program_, "did not read all of it");
}

}  // namespace ngxdiag::tools
