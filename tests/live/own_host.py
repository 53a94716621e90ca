"""A host of its own for a test: private mounts, processes and network, gone when the test ends.

    sys.exit(own_host.run(lambda: scenario(), limit=120))

Inside, paths are those of any Debian host (/etc/nginx, /etc/letsencrypt, /var/log …), ports 80 and
443 are free, and `ngxdiag scan` sees no nginx but the staged one.  The directories of COVERED are
empty tmpfs; everything else is the real host's and is not written to.  When the process numbered
one inside ends, the kernel kills all others: nothing can be left behind.
"""
import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys
import tempfile
import time
import traceback

import stage

COVERED = ("/run", "/var/log", "/etc/nginx", "/etc/letsencrypt", "/etc/dehydrated",
           "/var/lib/dehydrated", "/etc/cron.d")
CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET = 0x00020000, 0x20000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
PR_SET_PDEATHSIG = 1
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
LIBC = ctypes.CDLL(None, use_errno=True)


def _call(name, *arguments):
    if getattr(LIBC, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise stage.Unavailable(f"{name} is not permitted here: {os.strerror(number)}")


def _mount(what, where, kind, flags=0):
    _call("mount", what.encode(), where.encode(), kind.encode(), ctypes.c_ulong(flags), None)


def _keep_mounts_private():
    """What is mounted from here on must not reach the host.

    In a chroot "/" is no mount point and cannot be made private; a bind mount inside shows in
    /proc/self/mountinfo whether its parent is shared.
    """
    try:
        _mount("none", "/", "", MS_REC | MS_PRIVATE)
        return
    except stage.Unavailable:
        pass
    with tempfile.TemporaryDirectory() as probe:
        _mount(probe, probe, "", MS_BIND)
        with open("/proc/self/mountinfo", encoding="utf-8") as file:
            own = [line for line in file if line.split()[4].endswith(probe)]
        LIBC.umount2(probe.encode(), 2)
    if not own or any(" shared:" in line for line in own):
        raise stage.Unavailable("mounts made here would be seen by the host")


def _loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def _furnish():
    _keep_mounts_private()
    for path in COVERED:
        if os.path.isdir(path):
            _mount("tmpfs", path, "tmpfs")
            os.chmod(path, 0o755)
    _mount("proc", "/proc", "proc")
    os.mkdir("/run/lock")
    os.mkdir("/var/log/nginx")
    if os.path.exists("/dev/kmsg"):
        _mount("/dev/null", "/dev/kmsg", "", MS_BIND)  # crashes of other tests are not ours
    _loopback_up()


def _first_process(scenario, limit):
    """The init of the inner host: prepares it, starts the test and reaps whoever is left over."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        _furnish()
    except (stage.Unavailable, OSError) as reason:
        print(f"skipped: {reason}", flush=True)
        return stage.SKIPPED
    test = os.fork()
    if test == 0:
        status = 70
        try:
            status = scenario()
        except SystemExit as leaving:
            print(leaving, flush=True)
        except BaseException:  # the report of a failed stage must reach the log
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(status)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == test:
            return os.waitstatus_to_exitcode(status)
        if pid == 0:
            time.sleep(0.05)
    print(f"the stage outlived its {limit} s", flush=True)
    return 70


def run(scenario, limit):
    """Runs `scenario` inside; its exit code, or SKIPPED with the reason printed."""
    if os.geteuid() != 0:
        print("skipped: only root can have mounts and a network of its own", flush=True)
        return stage.SKIPPED
    sys.stdout.flush()
    try:
        _call("unshare", CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET)
    except stage.Unavailable as reason:
        print(f"skipped: {reason}", flush=True)
        return stage.SKIPPED
    child = os.fork()
    if child == 0:
        os._exit(_first_process(scenario, limit))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 70
