"""What the process of a query may not do: use a network, run programs, write files, grow.

The limits are set after the snapshot is open and before the first query is read. On Linux a
seccomp filter refuses the calls by number, in all threads; elsewhere the bound on open files
leaves no descriptor for a socket. The guard refuses SERVICE before that; this is the second lock.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable

try:
    import resource
except ImportError:  # pragma: no cover - Windows has no such limits
    resource = None  # type: ignore[assignment]

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | EPERM
_LOAD, _EQUAL, _ABOVE, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF: ld abs, jeq, jge, ret

# Numbers of calls per machine: audit architecture, seccomp itself, and what is refused.
_MACHINES = {
    "x86_64": (
        0xC000003E,
        317,
        {
            "socket": 41,
            "connect": 42,
            "sendto": 44,
            "sendmsg": 46,
            "bind": 49,
            "listen": 50,
            "socketpair": 53,
            "fork": 57,
            "vfork": 58,
            "execve": 59,
            "ptrace": 101,
            "execveat": 322,
            "io_uring_setup": 425,
        },
    ),
    "aarch64": (
        0xC00000B7,
        277,
        {
            "ptrace": 117,
            "socket": 198,
            "socketpair": 199,
            "bind": 200,
            "listen": 201,
            "connect": 203,
            "sendto": 206,
            "sendmsg": 211,
            "execve": 221,
            "execveat": 281,
            "io_uring_setup": 425,
        },
    ),
}
_FIRST_X32_CALL = 0x40000000


def confine(memory: int, *, writing: bool = False, calling: bool = False) -> list[str]:
    """Give up what a query never needs; return the names of the locks that hold.

    `memory` is what may be allocated from now on, in bytes. An update may go on writing files, and
    what asks other endpoints may go on using the network.
    """
    locks = []
    if resource is not None:
        _limit("RLIMIT_CORE", 0)
        if not writing:
            _limit("RLIMIT_FSIZE", 0)
            locks.append("no-writing")
        if sys.platform == "linux":
            _limit("RLIMIT_AS", _mapped() + memory)
            locks.append("memory")
    if sys.platform == "linux" and _die_with_owner():
        locks.append("no-orphan")
    if calling:
        return locks
    if sys.platform == "linux" and _filter_calls():
        locks.append("no-network")
    elif resource is not None and not writing:
        _take_descriptors()
        locks.append("no-descriptors")
    return locks


def _limit(name: str, value: int) -> None:
    number = getattr(resource, name)
    hard = resource.getrlimit(number)[1]
    lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(number, (lowered, lowered))


def _take_descriptors() -> None:
    """Leave no free descriptor; the snapshot's files are open by now."""
    taken = os.dup(0)
    _limit("RLIMIT_NOFILE", taken + 1)
    while True:
        try:
            os.dup(0)
        except OSError:
            return


def _mapped() -> int:
    with open("/proc/self/statm", encoding="ascii") as statistics:  # noqa: PTH123
        return int(statistics.read().split()[0]) * resource.getpagesize()


def _die_with_owner() -> bool:
    """Have the kernel end this process when its owner ends, however that comes about."""
    return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)


def _filter_calls() -> bool:
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    architecture, seccomp, refused = machine
    program = _program(architecture, refused.values())
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    rules = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(
        struct.pack("@HP", len(program) // 8, ctypes.addressof(rules))
    )
    done = kernel.syscall(
        seccomp, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(header)
    )
    return bool(done == 0)


def _program(architecture: int, refused: Iterable[int]) -> bytes:
    """Return the filter: another architecture and the listed calls are refused."""
    numbers = sorted(refused)
    rules = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE)]
    rules += [(_LOAD, 0, 0, 0), (_ABOVE, len(numbers) + 1, 0, _FIRST_X32_CALL)]
    for index, number in enumerate(numbers):
        rules.append((_EQUAL, len(numbers) - index, 0, number))
    rules += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("=HBBI", *rule) for rule in rules)
