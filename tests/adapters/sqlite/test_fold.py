from array import array
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.sqlite.fold import Fold, headline, sound
from muster.adapters.sqlite.table import Row
from muster.records.canonical import canonical
from muster.records.entry import Entry
from muster.rules.merkle import leaf_hash

AT = datetime(2026, 11, 23, tzinfo=UTC)
NAMES = st.sampled_from(["a", "b", "ü", 'q"\\', "\n"])
WHAT = st.lists(st.tuples(NAMES, NAMES), max_size=30)


def row(seq: int, subject: str, kind: str) -> Row:
    raw = Entry(kind, subject, "ada", AT, {"seq": seq}).to_bytes()
    return seq, raw, leaf_hash(raw)


def folded(what: list[tuple[str, str]]) -> Fold:
    fold = Fold()
    fold.take([row(seq, *names) for seq, names in enumerate(what)], 0)
    return fold


@given(
    WHAT, st.sampled_from([None, "a", "ü"]), st.sampled_from([None, "a", "\n"]), st.integers(0, 31), st.integers(0, 31)
)
def test_places_are_those_that_a_search_would_find(
    what: list[tuple[str, str]], subject: str | None, kind: str | None, start: int, stop: int
) -> None:
    stop = min(stop, len(what))
    expected = [seq for seq in range(start, stop) if subject in (None, what[seq][0]) and kind in (None, what[seq][1])]
    assert list(folded(what).places(subject, kind, start, stop)) == expected


@given(WHAT)
def test_a_dump_brings_back_tree_and_index(what: list[tuple[str, str]]) -> None:
    fold = folded(what)
    again = Fold.load(fold.dump())
    assert again.tree.root() == fold.tree.root()
    assert again.dump() == fold.dump()
    next_ = [row(len(what), "a", "b")]
    again.take(next_, len(what))
    fold.take(next_, len(what))
    assert again.tree.root() == fold.tree.root()
    assert again.last("a") == len(what)


@given(WHAT, st.integers(0, 30))
def test_forgetting_is_as_if_it_had_never_been(what: list[tuple[str, str]], size: int) -> None:
    fold = folded(what)
    fold.forget(size)
    assert fold.dump() == folded(what[:size]).dump()


def test_the_newest_entry_of_a_subject_is_known() -> None:
    fold = folded([("a", "x"), ("b", "x"), ("a", "y")])
    assert (fold.last("a"), fold.last("b"), fold.last("c")) == (2, 1, -1)


def test_a_dump_of_another_machine_is_refused() -> None:
    dump = folded([("a", "x")]).dump()
    other = dump.replace(b'"little"', b'"endian"').replace(b'"big"', b'"odd"')
    with pytest.raises(ValueError, match="another byte order"):
        Fold.load(other)
    assert array("I").itemsize == 4


@given(st.text(min_size=1), st.text(min_size=1), st.dictionaries(st.text(), st.text(), max_size=2))
def test_kind_and_subject_are_read_without_the_body(kind: str, subject: str, body: dict[str, str]) -> None:
    assert headline(0, Entry(kind, subject, "ada", AT, body).to_bytes()) == (kind, subject)


@given(st.lists(st.sampled_from([',"kind":"', ',"subject":"', '"', "\\", "}", '","v":1}']), max_size=6).map("".join))
def test_nothing_in_body_or_subject_passes_for_the_kind(text: str) -> None:
    raw = Entry("k", text, "ada", AT, {"kind": text, "subject": [text]}).to_bytes()
    assert headline(0, raw) == ("k", text)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b'{"a":1,"kind":"k"}',
        b',"kind":"k","subject":"s","v":1}x',
        canonical([1]),
        b'{,"kind":"\xff","subject":"s","v":1}',
        b'{,"kind":"\\x","subject":"s","v":1}',
    ],
)
def test_what_is_no_entry_is_named(raw: bytes) -> None:
    with pytest.raises(ValueError, match="entry 7 is no entry of a ledger"):
        headline(7, raw)


@pytest.mark.parametrize(
    "bad", [("text", b"x" * 32), (b"entry", "text"), (b"entry", b"short"), (b"entry", bytes(32)), (None, None)]
)
def test_a_row_that_does_not_hold_together_is_named(bad: tuple[object, object]) -> None:
    assert sound((3, b"entry", leaf_hash(b"entry"))) == leaf_hash(b"entry")
    with pytest.raises(ValueError, match="entry 3 of the ledger was edited"):
        sound((3, *bad))


def test_rows_must_be_the_next_ones() -> None:
    with pytest.raises(ValueError, match="entry 1 is missing"):
        Fold().take([row(0, "a", "x"), row(2, "a", "x")], 0)
