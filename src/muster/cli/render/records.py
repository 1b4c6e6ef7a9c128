"""Single records that hold more than a screen: what people look for first; --json has all of it."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import columns, rows
from muster.cli.render.registry import renders
from muster.lifecycle.desk.roots import RootChain
from muster.records.data import DatasetVersion
from muster.records.governance.terms import LapseAction, OnLapse
from muster.records.model import Compilation, ModelVersion
from muster.records.policy import Library, Limit, Policy
from muster.records.trust import Duty, TrustRoot


@renders(DatasetVersion)
def render_dataset(version: DatasetVersion, console: Console) -> None:
    """Show a dataset version without its profile."""
    names = ", ".join(column.name for column in version.columns)
    shown = {"columns": f"{len(version.columns)}: {names}", "sensitive": version.sensitive}
    console.print(rows({**_some(version, "name", "digest", "rows", "role"), **shown}))
    console.print(rows(_some(version, "source", "licence", "contract", "parent")))


@renders(ModelVersion)
def render_model(version: ModelVersion, console: Console) -> None:
    """Show a model version: its identity, how it was made and how it decides."""
    recipe, decision = version.manifest.recipe, version.manifest.decision
    side = "under" if decision.favourable == "below" else "from"
    reading = version.manifest.reading
    where = f"{reading.endpoint.url}, model {reading.endpoint.model}" if reading and reading.endpoint else None
    shown = {
        "learner": recipe.learner,
        "format": version.manifest.format.value,
        **({"endpoint": where} if where else {}),
        "inputs": f"{len(recipe.inputs)}: {', '.join(recipe.inputs)}",
        "score": f"probability that {recipe.target} is {recipe.positive}",
        "decision": f"{decision.favourable_label} {side} {decision.threshold:g}, else {decision.adverse_label}",
        "files": version.manifest.files,
    }
    if version.manifest.made_from:
        shown["made from"] = version.manifest.made_from.files
    first, last = _some(version, "digest", "model", "use_case"), _some(version, "run", "training", "registry")
    console.print(rows({**first, **shown, **last}))


@renders(Compilation)
def render_compilation(proof: Compilation, console: Console) -> None:
    """Show what gateways load, which rung it is and why, and the proof that it decides as the original does."""
    where = "its own library, in a worker process without keys or network"
    if proof.engine.endswith(" in the gateway"):
        where = "the ONNX graph as given, run in the gateway itself"
    rung = f"{where}: {proof.original}" if proof.original else ""
    shown = {
        "served by": proof.engine,
        "rung": rung or "compiled: every column and every tree as data, run in the gateway itself",
        "rows compared": f"{proof.rows:,}, {proof.adversarial_rows:,} of them adversarial",
        "decisions that differ": proof.decisions_differing,
        "scores that differ": f"{proof.scores_differing:,}, by {proof.largest_score_difference:.2g} at most",
    }
    if proof.held_against:
        shown["held against"] = f"the model that the graph was made from, {proof.held_against}"
    console.print(rows({**_some(proof, "version", "served"), **shown, **_some(proof, "sample")}))


@renders(Policy)
def render_policy(policy: Policy, console: Console) -> None:
    """Show a policy: what it demands, in a line for each control."""
    sign_offs = [f"{sign_off.count} {sign_off.role.value}" for sign_off in policy.sign_offs]
    rest = ("separation_of_duties", "parity", "maximum_evidence_age_days", "release_life_days", "orders_life_hours")
    shown = {**_some(policy, "id", "environment", "statement"), "sign-offs": sign_offs, **_some(policy, *rest)}
    console.print(rows({**shown, **_some(policy, "unknown_category", "local_mode", "originals"), **_terms(policy)}))
    console.print()
    demands = [
        {
            "control": demand.control,
            "own limit": demand.limit,
            "own parameters": demand.parameters,
            "on": demand.sample_role,
        }
        for demand in policy.requirements
    ]
    console.print(columns(demands))


def _terms(policy: Policy) -> dict[str, Any]:
    """Return what a policy says beside its demands, as far as it says anything."""
    lapse, urgent = policy.on_lapse or OnLapse(LapseAction.SUSPEND), policy.emergency
    grace = f"after {lapse.grace_hours:g} hours of grace" if lapse.grace_hours else "at once"
    said = {
        **_some(policy, "separation_along_lineage", "own_keys_only"),
        "on lapse": f"{lapse.action.value}, {grace}",
        "blocking findings": [severity.value for severity in policy.blocking_findings] or "none block",
    }
    if urgent is not None:
        roles = " or ".join(role.value for role in urgent.released_by)
        said["emergency"] = f"released by {roles}, signed off within {urgent.sign_off_within_hours:g} hours"
    if policy.guards:
        said["guards"] = list(policy.guards)
    if policy.monitors:
        said["monitors"] = [f"{each.control} every {each.every_days:g} days" for each in policy.monitors]
    return said


@renders(Library)
def render_library(library: Library, console: Console) -> None:
    """Show a library: a line for each control."""
    console.print(rows({"library": library.name}))
    console.print()
    controls = [
        {
            "control": control.id,
            "statement": control.statement,
            "limit": _limit(control.limit),
            "waivable": control.waivable,
        }
        for control in library.controls
    ]
    console.print(columns(controls))


@renders(RootChain)
def render_chain(chain: RootChain, console: Console) -> None:
    """Show the fingerprint to pin, and whom the trust root in force trusts with what."""
    console.print(Text.assemble(("fingerprint  ", "bold"), chain.fingerprint), soft_wrap=True)
    console.print(rows({"documents": len(chain.documents)}))
    render_root(chain.current, console)


@renders(TrustRoot)
def render_root(root: TrustRoot, console: Console) -> None:
    """Show whom a trust root trusts with what."""
    console.print(rows(_some(root, "version", "origin", "threshold", "issued_at", "expires_at")))
    console.print()
    more = [name for name in ("use_cases", "name") if any(getattr(grant, name) for grant in root.grants)]
    grants = [{**_some(grant, "duty", "actor", "roles", *more), "key": grant.key.id[:16]} for grant in root.grants]
    console.print(columns(grants))
    console.print()
    held = sum(grant.duty is Duty.ROOT for grant in root.grants)
    words = (
        f"The next version counts when {root.threshold} of the {held} root keys have signed it, by "
        f"{root.expires_at:%Y-%m-%d}: muster trust draft, muster trust sign, muster trust publish."
    )
    console.print(Text(words), soft_wrap=True)


def _limit(limit: Limit) -> str:
    compared = limit.comparison.value.replace("-", " ")
    return f"{limit.figure} {compared} {limit.value:g} ({limit.meets.value})"


def _some(record: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
