"""Gateways give the reasons that evidence is about: same references, same mixed rows, whatever stands beside a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.columns.explanation.models import ENCODINGS, INPUTS, REASONS, RULE, people

from muster.adapters.onnx import OnnxPredictor
from muster.columns.compiler import compile_served, planned
from muster.columns.encoding.head import Link
from muster.columns.encoding.mixes import Mix, Output
from muster.columns.encoding.steps import Place
from muster.columns.explanation.factors import NOBODY, adverse, principal
from muster.columns.explanation.header import Header, header_of
from muster.columns.explanation.sampling.explainer import SampledExplainer, explainer_of
from muster.columns.explanation.sampling.reasons import SampledReasons, pack_sampled
from muster.columns.forms import Form, Linear, Member, Members, Network
from muster.columns.original.passing import Answered, PassingEncoder
from muster.columns.plan import Encoding
from muster.records.canonical import canonical, parse
from muster.records.data import Column, ColumnType

HEADER = Header("sha256:a", "sha256:b", "sha256:c", 100)
HEAD = (Link("margin", (), (0.0,)), Link("logistic", (0,)))


def _network(seed: int = 0) -> tuple[bytes, Form]:
    rng = np.random.default_rng(seed)
    layers = ((rng.normal(size=(6, 5)), rng.normal(size=5)), (rng.normal(size=(5, 1)), np.zeros(1)))
    form = Members((Member(0, 6, Network(layers, "tanh")),), HEAD)
    return compile_served(planned("sha256:00", "learner", ENCODINGS, form, RULE), form), form


def _mixed() -> bytes:
    """A linear model of products of inputs of several factors."""
    columns = (Column("income", ColumnType.NUMBER), Column("late", ColumnType.INTEGER))
    encodings = tuple(Encoding(column, places=(Place(3 + at),)) for at, column in enumerate(columns))
    factors = (2.0, 0.0, 2.0, 1.0, 2.0, 0.0, 1.0)  # each alone, and their product
    mixes = (Mix("products", (3, 4), factors, tuple(Output(at, at) for at in range(3))),)
    form = Members((Member(0, 3, Linear(np.array([-1.0, 0.5, 0.3]), 0.1)),), HEAD)
    return compile_served(planned("sha256:00", "learner", encodings, form, RULE, mixes), form)


class _Library:
    """A model that is asked about raw rows, as its own library serves them."""

    def __init__(self, predictor: OnnxPredictor) -> None:
        self.plan, self._predictor, self.calls = predictor.plan, predictor, 0

    def encoder(self, unknown: Any) -> Any:
        passing, model = PassingEncoder(self.plan.columns, unknown), self

        class Running:
            table = staticmethod(passing.encode)

            def encode(self, columns: Any) -> Answered:
                table = passing.encode(columns)
                return Answered(table, model.answers(table))

        return Running()

    def scores(self, encoded: Answered) -> Any:
        return encoded.scores

    def answers(self, table: pa.Table) -> Any:
        self.calls += 1
        encoder = self._predictor.encoder("unknown")
        return self._predictor.scores(encoder.encode({name: table.column(name) for name in encoder.names}))


def _both(
    model: Any, artifact: bytes, *, original: bool, approved: pa.Table
) -> tuple[SampledExplainer, SampledReasons]:
    explainer = explainer_of(artifact, model, REASONS, original=original)
    assert isinstance(explainer, SampledExplainer)
    references = explainer.references(approved)
    packed = pack_sampled(HEADER, len(explainer.factors.each), references, explainer(references))
    assert header_of(packed) == HEADER
    return explainer, SampledReasons(model, REASONS, packed)


@pytest.mark.parametrize("kind", ["network", "mixed", "library"])
def test_codes_are_those_that_evidence_is_about_and_the_same_alone_and_among_others(kind: str) -> None:
    artifact = _mixed() if kind == "mixed" else _network()[0]
    model: Any = OnnxPredictor.load(artifact)
    model = _Library(model) if kind == "library" else model
    rows, approved = people(30, 1), people(200, 2)
    if kind == "mixed":
        rows, approved = (table.filter(table.column("income").is_valid()) for table in (rows, approved))
    explainer, reasons = _both(model, artifact, original=kind == "library", approved=approved)
    assert reasons.agrees()
    against = adverse(explainer.against(approved).shares(rows), RULE)
    expected = principal(against, explainer.factors.nameable, explainer.factors.most)
    names = [factor.id for factor in explainer.factors.each]
    wanted = [[names[at] for at in places if at != NOBODY] for places in expected.tolist()]
    columns = {column.name: rows.column(column.name).to_pylist() for column in model.plan.columns}
    encoded = model.encoder("unknown").encode(columns)
    assert reasons.codes(encoded, range(rows.num_rows)) == wanted
    assert any(wanted)
    alone = model.encoder("unknown").encode({name: values[7:8] for name, values in columns.items()})
    assert reasons.codes(alone, [0]) == wanted[7:8]


def test_a_row_is_one_call_of_the_model() -> None:
    artifact, _ = _network()
    model = _Library(OnnxPredictor.load(artifact))
    _, reasons = _both(model, artifact, original=True, approved=people(200, 2))
    encoded = model.encoder("unknown").encode({name: people(3).column(name).to_pylist() for name in INPUTS})
    before = model.calls
    reasons.codes(encoded, [0, 2])
    assert model.calls - before == 2


def test_an_explanation_of_another_model_or_map_is_noticed() -> None:
    artifact, _ = _network()
    model = OnnxPredictor.load(artifact)
    explainer, _ = _both(model, artifact, original=False, approved=people(200, 2))
    references = explainer.references(people(200, 2))
    packed = pack_sampled(HEADER, len(explainer.factors.each), references, explainer(references))
    assert not SampledReasons(OnnxPredictor.load(_network(1)[0]), REASONS, packed).agrees()
    for gone in ("scores", "references"):
        said = {name: value for name, value in parse(packed).items() if name != gone}
        with pytest.raises(ValueError, match="cannot be read"):
            SampledReasons(model, REASONS, canonical(said))


def test_a_mixed_row_that_the_model_refuses_ends_in_no_reasons() -> None:
    artifact = _mixed()
    model = OnnxPredictor.load(artifact)
    approved = people(200, 2)
    approved = approved.filter(approved.column("income").is_valid())
    _, reasons = _both(model, artifact, original=False, approved=approved)
    encoded = model.encoder("unknown").encode({"income": [3.0], "late": [1]})
    encoded[0, 3] = 1e308
    encoded[0, 4] = 1e308
    with pytest.raises(ArithmeticError, match="no reasons can be given"):
        reasons.codes(encoded, [0])
