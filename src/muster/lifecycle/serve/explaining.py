"""Explaining: what gateways need to give reasons for a deployment, worked out here and named in orders by digest."""

from __future__ import annotations

from collections.abc import Sequence

from muster.lifecycle.desk.context import Context
from muster.records.model import Compilation
from muster.records.policy import ReasonMap
from muster.records.release import Deployment, GuardSet, NamedDigest, Orders
from muster.rules.gate.guarding import REASONS


def explanations_for(
    context: Context,
    deployments: Sequence[Deployment],
    reasons: Sequence[NamedDigest],
    guards: Sequence[GuardSet],
    before: Orders | None,
) -> tuple[NamedDigest, ...]:
    """Return an explanation of each deployment that has a reason map and a form that can be explained, by its arm.

    Raises
    ------
    PermissionError
        If a deployment is new, its policy demands reasons, and none can be given.
    """
    maps = {named.name: named.digest for named in reasons}
    had = {named.name: named.digest for named in before.explanations} if before else {}
    old = set(before.deployments) if before else set()
    demanding = {each.name for each in guards if any(guard.name == REASONS for guard in each.guards)}
    found = []
    for deployment in deployments:
        try:
            known = had.get(f"{deployment.name}@{deployment.version}") or had.get(deployment.name, "")
            named = _explained(context, deployment, maps, known)
        except (ValueError, KeyError, OSError) as error:  # the last of a worker that does not take up the model
            if deployment.guards in demanding and deployment not in old:
                msg = f"the policy of {deployment.arm} demands reasons, and none can be given: {error.args[0]}"
                raise PermissionError(msg) from error
            continue
        found.append(NamedDigest(deployment.arm, named))
    return tuple(found)


def _explained(context: Context, deployment: Deployment, maps: dict[str, str], had: str) -> str:
    """Return the digest of an explanation; raise ValueError or KeyError where there can be none."""
    from muster.columns.explanation.header import header_of

    if deployment.use_case not in maps:
        msg = f"no reason map was adopted for use case {deployment.use_case}: `muster reason-map adopt`"
        raise ValueError(msg)
    compiled = [
        known
        for _, known in context.history(Compilation, f"version:{deployment.version}")
        if known.served == deployment.served
    ]
    if not compiled:
        msg = f"version {deployment.version} was not compiled into what is served"
        raise ValueError(msg)
    outbox, sample = context.house.outbox, compiled[-1].sample
    if had:
        header = header_of(outbox.get(had))
        if (header.served, header.reasons, header.sample) == (deployment.served, maps[deployment.use_case], sample):
            return had
    return outbox.put(_packed(context, deployment, maps[deployment.use_case], compiled[-1]))


def _packed(context: Context, deployment: Deployment, mapped: str, compiled: Compilation) -> bytes:
    import pyarrow as pa

    from muster.columns.explanation.explainer import MOST_BACKGROUND, Explainer, spread
    from muster.columns.explanation.header import Header
    from muster.columns.explanation.packed import pack
    from muster.columns.explanation.sampling.explainer import SampledExplainer, explainer_of
    from muster.columns.explanation.sampling.reasons import pack_sampled
    from muster.columns.explanation.sampling.references import references_of
    from muster.columns.plan import favourable
    from muster.columns.rescoring import Refusing
    from muster.columns.tables import from_parquet

    blobs = context.house.blobs
    reasons = next(known for _, known in reversed(context.history(ReasonMap)) if known.use_case == deployment.use_case)
    artifact = blobs.get(deployment.served)
    predictor = context.house.load(artifact)
    explainer = explainer_of(artifact, predictor, reasons, original=bool(compiled.original))
    rows = from_parquet(blobs.get(compiled.sample))
    refused = explainer.rescorer if isinstance(explainer, SampledExplainer) else explainer
    if isinstance(refused, Refusing):
        rows = rows.filter(pa.array(~refused.refused(rows)))
    approved = rows.filter(pa.array(favourable(explainer(rows), predictor.plan.decision)))
    background = spread(approved, MOST_BACKGROUND)
    header = Header(deployment.served, mapped, compiled.sample, background.num_rows)
    if isinstance(explainer, Explainer):
        return pack(header, explainer.plan, explainer.form, reasons, explainer.matrix(background))
    references = references_of(background, [column.name for column in predictor.plan.columns])
    return pack_sampled(header, len(explainer.factors.each), references, explainer(references))
