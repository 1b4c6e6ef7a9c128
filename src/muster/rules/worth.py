"""Worth: what the outcomes of decisions are worth, in words, as a use case states it; what is not said is no zero."""

from __future__ import annotations

from muster.records.purpose import Value

CHECK = "performance.value"
"""The check that computes the expected value."""
UNSTATED = "not stated: what outcomes are worth is not known, so that no expected value is computed"

OUTCOMES = ("true_positive", "false_positive", "true_negative", "false_negative")


def outcomes_in_words(value: Value | None) -> str:
    """Say what each outcome is worth, with its currency; that it is not stated where it is not."""
    if value is None:
        return UNSTATED
    said = [f"{name.replace('_', ' ')} {getattr(value, name):,g}" for name in OUTCOMES]
    said += [f"each call {value.per_call:,g}"] * bool(value.per_call)
    return f"{', '.join(said)} {value.currency}"
