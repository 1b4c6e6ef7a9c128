"""Landlock: from here on this process can open only the files that it was granted.

System calls by number through ctypes; the numbers are the same on every architecture (Linux,
Documentation/userspace-api/landlock).
"""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_CREATE: Final = 444
_ADD: Final = 445
_RESTRICT: Final = 446
_BENEATH: Final = 1

_WRITE_FILE: Final = 1 << 1
_READ_FILE: Final = 1 << 2
_READ_DIR: Final = 1 << 3
_REMOVE_FILE: Final = 1 << 5
_REMOVE_DIR: Final = 1 << 4
_MAKE_DIR: Final = 1 << 7
_MAKE_REG: Final = 1 << 8
_TRUNCATE: Final = 1 << 14

_READ: Final = _READ_FILE | _READ_DIR
_WRITE: Final = _READ | _WRITE_FILE | _REMOVE_FILE | _REMOVE_DIR | _MAKE_DIR | _MAKE_REG | _TRUNCATE
_FILE: Final = _READ_FILE | _WRITE_FILE | _TRUNCATE
"""Rights that a rule about a single file may give."""
_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights each version of Landlock knows; 16 from version 5 on."""
_TCP: Final = 3
_SCOPES: Final = 3
"""Signals, and sockets without a path, stay inside."""


def confine(read: Iterable[Path], look: Iterable[Path], write: Iterable[Path]) -> int:
    """Restrict this process to these paths for good; return the Landlock version, 0 where the kernel has none.

    Parameters
    ----------
    read
        Files and folders to read, with everything beneath; those that do not exist are left out.
    look
        Folders that may be listed, with those beneath, but whose files stay closed.
    write
        Folders to read and write.

    Raises
    ------
    OSError
        Where the kernel has Landlock and yet refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1)) if platform.system() == "Linux" else 0
    if version <= 0:
        return 0
    handled = (1 << _RIGHTS.get(version, 16)) - 1
    words = (handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _checked(libc.syscall(_CREATE, struct.pack("QQQ", *words), ctypes.c_size_t(size), ctypes.c_uint(0)))
    try:
        for paths, rights in ((read, _READ), (look, _READ_DIR), (write, _WRITE)):
            for path in paths:
                _grant(libc, ruleset, path, rights & handled)
        zero = ctypes.c_ulong(0)
        _checked(libc.prctl(38, ctypes.c_ulong(1), zero, zero, zero))  # no new privileges, which Landlock asks for
        _checked(libc.syscall(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0)))
    finally:
        os.close(ruleset)
    return int(version)


def _grant(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _FILE
        rule = struct.pack("=Qi", rights, place)
        _checked(libc.syscall(_ADD, ctypes.c_int(ruleset), ctypes.c_int(_BENEATH), rule, ctypes.c_uint(0)))
    finally:
        os.close(place)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"the kernel refused the worker's file rules: {os.strerror(number)}")
    return answer
