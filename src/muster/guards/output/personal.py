"""Personal data: what has a form and a check digit; names and addresses have neither and are not found here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muster.guards.output.found import Found

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w-])")
_RESERVED = re.compile(
    r"(?:.*\.)?(?:example(?:\.\w+)?|test|invalid|localhost|yourdomain\.\w+|domain\.com|email\.com)", re.IGNORECASE
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
_DIGITS = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])")
_CARD = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}"
)
_SOCIAL = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")


def find(text: str) -> Iterator[Found]:
    """Yield e-mail addresses, bank accounts, payment cards and social security numbers of the United States."""
    for found in _EMAIL.finditer(text):
        if not _RESERVED.fullmatch(found[1]):
            yield Found("e-mail address", found.start(), found.end())
    for found in _IBAN.finditer(text):
        if account(found[0]):
            yield Found("bank account", found.start(), found.end())
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _CARD.fullmatch(digits) and luhn(digits):
            yield Found("payment card", found.start(), found.end())
    for found in _SOCIAL.finditer(text):
        yield Found("social security number", found.start(), found.end())


def account(text: str) -> bool:
    """Whether the check digits of an IBAN are right: moved to its end, it leaves 1 when divided by 97 (ISO 13616)."""
    bare = text.replace(" ", "")
    moved = bare[4:] + bare[:4]
    return 15 <= len(bare) <= 34 and int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def luhn(digits: str) -> bool:
    """Whether the check digit of a card is right (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
