"""Judging: what answers are held against, and what a policy asks of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from muster.lifecycle.desk.asking import library_of, policy_for
from muster.lifecycle.desk.context import Context
from muster.lifecycle.language.asking import Reply
from muster.records.evidence import Evidence
from muster.records.language.packages import Action, Ecosystem, PackageRules, Verdict
from muster.records.model import ModelVersion
from muster.records.policy import Control, Policy, Requirement
from muster.records.purpose import UseCase
from muster.rules.gate.decide import parameters_of

if TYPE_CHECKING:
    from muster.columns.packages.names import Lists
    from muster.columns.packages.verdict import Judgement
    from muster.columns.sample import Sample

PACKAGES = "code.package_hallucination"
PROFILE = "hosted.answer_profile"


def policy_of(context: Context, version: ModelVersion, environment: str) -> Policy:
    """Return the policy in force for the use case of a version."""
    return policy_for(context, context.latest(UseCase, f"use-case:{version.use_case}"), environment)[0]


def asked_of(context: Context, policy: Policy, check: str, role: str) -> tuple[tuple[Control, Requirement], ...]:
    """Return what a policy asks of one check on samples of a role; raise ValueError where it asks nothing."""
    library, _ = library_of(context, policy)
    asked = tuple(
        (control, requirement)
        for requirement in policy.requirements
        if (control := library.control(requirement.control)) is not None
        and control.check == check
        and requirement.sample_role == role
    )
    if not asked:
        msg = (
            f"policy {policy.id!r} asks nothing of check {check} on {role} samples: add a requirement with "
            f"sample_role: {role}, whose control names that check"
        )
        raise ValueError(msg)
    return asked


def opened(context: Context) -> Lists:
    """Open the lists of names; raise ValueError where this control plane has none."""
    if context.house.names is None:
        msg = "this control plane has no lists of package names"
        raise ValueError(msg)
    return context.house.names()


def judged(context: Context, lists: Lists, policy: Policy, replies: Sequence[Reply]) -> list[tuple[Judgement, ...]]:
    """Judge every package that each answer names, by the policy's rules; nothing is cut off."""
    from muster.columns.packages.text import check_text

    rules = policy.answers.packages if policy.answers and policy.answers.packages else PackageRules()
    seeing = replace(rules, actions={verdict.value: Action.ALLOW for verdict in Verdict})
    now = context.house.clock()
    return [check_text(reply.text, lists, seeing, now).judgements for reply in replies]


def lists_in_words(lists: Lists) -> str:
    """Say by which lists answers were judged: digest, date, and whether a missing name is known not to exist."""
    told = []
    for ecosystem in Ecosystem:
        names = lists.names.get(ecosystem)
        if names is not None:
            kind = "complete" if names.complete else "partial"
            told.append(f"{ecosystem.value} {names.digest} of {names.taken_at:%Y-%m-%d}, {kind}")
    return f"Lists of names: {'; '.join(told) or 'none'}."


def evidence_for(
    version: ModelVersion, sample: Sample, asked: Sequence[tuple[Control, Requirement]], more: str = ""
) -> tuple[Evidence, ...]:
    """Measure a sample for each control that asks for it; ``more`` is added to the method."""
    from muster.checks.evidence import evidence_of

    found = (
        evidence_of(version.digest, control.check, parameters_of(control, requirement), sample)
        for control, requirement in asked
    )
    return tuple(replace(each, method=f"{each.method} {more}".strip()) for each in found)
