"""Seccomp: a filter that takes the network, new processes and all that ``calls`` lists away from this process.

Written as classic BPF through ctypes, so that no library need be loaded before the walls stand. The filter cannot be
taken off again and holds for every thread that is started later (Linux, Documentation/userspace-api/seccomp_filter).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from muster.adapters.sandbox import calls

_NO_NEW_PRIVILEGES: Final = 38
_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2

_LOAD: Final = 0x20
_EQUAL: Final = 0x15
_AT_LEAST: Final = 0x35
_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_ERRNO: Final = 0x00050000
_KILL_PROCESS: Final = 0x80000000
_THREAD: Final = 0x00010000
"""CLONE_THREAD: a thread of this process rather than a new process."""
_FOREIGN_ABI: Final = 0x40000000
"""x86-64 system calls from here on are the x32 set, which would slip past the numbers below."""


class _Machine(NamedTuple):
    arch: int
    denied: tuple[int, ...]
    clone: int
    own_only: tuple[int, ...]
    """Allowed only where the first argument is this process: tgkill, prlimit64."""
    fcntl: int


_MACHINES: Final = {
    "x86_64": _Machine(
        arch=0xC000003E, denied=tuple(calls.numbers("x86_64").values()), clone=56, own_only=(234, 302), fcntl=72
    ),
    "aarch64": _Machine(
        arch=0xC00000B7, denied=tuple(calls.numbers("aarch64").values()), clone=220, own_only=(131, 261), fcntl=25
    ),
}
_CLONE3: Final = 435
_SIGNALLING: Final = (8, 10, 15)
"""What fcntl may not do (F_SETOWN, F_SETSIG, F_SETOWN_EX): choose whom a pipe signals, and how: a kill by detour."""
_CAPABILITIES: Final = 0x20080522
"""Third version of the structure that capset reads: 64 bits in two halves."""
_FILE_RIGHTS: Final = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: root reads its libraries by them, and Landlock still says which."""


def confine() -> bool:
    """Deny network, processes and spying to this process for good; return False where this machine cannot.

    Raises
    ------
    OSError
        Where the kernel knows seccomp and yet refuses the filter.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None or platform.system() != "Linux":
        return False
    program = b"".join(_program(machine))
    buffer = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    if libc.prctl(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), zero, zero, zero) != 0:
        return False
    if libc.prctl(_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), header, zero, zero) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS):  # built without seccomp
        return False
    raise OSError(number, f"the kernel refused the worker's filter: {os.strerror(number)}")


def drop_rights() -> None:
    """Give up what root may do beyond its files, where the control plane runs as root: clocks, mounts, raised limits.

    Raises
    ------
    OSError
        Where the kernel refuses.
    """
    if platform.system() != "Linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, held = struct.pack("Ii", _CAPABILITIES, 0), ctypes.create_string_buffer(24)
    if libc.capget(header, held) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"the kernel does not tell the worker's rights: {os.strerror(number)}")
    effective, permitted, _, *_ = struct.unpack("6I", held.raw)
    kept = struct.pack("6I", effective & _FILE_RIGHTS, permitted & _FILE_RIGHTS, 0, 0, 0, 0)
    if libc.capset(header, kept) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"the kernel refused to take rights from the worker: {os.strerror(number)}")


def _program(machine: _Machine) -> Iterator[bytes]:
    yield _step(_LOAD, 4)  # architecture
    yield _step(_EQUAL, machine.arch, then=1)
    yield _step(_RETURN, _KILL_PROCESS)
    yield _step(_LOAD, 0)  # number of the system call
    if machine.arch == _MACHINES["x86_64"].arch:
        yield from _when(_AT_LEAST, _FOREIGN_ABI, _ERRNO | errno.EPERM)
    for number in machine.denied:
        yield from _when(_EQUAL, number, _ERRNO | errno.EPERM)
    yield from _when(_EQUAL, _CLONE3, _ERRNO | errno.ENOSYS)  # its flags are out of reach; libc then takes clone
    yield _step(_EQUAL, machine.clone, otherwise=4)
    yield _step(_LOAD, 16)  # first argument, low half
    yield _step(_ANY_BIT, _THREAD, then=1)
    yield _step(_RETURN, _ERRNO | errno.EPERM)
    yield _step(_RETURN, _ALLOW)
    yield _step(_EQUAL, machine.fcntl, otherwise=6)
    yield _step(_LOAD, 24)  # second argument, low half
    for command in _SIGNALLING:
        yield _step(_EQUAL, command, then=3 - _SIGNALLING.index(command))
    yield _step(_RETURN, _ALLOW)
    yield _step(_RETURN, _ERRNO | errno.EPERM)
    for number in machine.own_only:
        yield _step(_EQUAL, number, otherwise=5)
        yield _step(_LOAD, 16)
        yield _step(_EQUAL, 0, then=2)
        yield _step(_EQUAL, os.getpid(), then=1)
        yield _step(_RETURN, _ERRNO | errno.EPERM)
        yield _step(_RETURN, _ALLOW)
    yield _step(_RETURN, _ALLOW)


def _when(test: int, value: int, answer: int) -> Iterator[bytes]:
    yield _step(test, value, otherwise=1)
    yield _step(_RETURN, answer)


def _step(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)
