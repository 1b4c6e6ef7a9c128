"""Compiling: from a model to what gateways load, one rung after the other, and the proof about the one that is taken.

The first rung is a compiled form that onnxruntime runs. An ONNX graph of others is run as it was given, in the gateway
where every operator is on a list. What is not known exactly, or does not decide as the original does, is served by its
own library in a worker; that is never silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.adapters.onnx import OnnxPredictor
from muster.adapters.sandbox.frames import SCORES
from muster.adapters.sklearn.frame import rows_of, table_of
from muster.columns.compiler import compile_served, planned
from muster.columns.original.container import GRAPH, contain
from muster.columns.original.container import opened as contained
from muster.columns.original.passing import PassingEncoder, to_wire
from muster.columns.proof.adversarial import adversarial
from muster.columns.proof.parity import Parity, parity
from muster.columns.proof.passed import passed
from muster.ports.executor import Progress
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.model import Manifest
from muster.wiring.inside.answering import opened as answering
from muster.wiring.inside.models import Original

COMPILED, GIVEN, ORIGINAL = "served.onnx", "served.graph", "served.zip"
"""Names of the file that is handed back."""

_ROUNDING = 1e-4
"""How far scores may be apart: XGBoost adds its trees in single precision, the served form in double."""


@dataclass(frozen=True, slots=True)
class ServedForm:
    """What gateways load, and what was found about it."""

    name: str
    content: bytes
    engine: str
    found: Parity
    why: str = ""
    """Why the model's own library serves it; empty: it was compiled."""


def served_form(
    manifest: Manifest,
    model: Original,
    files: Mapping[str, bytes],
    table: pa.Table,
    library: str,
    progress: Progress,
    made_from: Original | None = None,
) -> ServedForm:
    """Return the first form that is proven, and say which it is and why.

    Parameters
    ----------
    table
        Evaluation rows.
    library
        Name and version of the library that runs the model where it is not compiled.
    made_from
        The model that a graph was made from: then that is the original, and what it computes makes rows to compare on.

    Raises
    ------
    ValueError
        Where not even the original answers over the wire as it does here, or a graph answers otherwise than the model
        it was made from.
    """
    known = made_from or model

    def original(rows: Mapping[str, Any]) -> NDArray[np.float64]:
        return known.scores(table_of(rows, manifest.inputs))

    rows = rows_of(table, manifest.inputs)
    try:
        made = _compiled(manifest, model, original, rows, progress)
    except ValueError as error:
        why = str(error)
    else:
        progress("it decides alike on every row: served as a compiled form")
        return made
    progress(f"not compiled: {why}")
    asked = _adversarial(manifest, made_from, rows, progress) if made_from else None
    if model.graph is not None:
        content = GRAPH + contain(manifest, files, model.graph.within)
        try:
            given = _given(content, model.graph.raw, original, rows, asked)
        except (ValueError, PermissionError) as error:
            why = f"{why}; {error}"
            progress(str(error))
        else:
            progress("its operators are all on the list: the gateway runs the graph itself")
            return ServedForm(GIVEN, content, f"onnxruntime {version('onnxruntime')} in the gateway", given, why)
    progress(f"it will be served by {library} in a worker process without keys or network")
    content = contain(manifest, files)
    found = _passed_on(content, original, rows, asked)
    return ServedForm(ORIGINAL, content, f"{library} in a worker", found, why)


def _adversarial(
    manifest: Manifest, made_from: Original, rows: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any] | None:
    """Return rows that would show a difference, where it is known what the original computes."""
    try:
        encodings, form, mixes = made_from.parts()
        plan = planned("", manifest.recipe.learner, encodings, form, manifest.decision, mixes)
        made = adversarial(plan, form, rows)
    except ValueError as error:
        progress(f"the graph is held against its original on evaluation rows and edges only: {error}")
        return None
    progress(f"the graph is held against its original, on {len(next(iter(made.values()))):,} adversarial rows too")
    return made


def _passed_on(content: bytes, original: Any, rows: Mapping[str, Any], made: Mapping[str, Any] | None) -> Parity:
    """Return the proof that the worker answers over the wire as the model does here; raise where it does not."""
    plan, answer = contained(content).plan, answering(content)
    passing = PassingEncoder(plan.columns, "unknown")

    def served(given: Mapping[str, Any]) -> NDArray[np.float64]:
        kind, said = answer(to_wire(passing.encode(given)))
        if kind != SCORES:
            msg = "the model does not score a row that was compared"
            raise ValueError(msg)
        return np.frombuffer(said, np.float64)

    found = passed(original, served, plan, rows, made)
    try:
        _require_parity(found)
    except ValueError as error:
        if contained(content).manifest.made_from is None:
            raise
        msg = f"{error}. The original is the model that the graph was made from: register that instead of the graph"
        raise ValueError(msg) from None
    return found


def _compiled(
    manifest: Manifest, model: Original, original: Any, rows: Mapping[str, Any], progress: Progress
) -> ServedForm:
    encodings, form, mixes = model.parts()
    identity = digest(canonical(encode(manifest)))
    plan = planned(identity, manifest.recipe.learner, encodings, form, manifest.decision, mixes)
    content = compile_served(plan, form)
    predictor = OnnxPredictor.load(content)
    count = len(next(iter(rows.values())))
    progress(f"comparing decisions of the original and the served form on {count:,} rows and adversarial ones")
    found = parity(original, predictor, predictor.plan, form, rows)
    _require_parity(found)
    return ServedForm(COMPILED, content, f"onnxruntime {version('onnxruntime')}", found)


def _given(
    content: bytes, graph: bytes, original: Any, rows: Mapping[str, Any], made: Mapping[str, Any] | None
) -> Parity:
    """Return the proof that a graph answers in the gateway as it does here; raise where it may not run there."""
    from muster.adapters.graphs.judged import judged
    from muster.adapters.graphs.sizes import require_bounded
    from muster.adapters.graphs.within import GraphModel

    model = GraphModel.load(content)
    require_bounded(judged(graph))
    encoder = model.encoder("unknown")
    found = passed(original, lambda given: model.scores(encoder.encode(given)), model.plan, rows, made)
    _require_parity(found)
    return found


def _require_parity(found: Parity) -> None:
    """Raise ValueError where decisions differ, or scores by more than rounding does: then it is another model."""
    if found.decisions_differing or found.largest_score_difference > _ROUNDING:
        msg = (
            f"the served form would decide otherwise than the original on {found.decisions_differing} of {found.rows:,}"
            f" rows, with scores up to {found.largest_score_difference:.2g} apart: it is thrown away"
        )
        raise ValueError(msg)
