import pytest

from muster.rules.coverage.places import PLACES, bound


@pytest.mark.parametrize(
    ("asked", "acts", "binds", "why"),
    [
        ((), ("TW",), True, "knows no borders"),
        (("EU",), ("EU",), True, "acts in EU"),
        (("EU",), ("DE",), True, "DE, which is in EU"),
        (("US",), ("US-CO",), True, "US-CO, which is in US"),
        (("US-CO",), ("US",), True, "without saying whether US-CO is left out"),
        (("US-CO",), ("US", "US-NY"), False, "binds in US-CO; it acts in US, US-NY"),
        (("US-NY-NYC",), ("US-NY",), True, "without saying"),
        (("EU",), ("GB", "CH"), False, "binds in EU"),
        (("EU",), (), False, "no place that it names"),
        (("US-MA", "US-NJ"), ("US-NJ",), True, "acts in US-NJ"),
    ],
)
def test_a_rule_binds_who_acts_in_its_place_or_may_do_so(
    asked: tuple[str, ...], acts: tuple[str, ...], binds: bool, why: str
) -> None:
    found, words = bound(asked, acts)
    assert found is binds
    assert why in words


def test_the_list_has_the_union_its_members_and_the_states() -> None:
    assert {"EU", "DE", "US", "US-CO", "US-NY-NYC", "GB"} <= PLACES
    assert "UK" not in PLACES
    assert sum(place.startswith("US-") for place in PLACES) == 52
