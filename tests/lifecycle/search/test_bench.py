from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.lifecycle.search.test_run import SPACE, TARGET
from tests.walk import USE_CASE, Walked, policy

from muster.checks import registry
from muster.lifecycle.desk.asking import find_dataset, library_of
from muster.lifecycle.search.bench import Bench, demands_of, settle
from muster.lifecycle.search.space import recipes_of
from muster.records.codec import decode
from muster.records.governance.search import SearchSpace
from muster.records.policy import Comparison, Control, Limit, Meets, Requirement
from muster.records.purpose import UseCase

FAMILY = decode(SearchSpace, SPACE)


def bench_of(walked: Walked, *demands: tuple[Control, Requirement]) -> Bench:
    context = walked.context()
    case = context.latest(UseCase, f"use-case:{USE_CASE}")
    parts = (find_dataset(context, walked.parts[name]) for name in ("training", "validation"))
    return Bench.of(context, case, demands, *parts)


def saved(scores: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, scores)
    return file.getvalue()


def test_rows_on_which_nothing_can_be_ranked_are_refused(walked: Walked) -> None:
    """Labels that are all alike have no area under a curve: none is made up."""
    bench = bench_of(walked)
    constant = pa.array(np.zeros(bench.table.num_rows, dtype=np.int64))
    place = bench.table.column_names.index(TARGET)
    bench = replace(bench, table=bench.table.set_column(place, TARGET, constant))
    tried, *_ = recipes_of(FAMILY)
    with pytest.raises(ValueError, match=r"short with linear cannot be ranked on 'taiwan-validation': .* is constant"):
        list(bench.candidates(FAMILY, tried, saved(np.full(bench.table.num_rows, 0.5))))


def test_what_only_rows_and_inputs_decide_is_measured_once(walked: Walked, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    measure = registry.measure
    monkeypatch.setattr(registry, "measure", lambda name, *more: asked.append(name) or measure(name, *more))
    limit = Limit("overlap_share", Comparison.AT_MOST, 1, Meets.POINT)
    demands = [
        (Control(check, "It is so.", check, {}, limit), Requirement(check))
        for check in ("data.overlap", "performance.decisions")
    ]
    bench = bench_of(walked, *demands)
    scores = saved(np.linspace(0, 1, bench.table.num_rows))
    found = [candidate for tried in recipes_of(FAMILY) for candidate in bench.candidates(FAMILY, tried, scores)]
    assert len(found) == 4
    assert asked.count("data.overlap") == 2, "once for each set of inputs"
    assert asked.count("performance.decisions") == 4
    assert all(candidate.open_demands == ("performance.decisions",) for candidate in found)
    assert all(candidate.unmeasured == () for candidate in found), "training rows stand beside the sample"


def test_what_is_demanded_of_windows_is_no_matter_of_a_search(walked: Walked) -> None:
    library, _ = library_of(walked.context(), policy())
    roles = {requirement.sample_role for _, requirement in demands_of(policy(), library)}
    assert roles == {"held-out"}


def test_a_worker_must_say_how_it_trained() -> None:
    tried, *_ = recipes_of(FAMILY)
    assert settle(tried, {"parameters": {"C": 2.0}}).recipe.parameters == {"C": 2.0}
    with pytest.raises(ValueError, match="does not say with which parameters it trained short with linear"):
        settle(tried, {"parameters": None})
