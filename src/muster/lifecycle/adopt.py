"""Adopt: libraries of controls, policies and reason maps come into force; each is replaced only by a newer one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import library_of, require_heard
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.records.people import Role
from muster.records.policy import Control, Library, Policy, ReasonMap
from muster.records.purpose import UseCase
from muster.rules.coverage.sound import library_faults
from muster.rules.gate.applicability import applies
from muster.rules.gate.measured import demands_of
from muster.rules.gate.sense import unadoptable
from muster.rules.reasons import reason_map_faults


@action("library adopt", roles=(Role.RISK_ANALYST,))
def adopt_library(context: Context, library: Library) -> Library:
    """Adopt a library of controls; policies name it and take their controls from it.

    Raises
    ------
    ValueError
        If it makes no sense.
    PermissionError
        If the trust root asks that people sign policies, and it would change what a policy in force demands.
    """
    basis = context.basis(library.subject)
    ids = [control.id for control in library.controls]
    if doubled := sorted({identifier for identifier in ids if ids.count(identifier) > 1}):
        msg = f"library {library.name!r}: control {doubled[0]!r} stands in it twice"
        raise ValueError(msg)
    if fault := next(library_faults(library), None):
        msg = f"library {library.name!r}: {fault[0]}: {fault[1]}"
        raise ValueError(msg)
    resting = [policy for policy in listed(context) if policy.library == library.name]
    require_heard(context, resting)
    if current_root(context).policy_sign_offs:
        _require_same_demands(context, resting, library)
    context.record(library, expect=basis)
    return library


def _require_same_demands(context: Context, policies: Iterable[Policy], library: Library) -> None:
    """Refuse a library by which a policy that people signed would demand something else than they signed."""
    for policy in policies:
        before, _ = library_of(context, policy)
        changed = [
            asked.control
            for asked in demands_of(policy)
            if _demand(before.control(asked.control)) != _demand(library.control(asked.control))
        ]
        if changed:
            msg = (
                f"library {library.name!r} would change what {policy.id} demands by {', '.join(dict.fromkeys(changed))}"
                ", and people sign policies here, as the trust root asks: give the library another name, and propose "
                "a policy that names that one (muster policy propose)"
            )
            raise PermissionError(msg)


def _demand(control: Control | None) -> Control | None:
    """Return a control without what the gate does not ask for: its words, and the clauses that it answers."""
    if control is None:
        return None
    return replace(control, statement="", clauses=(), objective="", jurisdictions=(), source="", confidence=None)


@action("policy adopt", roles=(Role.RISK_ANALYST,))
def adopt_policy(context: Context, policy: Policy) -> Policy:
    """Adopt a policy; from now on the gate asks what it demands.

    Raises
    ------
    ValueError
        If it makes no sense, or demands nothing, or a control that its library does not have.
    PermissionError
        If the trust root asks that people sign policies: then they are proposed.
    """
    basis = context.basis(f"library:{policy.library}", policy.subject)
    if current_root(context).policy_sign_offs:
        msg = f"policy {policy.id!r}: people sign policies here, as the trust root asks: muster policy propose FILE"
        raise PermissionError(msg)
    library, _ = library_of(context, policy)
    if problem := unadoptable(policy, library):
        msg = f"policy {policy.id!r}: {problem}"
        raise ValueError(msg)
    require_heard(context, (earlier for earlier in listed(context) if earlier.id == policy.id))
    context.record(policy, expect=basis)
    return policy


@view("policy list")
def listed(context: Context) -> tuple[Policy, ...]:
    """List the policies in force, newest version of each."""
    return tuple({policy.id: policy for _, policy in context.history(Policy)}.values())


@action("reason-map adopt", roles=(Role.RISK_ANALYST,))
def adopt_reasons(context: Context, reasons: ReasonMap) -> ReasonMap:
    """Adopt what refused applicants of a use case are told: a statement for every factor that may be named.

    Parameters
    ----------
    reasons
        Every factor with its statement; it replaces the earlier map of the same id.

    Raises
    ------
    ValueError
        If the map is not sound: a factor twice, one without words, more than four reasons.
    """
    basis = context.basis(f"use-case:{reasons.use_case}", reasons.subject)
    use_case = context.latest(UseCase, f"use-case:{reasons.use_case}")
    if fault := next(reason_map_faults(reasons), None):
        msg = f"reason map {reasons.id!r}: {fault[0]}: {fault[1]}"
        raise ValueError(msg)
    require_heard(context, (policy for policy in listed(context) if applies(policy, use_case)[0]))
    context.record(reasons, expect=basis)
    return reasons


@view("reason-map list")
def reason_maps(context: Context) -> tuple[ReasonMap, ...]:
    """List the reason maps in force, newest version of each."""
    context.house.ledger.refresh()
    return tuple({reasons.id: reasons for _, reasons in context.history(ReasonMap)}.values())
