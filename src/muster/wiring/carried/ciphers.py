"""What seals the log on disk, where there are keys for that: in a file, in the environment, or printed by a program."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING, Final

from muster.settings import Settings

if TYPE_CHECKING:
    from muster.adapters.vault.frames import FrameCipher

SOURCES: Final = ("log_encryption_key", "log_encryption_command", "log_encryption_keys")
"""Settings that say where the keys are, one of them at most."""

PATIENCE_S: Final = 60.0
"""How long a program that prints keys may take."""


def cipher_of(settings: Settings) -> FrameCipher | None:
    """Return what seals and opens with the keys that the settings name; None where they name none.

    Raises
    ------
    OSError
        Where the keys cannot be had; PermissionError where others may read their file.
    ValueError
        Where they are none, or more than one setting says where they are. What was read is never repeated.
    """
    given = [name for name in SOURCES if getattr(settings, name)]
    if not given:
        return None
    if len(given) > 1:
        msg = f"the log's keys are named by {' and by '.join(given)}: say one of them"
        raise ValueError(msg)
    from muster.adapters.vault.frames import FrameCipher

    if settings.log_encryption_key is not None:
        return FrameCipher.load(settings.log_encryption_key)
    if settings.log_encryption_command:
        return FrameCipher.read(_printed(settings.log_encryption_command), "log_encryption_command")
    return FrameCipher.read(settings.log_encryption_keys.encode(), "log_encryption_keys")


def _printed(command: str) -> bytes:
    """Return what a program prints; what it says of itself goes where our own lines go."""
    try:
        words = shlex.split(command)
        done = subprocess.run(  # noqa: S603 - the operator's own words, without a shell
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired, IndexError) as error:
        why = f"took more than {PATIENCE_S:g} seconds" if isinstance(error, subprocess.TimeoutExpired) else str(error)
        msg = f"log_encryption_command printed no keys: {why}"
        raise OSError(msg) from None
    if done.returncode:
        msg = f"log_encryption_command ended with exit code {done.returncode}: run it by hand to see why"
        raise OSError(msg)
    return done.stdout
