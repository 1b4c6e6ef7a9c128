"""Demanded: what is to be measured of a version on a sample: what the policy asks for and applies, and its worth."""

from __future__ import annotations

from datetime import datetime

from muster.lifecycle.desk.asking import library_of, policy_for
from muster.lifecycle.desk.context import Context
from muster.records.data import DatasetRole, DatasetVersion
from muster.records.model import ModelVersion
from muster.records.policy import Control, Requirement
from muster.records.purpose import UseCase
from muster.rules.gate.applicability import control_applies
from muster.rules.gate.dates import untimely
from muster.rules.gate.decide import parameters_of
from muster.rules.worth import CHECK as WORTH


def asked_of(
    context: Context, version: ModelVersion, environment: str, role: str
) -> tuple[tuple[Control, Requirement], ...]:
    """Return the controls to measure on samples of a role; raise ValueError where the policy asks nothing of them."""
    use_case = context.latest(UseCase, f"use-case:{version.use_case}")
    policy, _ = policy_for(context, use_case, environment)
    library, _ = library_of(context, policy)
    asked = []
    passed_over = []
    for requirement in policy.requirements:
        control = library.control(requirement.control)
        if control is None or requirement.sample_role != role:
            continue
        if why := _beside(control, use_case, context.house.clock()):
            passed_over.append(why)
        else:
            asked.append((control, requirement))
    for why in dict.fromkeys(passed_over):
        context.progress(f"not measured: {why}")
    if not asked:
        roles = ", ".join(sorted({requirement.sample_role for requirement in policy.requirements}))
        rest = f" that applies: {'; '.join(passed_over)}" if passed_over else f"; it asks of {roles}"
        msg = f"policy {policy.id!r} asks nothing of {role} samples{rest}"
        raise ValueError(msg)
    return tuple(asked)


def _beside(control: Control, use_case: UseCase, now: datetime) -> str:
    """Say why a control need not be measured; one that is to come is, so that it is there on its day."""
    covered, why = control_applies(control, use_case)
    if not covered:
        return why
    return untimely(control, now) if control.in_force_until and control.in_force_until <= f"{now:%Y-%m-%d}" else ""


def worth_unasked(
    context: Context, version: ModelVersion, data: DatasetVersion, asked: tuple[tuple[Control, Requirement], ...]
) -> bool:
    """Tell whether the expected value is to be measured though no control asks for it: the use case states amounts."""
    stated = context.latest(UseCase, f"use-case:{version.use_case}").value is not None
    there = any(control.check == WORTH and not parameters_of(control, requirement) for control, requirement in asked)
    return stated and not there and data.role is DatasetRole.HELD_OUT
