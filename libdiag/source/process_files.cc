#include "libdiag/source/process_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "libdiag/base/text.h"
#include "libdiag/source/proc_table.h"
#include "libdiag/source/streams.h"
#include "libdiag/source/watchdog.h"

namespace ngxdiag::source {
namespace {

using model::Gap;
using model::Kind;

constexpr auto kFileLimit = std::chrono::milliseconds(400);
constexpr size_t kBinary = 64u << 20;
constexpr size_t kProcFile = 8u << 20;

// "254:0 /": device and directory of what is mounted at "/", which others may read too.
std::string root_mount(const std::string& mountinfo) {
  std::string out;
  std::string_view rest = mountinfo;
  while (!rest.empty()) {
    const auto words = base::words(base::take_line(rest));
    if (words.size() > 5 && words[4] == "/")
      out = std::string(words[2]) + " " + std::string(words[3]);
  }
  return out;
}

std::string why_empty(const std::string& process, const std::string& name) {
  if (::access(process.c_str(), F_OK) != 0) return "nothing to read: the process is gone";
  if (::geteuid() != 0) return "permission denied: run as root";
  // proc_pid_stack() of the kernel's fs/proc/base.c asks for it; root in a container, or with
  // bounded capabilities, may lack it.
  return name == "stack" ? "permission denied: needs the capability CAP_SYS_ADMIN"
                         : "nothing to read";
}

}  // namespace

std::string directory_of(const std::string& proc, int64_t pid) {
  return proc + "/" + std::to_string(pid);
}

// A file of one process; reading it may block when the process is stuck in the kernel.
Document process_file(const std::string& proc, int64_t pid, const std::string& name, Kind kind) {
  const std::string path = directory_of(proc, pid) + "/" + name;
  const std::string shown = "/proc/" + std::to_string(pid) + "/" + name;
  const std::string process = directory_of(proc, pid);
  return {shown, kind, [path, shown, process, name](Gap& gap) -> std::unique_ptr<ByteStream> {
            auto text =
                within<std::string>(kFileLimit, [path] { return proc_text(path, kProcFile); });
            if (!text)
              gap = {shown, "the process is stuck in the kernel and did not answer"};
            else if (text->empty())
              gap = {shown, why_empty(process, name)};
            else
              return memory_stream(std::make_shared<const std::string>(std::move(*text)));
            return nullptr;
          }};
}

// The running program itself, which is there also when the file was replaced or removed.
Document running_binary(const std::string& proc, int64_t pid) {
  const std::string path = directory_of(proc, pid) + "/exe";
  const std::string shown = "/proc/" + std::to_string(pid) + "/exe";
  return {shown, Kind::kNginxVersion, [path, shown](Gap& gap) -> std::unique_ptr<ByteStream> {
            const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
            if (fd >= 0) return descriptor_stream(fd, kBinary, shown);
            gap = {shown, why_errno(errno)};
            return nullptr;
          }};
}

// Its mount namespace is another, or its root was changed: only /proc/PID/root shows its files.
bool lives_elsewhere(const std::string& proc, int64_t pid) {
  const std::string directory = directory_of(proc, pid);
  const std::string own = proc_link(proc + "/self/ns/mnt");
  const std::string its = proc_link(directory + "/ns/mnt");
  if (!own.empty() && !its.empty() && own != its) return true;
  const std::string root = proc_link(directory + "/root");
  if (!root.empty() && root != "/") return true;
  if (!own.empty() && !its.empty()) return false;
  // Not root: the namespace is hidden, but a container's root is another mount.
  const std::string own_root = root_mount(proc_text(proc + "/self/mountinfo"));
  const std::string its_root = root_mount(proc_text(directory + "/mountinfo"));
  return !own_root.empty() && !its_root.empty() && own_root != its_root;
}

}  // namespace ngxdiag::source
