"""The reference pages are current, and say what the code says."""

from docs import generate
from docs.reference.glossary import glossary

from muster.records.codec import KINDS


def test_the_pages_are_current() -> None:
    assert generate.main(["--check"]) == 0, "call ./run docs and commit what it writes"


def test_every_kind_of_entry_is_in_the_glossary() -> None:
    text = glossary()
    assert KINDS
    assert [name for name in KINDS if f"Recorded as `{name}`." not in text] == []


def test_fields_are_explained_in_the_words_below_them() -> None:
    assert "- `sample`: `str`. Digest of the dataset version or window that was measured." in glossary()
