from __future__ import annotations

from dataclasses import replace

import pytest
from tests.walk import USE_CASE, Walked

from muster.columns.explanation.header import SAMPLED, header_of, opened
from muster.columns.explanation.packed import Reasons
from muster.columns.explanation.sampling.reasons import SampledReasons
from muster.gateway.served import Served
from muster.lifecycle.serve.contents import reasons_for
from muster.lifecycle.serve.explaining import explanations_for
from muster.lifecycle.serve.orders import newest
from muster.records.model import Compilation
from muster.records.policy import Factor, ReasonMap
from muster.records.release import GuardOrder, GuardSet

REASONS = ReasonMap("reasons", USE_CASE, (Factor("late", ("PAY_0",), "Late payments"),))


def test_orders_name_an_explanation_that_gateways_hold_against_the_artifact(walked: Walked) -> None:
    assert walked.do("omar", "orders issue").explanations == ()
    walked.context("ana").record(REASONS)
    orders = walked.do("omar", "orders issue")
    (named,) = orders.explanations
    assert named.name == "credit"
    header = header_of(walked.house.outbox.get(named.digest))
    assert header.served == orders.deployments[0].served
    assert header.people > 100
    served = walked.gateway().refresh().places["credit"].served
    assert isinstance(served, Served)
    assert isinstance(served.answering.reasoner, Reasons)
    assert walked.do("omar", "orders issue").explanations == (named,)  # taken again, not worked out again
    walked.context("ana").record(replace(REASONS, most=2))
    assert walked.do("omar", "orders issue").explanations != (named,)


def test_a_new_deployment_whose_policy_demands_reasons_needs_a_reason_map(walked: Walked) -> None:
    context = walked.context("omar")
    walked.do("omar", "orders issue")
    before = newest(context, "default")
    assert before
    demanding = GuardSet("demanding", (GuardOrder("reasons"),))
    fresh = [replace(deployment, guards="demanding", name="fresh") for deployment in before.deployments]
    with pytest.raises(PermissionError, match="demands reasons, and none can be given: no reason map"):
        explanations_for(context, fresh, reasons_for(context, {USE_CASE}), (demanding,), before)
    assert explanations_for(context, before.deployments, (), (), before) == ()


def test_what_its_own_library_serves_is_explained_by_mixed_rows(walked: Walked) -> None:
    context = walked.context("ana")
    context.record(REASONS)
    (deployment,) = walked.do("omar", "orders issue").deployments
    ((_, compiled),) = context.history(Compilation, f"version:{deployment.version}")
    context.record(replace(compiled, original="muster cannot compile SVC"))
    fresh, mapped = [replace(deployment, guards="demanding", name="fresh")], reasons_for(context, {USE_CASE})
    demanding = GuardSet("demanding", (GuardOrder("reasons"),))
    (named,) = explanations_for(context, fresh, mapped, (demanding,), None)
    raw = walked.house.outbox.get(named.digest)
    assert opened(raw)[1]["format"] == SAMPLED
    reasons = SampledReasons(walked.house.load(walked.house.blobs.get(deployment.served)), REASONS, raw)
    assert reasons.agrees()
