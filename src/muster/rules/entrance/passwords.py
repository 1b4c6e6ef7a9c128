"""What a password must be: long, not one that everybody tries first, not the name it belongs to.

After NIST SP 800-63B, section 5.1.1.2: a minimum length, a list of common ones, and no rules about kinds of letters.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable

SHORTEST = 12
LONGEST = 256
"""Characters; hashing more would let a stranger keep the machine busy."""

_GUESSED = """
adminadmin changeme changemenow correcthorsebatterystaple football iloveyou letmein letmeinplease login master monkey
mustermuster opensesame passphrase password passwort princess qwertyuiop qwertzuiop secret sunshine superman test
trustno1 welcome whatever 1q2w3e4r5t6y 1qaz2wsx3edc q1w2e3r4t5y6 zaq12wsx
"""

COMMON = frozenset(_GUESSED.split())
"""Words of which, with digits and signs around them or repeated, most guessed passwords are made."""

LEFT = 4
"""Letters that must be left of a password when common words, or the own name, are taken out."""

_SWAPPED = str.maketrans("013457@$!", "oieastasi")
"""Digits and signs that people write for letters, and attackers try."""


def faults_of(password: str, names: Iterable[str] = ()) -> str:
    """Return what is wrong with a password, in words that end with what to do; empty where nothing is.

    Parameters
    ----------
    password
        As it was typed.
    names
        The actor's id, and what else is known of the person: none of it may be the password.
    """
    if len(password) < SHORTEST:
        return f"a password has {SHORTEST} characters or more, and this one has {len(password)}: take a few words"
    if len(password) > LONGEST:
        return f"a password has at most {LONGEST} characters: take fewer"
    plain = password.casefold()
    if len(set(plain)) < 5 or _runs(plain):
        return "this password repeats or counts: take a few words that do not belong together"
    if _made_of(COMMON, plain):
        return "this password is among the first that anybody tries: take a few words that do not belong together"
    if _made_of({name.casefold() for name in names if len(name) > 2}, plain):
        return "this password is little more than the name it belongs to: take a few words that do not belong together"
    return ""


def _made_of(words: Collection[str], plain: str) -> bool:
    """Tell whether hardly a letter is left when these words are taken out, also where digits stand for letters."""
    return any(_hollow(words, form) for form in (plain, plain.translate(_SWAPPED)))


def _hollow(words: Collection[str], form: str) -> bool:
    left = form
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != form and sum(map(str.isalpha, left)) < LEFT


def _runs(plain: str) -> bool:
    """Tell whether it only counts up or down, as in 123456789012 or abcdefghijkl."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(plain)}
    return len(steps & {1, -1}) > 0 and steps <= {1, -1, -9, 9}
