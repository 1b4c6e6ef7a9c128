from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import Founded
from tests.walk import Walked

from muster.lifecycle.library.reading import day_of, end_of, known_version, library_on, versions_that_matter
from muster.records.codec import decode, encode
from muster.records.policy import Library
from muster.wiring.control import Local


def test_a_day_is_today_or_one_that_is_named(walked: Walked) -> None:
    context = walked.context()
    assert day_of(context, "") == f"{walked.clock():%Y-%m-%d}"
    assert day_of(context, "2027-12-02") == "2027-12-02"
    with pytest.raises(ValueError, match="'soon' is no day"):
        day_of(context, "soon")
    assert end_of("2027-12-31") == datetime(2028, 1, 1, tzinfo=UTC)


def test_the_library_of_a_day_is_the_one_adopted_by_then_and_before_any_the_first(walked: Walked) -> None:
    first = library_on(walked.context(), day_of(walked.context(), ""))
    walked.clock.offset = timedelta(days=5)
    walked.do("ana", "library adopt", library={**encode(first), "notice": "Newer."})
    context = walked.context()
    assert library_on(context, day_of(context, "")).notice == "Newer."
    assert library_on(context, f"{walked.clock() - timedelta(days=2):%Y-%m-%d}") == first
    assert library_on(context, "2001-01-01") == first


def test_a_house_without_a_library_says_what_to_do(founded: Founded) -> None:
    desk = Local(founded.open(), "admin")
    for asked in ("control list", "regime list", "coverage upcoming", "library show"):
        with pytest.raises(LookupError, match="no library was adopted yet: muster library adopt"):
            desk.call(asked, {}, lambda _: None)
    assert desk.call("library list", {}, lambda _: None) == ()


def test_all_that_is_known_of_a_version_is_gathered(walked: Walked) -> None:
    known = known_version(walked.context(), walked.version, "production")
    assert known.packages == (walked.package,)
    assert known.training is not None
    assert [each.name for each in known.deployments] == ["credit"]
    assert known.entries > 10
    assert known.outside == ()


def test_released_versions_matter_and_where_there_is_none_the_newest(walked: Walked) -> None:
    other = walked.sibling()
    assert versions_that_matter(walked.context(), "consumer-credit") == (walked.version,)
    walked.clock.offset = timedelta(days=400)
    assert versions_that_matter(walked.context(), "consumer-credit") == (other,)
    assert versions_that_matter(walked.context(), "none") == ()


def test_a_library_in_a_ledger_reads_back_as_it_was(walked: Walked) -> None:
    held = library_on(walked.context(), "2027-01-01")
    assert decode(Library, encode(held)) == held
