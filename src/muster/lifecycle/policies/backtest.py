"""Backtest: a draft policy is tried on everything that is here and everything that was released; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.asking import library_of
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.records.policy import Policy
from muster.rules.backtest.compare import Comparison, backtest
from muster.rules.backtest.inventory import KINDS, take_stock
from muster.rules.gate.decide import record_digest
from muster.rules.gate.sense import unadoptable


@dataclass(frozen=True, slots=True)
class PolicyTrial:
    """What a draft would have changed."""

    policy: str
    environment: str
    digest: str
    """Digest of the draft."""
    replaces: str
    """Digest of the policy of its id that is in force; empty where there is none."""
    at: datetime
    today: Comparison
    """All versions, as they are now."""
    past: Comparison
    """All releases, each with what was known and in force when it was signed."""


@view("policy backtest")
def policy_backtest(context: Context, draft: Policy) -> PolicyTrial:
    """Try a draft policy on all versions today and on all releases at their time, beside the policy in force.

    Nothing is written. Sign-offs that count under the policy in force are taken as given under the draft too; if the
    draft is adopted, people sign again.

    Parameters
    ----------
    draft
        The draft; it takes the place of the policy of its id.

    Raises
    ------
    ValueError
        If it could not be adopted: it makes no sense, or demands a control that its library does not have.
    """
    ledger = context.house.ledger
    ledger.refresh()
    library, _ = library_of(context, draft)
    if problem := unadoptable(draft, library):
        msg = f"policy {draft.id!r}: {problem}"
        raise ValueError(msg)
    context.progress("gathering what the ledger knows of every version")
    entries = sorted((found for kind in KINDS for found in ledger.read(kind=kind)), key=lambda found: found.seq)
    stock = take_stock(entries, draft.environment, current_root(context), context.house.verify)
    now = context.house.clock()
    today, past = backtest(draft, stock, now)
    before = [policy for _, policy in stock.policies if policy.id == draft.id]
    replaces = record_digest(before[-1]) if before else ""
    return PolicyTrial(draft.id, draft.environment, record_digest(draft), replaces, now, today, past)
