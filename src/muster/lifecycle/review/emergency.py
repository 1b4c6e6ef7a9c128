"""Emergency: who may lets a version out before people have signed it off, with a key of their own, for a set time."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import Asked, ask, find_version, require_heard
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.reach.cover import require_role_for
from muster.lifecycle.desk.roots import current_root
from muster.records.access.alert import Severity, Suspicious
from muster.records.canonical import digest
from muster.records.codec import decode
from muster.records.decision import SETTLED, Decision, Finding, Question
from muster.records.entry import Recorded
from muster.records.governance.emergency import Emergency, SignedEmergency
from muster.records.people import Role
from muster.rules.envelope import envelope_text, read_envelope, read_statement, statement
from muster.rules.gate.decide import record_digest
from muster.rules.gate.facts import Fact, gather
from muster.rules.gate.people.emergency import due_at, objection
from muster.rules.gate.urgent import EMERGENCY

SIGNERS = (Role.RISK_ANALYST, Role.VALIDATOR, Role.OWNER, Role.EXECUTIVE)
LONGEST = 1000
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class EmergencyRequest:
    """What somebody is asked to sign: a text to read, and the statement (base64) that the signature is over."""

    text: str
    statement: str
    digest: str
    sign_offs_due: datetime


@view("emergency request", roles=SIGNERS)
def request(
    context: Context, version: str, role: Role, reason: str, environment: str = "production", scope: str = "serve"
) -> EmergencyRequest:
    """Show what letting a version out before its sign-offs would mean, and the statement to sign.

    `muster emergency sign` signs it. What is measured must be met all the same; only sign-offs may follow later.

    Parameters
    ----------
    role
        Role that you sign for, one that the policy names.
    reason
        Why it cannot wait; it stays in the ledger for ever, so name no person.
    """
    context.house.ledger.refresh()
    if not reason.strip() or len(reason) > LONGEST:
        msg = f"say why it cannot wait, in 1 to {LONGEST} characters: others will read it"
        raise ValueError(msg)
    found = find_version(context, version)
    asked = ask(context, Question(found.digest, found.use_case, environment, scope))
    require_role_for(context, role, found.use_case)
    said = Emergency(
        question=asked.decision.question,
        approver=context.identity.id,
        role=role.value,
        policy=record_digest(asked.policy),
        library=record_digest(asked.library),
        reason=reason.strip(),
        signed_at=context.house.clock(),
        origin=current_root(context).origin,
    )
    fact = Fact(said, "", said.approver, context.identity.local, said.signed_at)
    _require_due(asked, fact)
    due = min(due_at(each, asked.policy) for each in (*asked.facts.emergencies, fact))
    payload = statement({"model-version": found.digest}, EMERGENCY, said)
    return EmergencyRequest(_readable(asked, said, due), base64.b64encode(payload).decode(), digest(payload), due)


@action("emergency submit", roles=SIGNERS)
def submit(context: Context, emergency: str) -> Decision:
    """Hand in a signed statement that lets a version out before its sign-offs; return the gate's decision with it.

    Parameters
    ----------
    emergency
        JSON text of the DSSE envelope, signed with the key of whoever hands it in.

    Raises
    ------
    Suspicious, PermissionError
        If it would not count: a key that the trust root does not grant, a role that the policy does not name, an
        author; or if something else than sign-offs is missing.
    """
    payload = base64.b64decode(read_envelope(emergency).payload)
    question = decode(Emergency, read_statement(payload, EMERGENCY)[1], "emergency").question
    basis = context.basis()
    signed = SignedEmergency(question.version, envelope_text(read_envelope(emergency)))
    asked = ask(context, question)
    fact = _counting(context, signed, asked)
    require_role_for(context, Role(fact.record.role), question.use_case)
    require_heard(context, [asked.policy])
    _require_due(asked, fact)
    context.record(signed, expect=basis)
    return ask(context, question).decision


def _counting(context: Context, signed: SignedEmergency, asked: Asked) -> Fact[Emergency]:
    """Return the statement inside, if its signature counts and whoever hands it in has signed it."""
    entry = context.entry(signed)
    alone = [Recorded(-1, entry, entry.to_bytes())]
    new = gather(asked.decision.question, alone, current_root(context), context.house.verify)
    if not new.emergencies:
        msg = "; ".join(new.rejected) or "the envelope holds no emergency statement"
        raise Suspicious(msg, "emergency-forged")
    (fact,) = new.emergencies
    if fact.record.approver != context.identity.id:
        msg = f"{context.identity.id} hands in a statement of {fact.record.approver}: everybody hands in their own"
        raise Suspicious(msg, "emergency-forged")
    return fact


def _require_due(asked: Asked, fact: Fact[Emergency]) -> None:
    """Refuse what would change nothing: a statement that does not count, or one where more than people is missing."""
    if why := objection(fact, asked.policy, asked.library, asked.facts):
        if fact.record.approver in asked.facts.authors:
            raise Suspicious(why, "author-signs-off", Severity.WARNING)
        raise PermissionError(why)
    open_demands = [reason for reason in asked.decision.reasons if reason.finding not in SETTLED]
    if measured := [r for r in open_demands if not (r.demand.startswith("sign-off:") and r.finding is Finding.MISSING)]:
        told = "; ".join(f"{reason.demand} ({reason.finding.value})" for reason in measured)
        msg = f"an emergency excuses missing sign-offs, nothing else; open are: {told}"
        raise PermissionError(msg)
    if not open_demands:
        msg = "no sign-off is missing: it can be released as it is (muster release sign)"
        raise ValueError(msg)
    if any(fact.at >= due_at(each, asked.policy) for each in asked.facts.emergencies):
        msg = "the time of the first emergency release of this version is over: what is missing is its sign-offs"
        raise PermissionError(msg)


def _readable(asked: Asked, said: Emergency, due: datetime) -> str:
    question = said.question
    lines = [
        f"I, {said.approver}, as {said.role}, answer for model version {question.version}",
        f"being released in an emergency, to {question.scope} use case {question.use_case} in {question.environment},",
        f"under policy {asked.policy.id} ({said.policy}), before its sign-offs.",
        f"Why it cannot wait: {said.reason}",
        f"The sign-offs are due by {due:%Y-%m-%d %H:%M} UTC; without them gateways stop serving it then.",
        "",
        "What the gate found:",
    ]
    lines += [f"  {reason.finding.value:20} {reason.demand}: {reason.explanation}" for reason in asked.decision.reasons]
    return "\n".join(lines)
