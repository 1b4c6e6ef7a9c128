import json
import string

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.yamlfiles.document import DEEPEST, LARGEST, read_document

WORDS = st.text(string.ascii_letters + string.digits + " -_:#'\"\\.,[]{}&*!|>%@`éß\n", max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


def read(text: str) -> object:
    return read_document(text, "f.yaml", "it").value


@given(VALUES)
def test_json_is_yaml_and_reads_as_itself(value: object) -> None:
    assert read(json.dumps(value)) == value


@given(WORDS, st.sampled_from(["'", '"', "|", ">"]))
def test_quoted_text_reads_as_itself(text: str, style: str) -> None:
    assert read(yaml.safe_dump({"k": text}, default_style=style)) == {"k": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("010", 10),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2026-11-23", "2026-11-23"),
        ("0x10", "0x10"),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-3", -3),
        ("~", None),
        ("True", True),
        ("tRUE", "tRUE"),
        ('"no"', "no"),
        (".inf", ".inf"),
        ("9" * 40, 1e40),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_scalars_have_one_meaning(text: str, value: object) -> None:
    found = read(f"k: {text}")
    assert found == {"k": value}
    assert type(found["k"]) is type(value)  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml, line 3: a stands twice, first on line 1"),
        ("a: &x [1]\nb: *x\n", "f.yaml, line 1: anchors and aliases"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "f.yaml, line 2: tags are not allowed"),
        ("a: 1\nb: !int '3'\n", "f.yaml, line 2: tags are not allowed"),
        ("a: 1\n  b: 2\n", "f.yaml, line 2: not YAML"),
        ("a: [1, 2\nb: 3\n", "f.yaml, line 2: not YAML"),
        ("a: 1\n---\nb: 2\n", "f.yaml, line 2: not YAML"),
        ("a:\n\t- b\n", "f.yaml, line 2: not YAML"),
        ("a: no\n", "f.yaml, line 1: some tools read no as a truth value"),
        ("a: 1\n3: x\n", "f.yaml, line 2: a key must be text; put 3 in quotes"),
        ("a: 1\n? [x]\n: 2\n", "f.yaml, line 2: a key must be text"),
        ("a: 1e999\n", "f.yaml, line 1: 1e999 is too large a number"),
        ("a: 1\nb: \x07\n", "f.yaml, line 2: the character"),
        ("", "f.yaml: the file is empty"),
        ("# only words\n", "f.yaml: the file is empty"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), f"more than {DEEPEST} lists and objects"),
        ("[" * 100_000, f"more than {DEEPEST} lists and objects"),
        ("a" * (LARGEST + 1), "is it the right file"),
    ],
)
def test_what_could_surprise_is_refused_with_its_line(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r"^f\.yaml") as refused:
        read(text)
    assert fault in str(refused.value)


@given(st.text(max_size=60))
def test_any_text_reads_or_is_refused_by_name(text: str) -> None:
    try:
        value = read(text)
    except ValueError as refused:
        assert str(refused).startswith("f.yaml")  # noqa: PT017 - both ends are right
    else:
        assert value == json.loads(json.dumps(value))


def test_lines_are_those_of_the_fields() -> None:
    document = read_document("a: 1\nb:\n  - c: 2\n  - c: 3\n", "f.yaml", "it")
    assert document.lines["it.b[1].c"] == 4
    assert str(document.fault("it.b[1].c", "wrong")) == "f.yaml, line 4: b[1].c: wrong"
    assert str(document.fault("it.b[1].d.e", "wrong")).startswith("f.yaml, line 4: ")
