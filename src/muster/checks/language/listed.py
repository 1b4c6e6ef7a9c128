"""The checks of language models, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.language.answer_profile import answer_profile
from muster.checks.language.package_hallucination import package_hallucination

LANGUAGE = (package_hallucination, answer_profile)
