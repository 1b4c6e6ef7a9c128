"""Risk tiers, and which use cases a selector means."""

from __future__ import annotations

from typing import Any

HIGH_RISK = ("consumer-credit", "mortgage", "employment", "education", "insurance", "essential-services")


def tier(case: Any) -> str:
    """Return the risk tier of a use case, by the rules of muster."""
    grave, many = case["consequential"], case["people_per_year"] >= 100_000
    decides, fragile = case["autonomy"] == "decides", case.get("vulnerable_people", False)
    hurts = case.get("safety_component", False)
    if (grave and (case["domain"] in HIGH_RISK or decides or many or fragile)) or (hurts and decides):
        return "high"
    raised = (grave, case["exposure"] >= 10_000_000, many, fragile, hurts, decides, case["third_party"])
    return "medium" if any(raised) or case.get("ai_type") == "agent" else "low"


def meant(selector: Any, case: Any) -> bool:
    """Tell whether a selector means a use case; what the use case does not state counts as meant."""
    facts = {"domains": case["domain"], "tiers": tier(case), "autonomy": case["autonomy"]}
    unless_unstated = {"ai_types": case.get("ai_type"), "business_units": case.get("business_unit")}
    facts |= {name: held for name, held in unless_unstated.items() if held}
    if any(selector.get(name) and held not in selector[name] for name, held in facts.items()):
        return False
    places, purposes = selector.get("jurisdictions"), [said.casefold() for said in selector.get("purposes", [])]
    if (places and not set(places) & set(case["jurisdictions"])) or (
        purposes and case["purpose"].casefold() not in purposes
    ):
        return False
    if any(selector.get(name) not in (None, case[name]) for name in ("consequential", "third_party")):
        return False
    bounds = ["people_per_year"] + ["exposure"] * (selector.get("currency", "") == case["currency"])
    least = all(case[name] >= selector.get(f"minimum_{name}", 0) for name in bounds)
    most = [(case[name], selector.get(f"maximum_{name}")) for name in bounds]
    return least and all(bound is None or held <= bound for held, bound in most)
