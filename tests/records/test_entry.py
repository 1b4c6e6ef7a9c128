from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.records.canonical import canonical
from muster.records.entry import Entry

AT = datetime(2026, 11, 23, 10, 0, 0, 250000, tzinfo=UTC)
ENTRY = Entry("thing.done", "thing:1", "local:ada", AT, {"b": [1, 0.5], "a": None})
RAW = (
    b'{"actor":"local:ada","at":"2026-11-23T10:00:00.250000Z","body":{"a":null,"b":[1,0.5]},'
    b'"kind":"thing.done","subject":"thing:1","v":1}'
)


def test_an_entry_has_one_form_in_bytes() -> None:
    assert ENTRY.to_bytes() == RAW
    assert Entry.from_bytes(RAW) == ENTRY


def test_the_same_moment_elsewhere_is_the_same_entry() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=8)))
    assert Entry("thing.done", "thing:1", "local:ada", elsewhere, ENTRY.body).to_bytes() == RAW


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e30, 1e30) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ENTRIES = st.builds(
    Entry,
    kind=st.text(min_size=1, max_size=9),
    subject=st.text(min_size=1, max_size=9),
    actor=st.text(max_size=9),
    at=st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - zone beside
    body=st.dictionaries(st.text(max_size=5), JSON, max_size=4),
)


@given(ENTRIES)
def test_every_entry_comes_back(entry: Entry) -> None:
    raw = entry.to_bytes()
    again = Entry.from_bytes(raw)
    assert again == entry
    assert again.to_bytes() == raw


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"kind": 7},
        {"subject": None},
        {"actor": ["ada"]},
        {"at": 5},
        {"at": "yesterday"},
        {"at": "2026-11-23T10:00:00Z"},
        {"body": [1]},
        {"body": "text"},
        {"v": 2},
    ],
)
def test_other_json_is_no_entry(change: dict[str, Any]) -> None:
    fields = {"v": 1, "kind": "k", "subject": "s", "actor": "a", "at": "2026-11-23T10:00:00.000000Z", "body": {}}
    Entry.from_bytes(canonical(fields))
    with pytest.raises(ValueError, match="."):
        Entry.from_bytes(canonical({**fields, **change}))


@pytest.mark.parametrize(
    "raw", [RAW + b"\n", RAW.replace(b":1}", b":1.0}"), RAW.replace(b"0.5", b"5e-1"), b"[]", b"no"]
)
def test_only_the_canonical_form_is_read(raw: bytes) -> None:
    with pytest.raises(ValueError, match="."):
        Entry.from_bytes(raw)


def test_a_missing_field_is_refused() -> None:
    with pytest.raises(ValueError, match="exactly the fields"):
        Entry.from_bytes(b'{"actor":"a","body":{},"kind":"k","subject":"s","v":1}')


def test_the_person_is_who_is_meant_however_they_came_in() -> None:
    assert ENTRY.person == "ada"
    assert Entry("k", "s", "ada", AT, {}).person == "ada"


@pytest.mark.parametrize("actor", ["ana", "local:ana", "ana/nightly", "local:ana/nightly"])
def test_the_person_behind_an_actor_is_who_answers_for_it(actor: str) -> None:
    assert Entry("a.b", "c", actor, datetime(2026, 11, 23, tzinfo=UTC), {}).person == "ana"
