"""What the gate asks of every version, and what it said of this one."""

from __future__ import annotations

from muster.records.decision import Finding
from muster.records.people import Role
from muster.rules.coverage.house.known import Known, Shown, lacking, shown
from muster.rules.gate.measured import WINDOW
from muster.rules.tier import tier


def registered(known: Known) -> Shown:
    """Tell whether the version and its use case are in the inventory."""
    case = known.use_case
    missing = [name for name in ("owner", "sponsor", "purpose", "kpi") if not str(getattr(case, name)).strip()]
    if not known.facts.versions or missing:
        return lacking(f"not in the inventory, or without {', '.join(missing) or 'its registration'}")
    places = ", ".join(case.jurisdictions)
    return shown(f"{known.version.model} is registered for {case.id}: owner {case.owner}, acts in {places}")


def tiered(known: Known) -> Shown:
    """Tell whether the tier follows from stated facts."""
    if not known.registered_at:
        return lacking("the facts of the use case are not registered")
    computed, reasons = tier(known.use_case)
    return shown(f"tier {computed.value}, from facts stated on {known.registered_at}: {'; '.join(reasons)}")


def duties_separated(known: Known) -> Shown:
    """Tell whether the policy keeps authors from signing off, and somebody else has signed."""
    if not known.policy.separation_of_duties:
        return lacking(f"policy {known.policy.id} lets authors sign off their own work")
    signed = [reason for reason in known.reasons("sign-off:") if reason.finding is Finding.MET]
    if not signed:
        return lacking("nobody has signed yet who is not an author")
    makers = ", ".join(known.authors) or "nobody known"
    return shown(f"made by {makers}; {'; '.join(reason.explanation for reason in signed)}")


def signed_off(known: Known) -> Shown:
    """Tell whether everybody has signed whom the policy asks for."""
    asked = known.reasons("sign-off:")
    if not asked:
        return lacking(f"policy {known.policy.id} asks nobody to sign")
    waiting = [reason for reason in asked if reason.finding is not Finding.MET]
    told = waiting or asked
    return Shown(holds=not waiting, why="; ".join(f"{reason.demand}: {reason.explanation}" for reason in told))


def waivers_sound(known: Known) -> Shown:
    """Tell whether whatever is not met is waived by the rules for that."""
    waived, offered = known.found({Finding.WAIVED}), known.facts.waivers
    if not offered:
        return shown("no waiver was granted for this version: nothing is let pass")
    idle = len({fact.record.control for fact in offered}) - len({demand.partition(" ")[0] for demand in waived})
    rest = f"; {idle} that were granted count for nothing today" if idle > 0 else ""
    return shown(f"waived today: {', '.join(waived) or 'nothing'}{rest}")


def validated(known: Known) -> Shown:
    """Tell whether a validator has signed whom the gate counts."""
    reasons = [each for each in known.reasons(f"sign-off:{Role.VALIDATOR.value}") if each.finding is Finding.MET]
    if not reasons:
        return lacking(f"no validator signed it off; policy {known.policy.id} would have to ask for that")
    return shown("; ".join(reason.explanation for reason in reasons))


def evidence_young(known: Known) -> Shown:
    """Tell whether evidence grows old by the policy, and none that is demanded is too old."""
    days = known.policy.maximum_evidence_age_days
    if stale := known.found({Finding.STALE}):
        return lacking(f"older than the policy allows: {', '.join(stale)}")
    if not known.facts.evidence:
        return lacking("nothing was measured yet")
    watched = sum(each.sample_role == WINDOW for each in known.policy.requirements) + len(known.policy.monitors)
    return shown(f"evidence counts for {days:g} days; {watched} demands are asked of live traffic again and again")
