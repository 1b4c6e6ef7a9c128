"""Passwords by Argon2id (RFC 9106): slow to try for whoever steals the hashes, and as slow for names nobody has."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

AT_ONCE = 2
"""Hashes computed side by side: each takes 64 MiB, and who knocks a hundred times must not fill the memory."""


class Argon2:
    """Argon2id with the parameters that RFC 9106, section 4, recommends where memory is short: 3 passes, 64 MiB."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self.hashed(secrets.token_urlsafe())

    def hashed(self, password: str) -> str:
        """Return the hash with its salt and parameters, in the PHC string format."""
        with self._turn:
            return self._hasher.hash(password)

    def matches(self, kept: str, password: str) -> bool:
        """Tell whether it is the password; where nothing is kept, compare with nobody's hash, and say no."""
        with self._turn:
            try:
                self._hasher.verify(kept or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return bool(kept)

    def outdated(self, kept: str) -> bool:
        """Tell whether the hash has other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)
