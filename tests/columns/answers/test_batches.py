from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from muster.columns.answers.batches import gather
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import group_by
from muster.records.model import DecisionRule, Favourable


def drawn(rows: int, seed: int = 3) -> pa.Table:
    generator = np.random.default_rng(seed)
    return pa.table(
        {
            "score": generator.random(rows),
            "label": generator.integers(0, 2, rows),
            "sex": pa.array(generator.choice(["women", "men"], rows)),
            "area": pa.array(generator.integers(-300, 300, rows)),
            "wide": ["some long text that nobody asked for"] * rows,
        }
    )


def test_a_sample_of_batches_is_that_of_the_whole_file() -> None:
    table = drawn(5000)
    kept = gather(iter(table.to_batches(max_chunksize=700)), ["score", "label", "sex", "area", "score"])
    assert kept.column_names == ["score", "label", "sex", "area"]
    rule, names = DecisionRule(0.5, Favourable.BELOW), {"name": "t", "digest": "sha256:00", "role": "held-out"}
    small = Sample.of(kept, "score", rule, target="label", **names)
    whole = Sample.of(table, "score", rule, target="label", **names)
    assert np.array_equal(small.scores, whole.scores)
    assert np.array_equal(small.labels, whole.labels)
    for attribute, bands in (("sex", None), ("area", [0, 100])):
        ours, theirs = group_by(kept, attribute, bands), group_by(table, attribute, bands)
        assert ours.names == theirs.names
        assert np.array_equal(ours.codes, theirs.codes)


def test_few_bytes_a_row_are_kept_and_no_batch_with_them() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        for seed in range(8):
            yield from drawn(10_000, seed).to_batches()

    before = pa.total_allocated_bytes()
    kept = gather(batches(), ["score", "label", "sex", "area"])
    assert kept.nbytes <= 80_000 * (8 + 1 + 4 + 2 + 3 / 8) + 1000
    assert pa.total_allocated_bytes() - before < 1.3 * kept.nbytes


def test_values_and_gaps_stay_as_they_are_when_later_batches_need_more_room() -> None:
    batches = [pa.table({"n": [1, None]}), pa.table({"n": [40_000, -1]}), pa.table({"n": [2**40]})]
    assert gather(batches, ["n"]).column("n").to_pylist() == [1, None, 40_000, -1, 2**40]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="no batch"):
        gather([], ["n"])
    with pytest.raises(ValueError, match="no column 'm'"):
        gather([pa.table({"n": [1]})], ["m"])
    with pytest.raises(ValueError, match=r"column n changes its type in batch 1"):
        gather([pa.table({"n": [1]}), pa.table({"n": ["x"]})], ["n"])
