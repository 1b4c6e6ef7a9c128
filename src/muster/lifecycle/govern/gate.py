"""The gate is asked about a version, by people and by the other parts of this stage."""

from __future__ import annotations

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import Asked, ask, find_version
from muster.lifecycle.desk.context import Context
from muster.records.decision import Decision, Question
from muster.records.people import Role

SIGNERS = (Role.RISK_ANALYST, Role.VALIDATOR, Role.OWNER, Role.EXECUTIVE)
"""Roles that sign off."""


@view("gate ask")
def gate_ask(context: Context, version: str, environment: str = "production", scope: str = "serve") -> Decision:
    """Ask whether a version may serve: a verdict, and a reason for every demand of the policy. Changes nothing."""
    return ask_about(context, version, environment, scope).decision


@action("gate decide", roles=(Role.ML_ENGINEER, Role.VALIDATOR, Role.RISK_ANALYST, Role.OPERATOR))
def gate_decide(context: Context, version: str, environment: str = "production", scope: str = "serve") -> Decision:
    """Ask the gate, and record its decision with all reasons in the ledger."""
    asking = question_about(context, version, environment, scope)
    basis = context.basis()
    decision = ask(context, asking).decision
    context.record(decision, expect=basis)
    return decision


def ask_about(context: Context, version: str, environment: str, scope: str) -> Asked:
    """Ask the gate about a version that is named by its digest or the beginning of it."""
    context.house.ledger.refresh()
    return ask(context, question_about(context, version, environment, scope))


def question_about(context: Context, version: str, environment: str, scope: str) -> Question:
    """Return the question whether a version may serve the use case that it was registered for."""
    found = find_version(context, version)
    return Question(found.digest, found.use_case, environment, scope)
