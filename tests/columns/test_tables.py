import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.adapters.assets import asset
from muster.columns.tables import from_parquet, plain, read_table, to_parquet

ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-(2**53), 2**53),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=30,
)


def table(rows: list[tuple[object, ...]]) -> pa.Table:
    kinds = {"whole": pa.int64(), "number": pa.float64(), "word": pa.string()}
    columns = zip(*rows, strict=True)
    return pa.table(
        {name: pa.array(list(column), kind) for (name, kind), column in zip(kinds.items(), columns, strict=True)}
    )


@settings(deadline=None, max_examples=40)
@given(ROWS, st.integers(1, 30))
def test_parquet_bytes_depend_on_the_values_alone(rows: list[tuple[object, ...]], cut: int) -> None:
    whole = table(rows)
    other = pa.concat_tables([whole.slice(0, cut), whole.slice(cut)])
    other = other.set_column(2, "word", other.column("word").dictionary_encode()).replace_schema_metadata(
        {"made": "by hand"}
    )
    assert to_parquet(other) == to_parquet(whole)
    assert from_parquet(to_parquet(whole)).equals(whole)


def test_one_changed_value_changes_the_bytes() -> None:
    assert to_parquet(table([(1, 2.0, "a")])) != to_parquet(table([(1, 2.0, "b")]))


def test_a_csv_of_every_kind_reads() -> None:
    found = read_table(b'\xef\xbb\xbfn,x,w,z,b\r\n1,0.5,"a, ""b""\nc",02139,true\r\n,NA,null,10,false\r\n', "f.csv")
    assert found.to_pydict() == {
        "n": [1, None],
        "x": [0.5, None],
        "w": ['a, "b"\nc', None],
        "z": ["02139", "10"],
        "b": [True, False],
    }


def test_numbers_that_a_float_would_round_stay_text() -> None:
    assert read_table(b"id,x\n12345678901234567890,0.5\n", "f.csv").to_pylist() == [
        {"id": "12345678901234567890", "x": 0.5}
    ]


def test_one_late_word_makes_the_whole_column_text() -> None:
    content = b"n\n" + b"1\n" * 200_000 + b"x\n"
    assert read_table(content, "f.csv").schema.field("n").type == pa.string()


def test_parquet_is_known_by_its_bytes_not_its_name() -> None:
    shipped = asset("data/taiwan_credit_default.parquet")
    assert read_table(shipped, "renamed.csv").shape == (30_000, 34)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "not a CSV file with a header"),
        (b"a,b\n", "columns but no rows"),
        (b"a,b\n1,2\n3\n4,5\n6,7,8\n", "row 3 (the header is row 1): 1 cells where the header has 2 (2 such rows)"),
        (b"a,a\n1,2\n", "line 1: column 'a' stands twice"),
        (b"a,\n1,2\n", "line 1: column 2 has no name"),
        (b"a;b\n1;2\n", "divide columns with commas"),
        (b"a,b\n1,\xe9\n", "line 2: not UTF-8 text"),
        (b"a,b\n1,\x00\n", "line 2: a zero byte"),
        (b'a,b\n1,x\n2,"y\n', "line 3: a quotation mark without its partner"),
        (b"PK\x03\x04rest", "a spreadsheet; save the sheet as CSV"),
        (b"PAR1rest", "damaged Parquet file"),
        (to_parquet(table([(1, 2.0, "a")]))[:-20], "damaged Parquet file"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_next(content: bytes, fault: str) -> None:
    with pytest.raises(ValueError, match=r"^f\.csv") as refused:
        read_table(content, "f.csv")
    assert fault in str(refused.value)


def test_errors_do_not_repeat_values() -> None:
    with pytest.raises(ValueError, match="row 2") as refused:
        read_table(b"name,income\nJane Roe,1,2\n", "f.csv")
    assert "Jane" not in str(refused.value)


def test_lists_in_cells_are_refused_by_column() -> None:
    target = io.BytesIO()
    pq.write_table(pa.table({"ok": [1], "bad": [[1, 2]]}), target)
    with pytest.raises(ValueError, match="column 'bad' holds list"):
        read_table(target.getvalue(), "f.parquet")


def test_a_file_that_claims_too_many_cells_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.columns.tables.MOST_CELLS", 5)
    with pytest.raises(ValueError, match="6 cells, at most 5 are read"):
        read_table(to_parquet(table([(1, 2.0, "a"), (1, 2.0, "a")])), "f.parquet")


def test_types_without_their_own_meaning_become_plain() -> None:
    odd = pa.table(
        {"d": pa.array(["x", None]).dictionary_encode(), "n": pa.nulls(2), "l": pa.array(["a", "b"], pa.large_string())}
    )
    assert [str(field.type) for field in plain(odd).schema] == ["string", "double", "string"]


def test_a_small_file_that_names_one_long_text_often_is_refused_before_it_unfolds() -> None:
    rows = 30_000
    often = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 100_000]))
    content = io.BytesIO()
    pq.write_table(pa.table({"note": often}), content, compression="zstd", store_schema=False)
    assert len(content.getvalue()) < 1_000
    with pytest.raises(ValueError, match=r"bomb: more than 2,147,483,648 bytes of text .* column 'note'"):
        read_table(content.getvalue(), "bomb")


def test_a_header_of_very_many_columns_is_refused_at_once() -> None:
    header = ",".join(f"c{place}" for place in range(10_001))
    with pytest.raises(ValueError, match=r"10,001 columns, at most 10,000 are read"):
        read_table(f"{header}\n".encode(), "wide.csv")
    content = io.BytesIO()
    pq.write_table(pa.table({name: [1] for name in header.split(",")}), content)
    with pytest.raises(ValueError, match=r"10,001 columns, at most 10,000 are read"):
        read_table(content.getvalue(), "wide.parquet")
