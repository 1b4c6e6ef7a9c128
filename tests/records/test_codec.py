"""Every kind of record comes back from JSON, today by law and for ever by its golden file.

The law of evolution: a new field has a default, anything else is a new kind. When a kind gets a field, its golden file
stays and a second one, KIND.2.json, shows the new form.
"""

import dataclasses
import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.records.canonical import canonical, parse
from muster.records.codec import ADDED, KINDS, decode, encode, kind, kind_of, moment, stamp
from muster.records.entry import Entry
from muster.records.evidence import Evidence, Figure, Outcome
from muster.records.governance.terms import Selector
from muster.records.policy import Limit

for module in pkgutil.walk_packages([str(Path(inspect.getfile(Figure)).parent)], "muster.records."):
    importlib.import_module(module.name)

GOLDEN = Path(__file__).parent.parent / "golden"
FILES = sorted(GOLDEN.glob("*.json"))


def of_kind(name: str) -> list[Path]:
    """Golden files of a kind, the newest form last: KIND.json, KIND.2.json ..."""
    return sorted((file for file in FILES if kind_in(file) == name), key=lambda file: (len(file.name), file.name))


def kind_in(file: Path) -> str:
    stem = file.name.removesuffix(".json")
    head, _, tail = stem.rpartition(".")
    return head if tail.isdecimal() else stem


def test_every_kind_has_a_golden_file_and_every_file_a_kind() -> None:
    assert {kind_in(file) for file in FILES} == set(KINDS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_golden_entry_is_read_for_ever(file: Path) -> None:
    raw = file.read_bytes()
    entry = Entry.from_bytes(raw)
    assert entry.kind == kind_in(file)
    assert entry.to_bytes() == raw
    record = decode(KINDS[entry.kind], entry.body)
    again = parse(canonical(encode(record)))
    assert not list(lost(entry.body, again)), "whatever was recorded is still there"
    assert decode(KINDS[entry.kind], again) == record
    if hasattr(record, "subject"):
        assert record.subject == entry.subject


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_newest_golden_file_shows_every_field(name: str) -> None:
    entry = Entry.from_bytes(of_kind(name)[-1].read_bytes())
    written = canonical(encode(decode(KINDS[name], entry.body)))
    assert written == canonical(entry.body), f"{name} has new fields: add tests/golden/{name}.N.json that shows them"


def added(cls: type) -> Iterator[tuple[type, str]]:
    """Yield the fields that records of a class, and those inside them, got later."""
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        if field.metadata == ADDED:
            yield cls, field.name
        inside = {hints[field.name], *typing.get_args(hints[field.name])}
        for hint in inside:
            if isinstance(hint, type) and dataclasses.is_dataclass(hint):
                yield from added(hint)


def shown(value: Any) -> Iterator[tuple[type, str]]:
    """Yield the later fields that a record, or one inside it, has."""
    if isinstance(value, tuple):
        for item in value:
            yield from shown(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            held = getattr(value, field.name)
            if field.metadata == ADDED and held != field.default:
                yield type(value), field.name
            yield from shown(held)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_field_that_came_later_is_in_a_golden_file(name: str) -> None:
    entries = [Entry.from_bytes(file.read_bytes()) for file in of_kind(name)]
    seen = {field for entry in entries for field in shown(decode(KINDS[name], entry.body))}
    missing = sorted(f"{cls.__name__}.{field}" for cls, field in set(added(KINDS[name])) - seen)
    assert missing == [], f"add tests/golden/{name}.N.json that shows them"


def lost(old: Any, new: Any, where: str = "body") -> Iterator[str]:
    """Yield the places at which ``new`` does not hold what ``old`` does; it may hold more fields."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in old.items():
            yield from lost(value, new.get(key, "nothing"), f"{where}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, value in enumerate(old):
            yield from lost(value, new[place], f"{where}[{place}]")
    elif old != new:
        yield where


MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - zone beside
JSON = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=4) | st.lists(st.integers(0, 9))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8),
    bool: st.booleans(),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: MOMENTS,
    Any: JSON,
    type(None): st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Make the values that a type hint of a record allows."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if origin in (typing.Union, types.UnionType):
        return st.one_of([values(option) for option in arguments])
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(values(arguments[0]), max_size=2)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(st.text(max_size=4), values(arguments[1]), max_size=2)
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    hints = typing.get_type_hints(hint)
    return st.builds(hint, **{field.name: values(hints[field.name]) for field in dataclasses.fields(hint)})


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_record_comes_back(name: str) -> None:
    @settings(max_examples=25)
    @given(values(KINDS[name]))
    def comes_back(record: Any) -> None:
        written = canonical(encode(record))
        again = decode(KINDS[name], parse(written))
        assert again == record
        assert canonical(encode(again)) == written

    comes_back()


@given(MOMENTS)
def test_moments_come_back_and_sort_as_text(at: datetime) -> None:
    assert moment(stamp(at)) == at
    assert stamp(at) >= stamp(at.replace(microsecond=0))


@pytest.mark.parametrize(
    "text", ["", "2026-11-23", "2026-11-23T10:00:00Z", "2026-11-23T10:00:00.5Z", "2026-11-23 10:00"]
)
def test_a_moment_has_one_form(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        moment(text)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        stamp(datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point


EVIDENCE = parse((GOLDEN / "evidence.recorded.json").read_bytes())["body"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"check": None}, r"Evidence\.check: expected str, got None"),
        ({"check_version": True}, r"check_version: expected int"),
        ({"check_version": 1.5}, r"check_version: expected int"),
        ({"outcome": "passed"}, r"outcome: 'passed' is none of measured, not-measured"),
        ({"figures": {}}, r"figures: expected a list"),
        ({"figures": [{"name": "auc"}]}, r"figures\[0\]: missing n, value"),
        ({"figures": [{"name": "auc", "value": "high", "n": 1}]}, r"figures\[0\]\.value: expected float"),
        ({"parameters": [1]}, r"parameters: expected an object with text keys"),
        ({"colour": "red"}, r"Evidence: unknown field colour; known are version"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_place(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        decode(Evidence, {**EVIDENCE, **change})


def test_a_missing_field_is_named_and_one_with_a_default_may_be_missing() -> None:
    with pytest.raises(ValueError, match="Limit: missing meets, value"):
        decode(Limit, {"figure": "auc", "comparison": "at-least"})
    assert decode(Selector, {}) == Selector()
    with pytest.raises(ValueError, match="expected an object, got list"):
        decode(Selector, [])


def test_whole_numbers_are_read_as_floats_where_floats_are_meant() -> None:
    figure = decode(Figure, {"name": "ratio", "value": 1, "n": 3})
    assert type(figure.value) is float
    assert type(figure.n) is int


def test_kinds_are_known_by_name_and_taken_once() -> None:
    assert kind_of(Evidence) == "evidence.recorded"
    with pytest.raises(KeyError, match="Outcome is not a kind"):
        kind_of(Outcome)
    with pytest.raises(ValueError, match="taken by Evidence"):
        kind("evidence.recorded")(Figure)


def test_a_field_that_was_added_later_leaves_old_records_and_their_digests_as_they_were() -> None:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Grown:
        first: int
        later: str = dataclasses.field(default="", metadata=ADDED)

    assert encode(decode(Grown, {"first": 1})) == {"first": 1}
    assert encode(Grown(1, "said")) == {"first": 1, "later": "said"}
    assert decode(Grown, {"first": 1, "later": "said"}) == Grown(1, "said")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_was_written_is_written_again_as_it_was(file: Path) -> None:
    body = parse(file.read_bytes())["body"]
    assert encode(decode(KINDS[kind_in(file)], body)) == body
