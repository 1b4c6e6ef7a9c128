"""Use cases: their facts and tier, the KPI with its target, what outcomes are worth, and what decisions came out at."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import rows, short
from muster.cli.render.registry import renders
from muster.lifecycle.desk.seen.worth import Worth
from muster.lifecycle.intake import TieredUseCase
from muster.rules.worth import outcomes_in_words


@renders(TieredUseCase)
def render(tiered: TieredUseCase, console: Console) -> None:
    """Show a use case: what it is for, how much can go wrong, and what it is worth."""
    case = tiered.use_case
    shown = {
        "id": case.id,
        "purpose": case.purpose,
        "tier": f"{tiered.tier}: {'; '.join(tiered.reasons)}",
        "owner": case.owner,
        "sponsor": case.sponsor,
        "domain": case.domain,
        "business_unit": case.business_unit,
        "ai_type": case.ai_type.value if case.ai_type else "",
        "autonomy": case.autonomy,
        "reach": f"{case.people_per_year:,} people and {case.exposure:,.0f} {case.currency} a year",
        "jurisdictions": case.jurisdictions,
    }
    console.print(rows({name: value for name, value in shown.items() if value}))
    for line in worth_lines(tiered):
        console.print(Text(line), soft_wrap=True)


def worth_lines(tiered: TieredUseCase, version: str = "") -> Iterator[str]:
    """Yield the KPI with its target, what outcomes are worth, and the expected value of versions, or of one."""
    case = tiered.use_case
    yield f"KPI             {case.kpi}, target {case.kpi_target:g}"
    yield f"outcomes worth  {outcomes_in_words(case.value)}"
    if case.value is None:
        return
    found = [worth for worth in tiered.worth if version in ("", worth.version)]
    for worth in found:
        yield f"expected value  {_expected(worth)}"
    if not found:
        yield "expected value  not measured yet: muster model assess measures it"


def _expected(worth: Worth) -> str:
    where = f"{short(worth.version)} on {worth.sample}"
    if worth.value is None:
        return f"{where}: not measured: {worth.reason}"
    interval = "" if worth.low is None or worth.high is None else f" [{worth.low:,.2f}, {worth.high:,.2f}]"
    more = "" if worth.gain is None else f"; {worth.gain:+,.2f} beside deciding all alike"
    return f"{where}: {worth.value:,.2f}{interval} {worth.currency} a decision (n {worth.n:,}){more}"
