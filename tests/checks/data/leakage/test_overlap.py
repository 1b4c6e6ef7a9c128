import pyarrow as pa

from muster.checks.data.leakage.overlap import overlap
from muster.checks.kit import assert_lawful, credit_rows, credit_sample
from muster.columns.rescoring import Companion
from muster.columns.sample import Sample


def beside(sample: Sample, table: pa.Table) -> Sample:
    return sample.beside(companion=Companion.of(table, name="fit", digest="sha256:03", role="training"))


def test_rows_in_both_are_counted_with_and_without_their_label() -> None:
    fitted = credit_rows(300, seed=9)
    changed = fitted.slice(0, 40)
    flipped = pa.array([1 - label for label in changed["defaulted"].to_pylist()])
    changed = changed.set_column(changed.column_names.index("defaulted"), "defaulted", flipped)
    table = pa.concat_tables([credit_rows(200, seed=8), fitted.slice(40, 60), changed])
    found = assert_lawful(overlap, {}, beside(credit_sample(data=table), fitted))
    figures = {figure.name: figure for figure in found.figures}
    assert (figures["overlap_share"].value, figures["overlap_share"].n) == (100 / 300, 300)
    assert figures["labelled_overlap_share"].value == 60 / 300
    assert figures["coincidence"].value == 0.0
    assert "fit (training, sha256:03)" in found.method


def test_people_in_both_are_found_though_their_rows_differ() -> None:
    people = [f"p{number}" for number in range(100)]
    table = credit_rows(100, seed=1).append_column("person", pa.array(people))
    fitted = credit_rows(100, seed=2).append_column("person", pa.array(people[:25] * 4))
    found = assert_lawful(overlap, {"group": ["person"]}, beside(credit_sample(data=table), fitted))
    figures = {figure.name: figure.value for figure in found.figures}
    assert (figures["overlap_share"], figures["group_overlap_share"]) == (0.0, 0.25)


def test_coincidence_is_shown_beside_it() -> None:
    fitted = credit_rows(500, seed=2)
    found = overlap.measure(beside(credit_sample(500), fitted), {"columns": ["sex", "region"]})
    figures = {figure.name: figure.value for figure in found.figures}
    assert figures["overlap_share"] == figures["coincidence"] == 1.0


def test_nothing_to_compare_with_is_not_measured() -> None:
    sample = credit_sample(10)
    assert "has no other rows beside it" in overlap.measure(beside(sample, credit_rows(0)), {}).reason
    lacking = overlap.measure(beside(sample, credit_rows(10).drop_columns(["late"])), {})
    assert "there is no column 'late'" in lacking.reason
