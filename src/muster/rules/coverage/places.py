"""Places: where laws bind, and whether a use case acts there; one list of names for the whole library."""

from __future__ import annotations

from collections.abc import Sequence

_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"

EU_MEMBERS = frozenset(_MEMBERS.split())
"""Countries in which the law of the European Union binds; ISO 3166-1."""

_STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR "
    "PA RI SC SD TN TX UT VA VT WA WI WV WY"
)

PLACES = frozenset(
    {"EU", "US", "US-NY-NYC", "AU", "BR", "CA", "CH", "CN", "GB", "IN", "JP", "KR", "NO", "SG", "TW"}
    | EU_MEMBERS
    | {f"US-{state}" for state in _STATES.split()}
)
"""Every place that a clause, a regime or a control may name: ISO 3166 codes, the Union, and New York City."""


def bound(asked: Sequence[str], acts: Sequence[str]) -> tuple[bool, str]:
    """Tell whether rules of some places bind who acts in others, with a sentence.

    Who says no more than a country may act in any part of it: nobody escapes a rule by leaving a fact out.

    Parameters
    ----------
    asked
        Places of the rule; none: it knows no borders.
    acts
        Places of the use case.
    """
    if not asked:
        return True, "it knows no borders"
    for place in asked:
        if inside := next((own for own in acts if _within(own, place)), ""):
            return True, f"acts in {inside}" if inside == place else f"acts in {inside}, which is in {place}"
    for place in asked:
        if wider := next((own for own in acts if _within(place, own) and not _parts(own, acts)), ""):
            return True, f"acts in {wider}, without saying whether {place} is left out"
    return False, f"binds in {', '.join(asked)}; it acts in {', '.join(acts) or 'no place that it names'}"


def _within(place: str, other: str) -> bool:
    """Tell whether a place is another, or a part of it."""
    return place == other or place.startswith(f"{other}-") or (other == "EU" and place.partition("-")[0] in EU_MEMBERS)


def _parts(whole: str, acts: Sequence[str]) -> bool:
    """Tell whether the parts of a place in which something acts are named, so that it acts in no others."""
    return any(own != whole and _within(own, whole) for own in acts)
