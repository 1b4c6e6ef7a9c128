"""What seals the log on disk, where there is a key for that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muster.adapters.vault.frames import FrameCipher


def cipher_of(keys: Path | None) -> FrameCipher | None:
    """Return what seals and opens with the keys of a file; None where none is named."""
    if keys is None:
        return None
    from muster.adapters.vault.frames import FrameCipher

    return FrameCipher.load(keys)
