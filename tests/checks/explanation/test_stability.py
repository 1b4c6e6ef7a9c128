from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
from tests.checks.explanation.people import COMPLETE, loans

from muster.checks.explanation.stability import stability
from muster.checks.kit import assert_lawful


def figures(**parameters: float) -> dict[tuple[str, str], float]:
    measured = stability.measure(loans(reasons=COMPLETE), parameters)
    return {(figure.name, figure.group): figure.value for figure in measured.figures}


def test_it_keeps_the_laws() -> None:
    assert_lawful(stability, {"noise": 0.1}, loans())


def test_more_noise_keeps_fewer_reasons_and_none_keeps_all() -> None:
    kept = [figures(noise=noise)["reasons_kept", "noise"] for noise in (0.0, 0.2, 5.0)]
    assert kept[0] == 1.0
    assert kept[0] > kept[1] > kept[2]
    assert figures(noise=0.0)["top_reason_kept", "noise"] == 1.0


def test_another_background_is_tried_too() -> None:
    found = figures()
    assert 0.8 < found["top_reason_kept", "background"] <= 1.0
    assert 0.8 < found["reasons_kept", "background"] <= 1.0


def test_one_approved_person_with_a_value_that_stands_for_none_is_found_to_move_the_reasons_of_all() -> None:
    sample = loans(reasons=COMPLETE)
    age = sample.table["age"].to_pylist()
    age[int(sample.favourable.argmax())] = 999_999
    table = sample.table.set_column(sample.table.column_names.index("age"), "age", pa.array(age))
    scores = sample.rescorer(table) if sample.rescorer else None
    figures = stability.measure(replace(sample, table=table, raw_scores=scores), {}).figures
    kept = {figure.group: figure.value for figure in figures if figure.name == "top_reason_kept"}
    assert kept["background"] < 0.5 < kept["noise"]
