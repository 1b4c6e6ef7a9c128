"""What stands between a version and those who ask it, and what shows afterwards what happened."""

from __future__ import annotations

from muster.rules.coverage.house.known import Known, Shown, lacking, shown
from muster.rules.gate.guarding import standing_guards
from muster.rules.gate.measured import TRIAL


def released(known: Known) -> Shown:
    """Tell whether a signed release stands today; gateways load no other bytes."""
    if not known.packages:
        return lacking("no release of it stands today, so that no gateway serves it")
    return shown(f"released as {', '.join(name[:19] for name in known.packages)}, still allowed")


def tried_beside(known: Known) -> Shown:
    """Tell whether it ran in shadow, or runs on a part of the traffic."""
    parts = [f"{each.name} ({each.share:.0%})" for each in known.deployments if 0 < each.share < 1]
    seen = sum(fact.record.sample_role == TRIAL for fact in known.facts.evidence)
    if seen:
        return shown(
            f"{seen} measurements of it beside a champion; on a part of the traffic: {', '.join(parts) or 'no'}"
        )
    if known.shadows or parts:
        return shown(f"{known.shadows} releases into shadow; on a part of the traffic: {', '.join(parts) or 'no'}")
    return lacking("it was never released into shadow, and does not run on a part of the traffic")


def inputs_guarded(known: Known) -> Shown:
    """Tell whether the guards of inputs stand before the version wherever it is served."""
    if known.policy.answers is not None:
        return lacking("it takes text: no range of inputs is known")
    guards, words = standing_guards(known.policy), known.policy.outside_range
    return shown(f"guards {', '.join(guards)} stand before it; a number outside the range: {words}")


def answers_guarded(known: Known) -> Shown:
    """Tell whether guards of answers are demanded; a gateway serves a hosted model without them to nobody."""
    rules = known.policy.answers
    if rules is None:
        return lacking(f"policy {known.policy.id} demands no guard of answers")
    on = [name for name in ("packages", "secrets", "personal", "licences", "commands") if getattr(rules, name)]
    return Shown(holds=bool(on), why=f"policy {known.policy.id} puts before every answer: {', '.join(on) or 'nothing'}")


def packages_guarded(known: Known) -> Shown:
    """Tell whether the guard of packages is demanded."""
    rules = known.policy.answers
    if rules is None or rules.packages is None:
        return lacking(f"policy {known.policy.id} demands no guard of packages")
    return shown(f"policy {known.policy.id} demands the guard of packages before every answer")


def secrets_guarded(known: Known) -> Shown:
    """Tell whether the guard of secrets is demanded; whether those of people and licences are is told."""
    rules = known.policy.answers
    if rules is None or rules.secrets is None:
        return lacking(f"policy {known.policy.id} demands no guard of secrets")
    more = [name for name in ("personal", "licences") if getattr(rules, name) is None]
    rest = f"; not asked for: {', '.join(more)}" if more else "; so are those of personal data and licences"
    return shown(f"secrets in answers: {rules.secrets.value}{rest}")


def ledger_proven(known: Known) -> Shown:
    """Tell whether the ledger has a signed head, and somebody beside the house has seen it."""
    if not known.entries:
        return lacking("no signed checkpoint of the ledger was read")
    if not known.outside:
        why = f"{known.entries:,} entries under a signed checkpoint, but nobody beside this house has it"
        return lacking(why)
    return shown(f"{known.entries:,} entries under a signed checkpoint, kept or cosigned by {', '.join(known.outside)}")
