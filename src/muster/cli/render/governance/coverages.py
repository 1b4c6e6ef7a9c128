"""How far laws and standards are answered, on a terminal: counts first, then clause by clause, what is missing said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import columns, rows, short
from muster.cli.render.registry import renders
from muster.lifecycle.library.regimes import Coverage, Outlook, RegimeLine
from muster.rules.coverage.report import Answer, CoverageLine, Covered
from muster.rules.coverage.upcoming import Coming
from muster.rules.gate.dates import day

WORDS = {
    Covered.SHOWN: "shown: evidence or a record meets what is asked",
    Covered.WAIVED: "waived for a time",
    Covered.OPEN: "open: demanded, and not met or not measured",
    Covered.ASKED: "demanded by a policy here",
    Covered.NOT_ASKED: "could be answered, but no policy here demands it and no record shows it",
    Covered.NOTHING: "not covered: nothing here answers it",
    Covered.NOT_YET: "not in force on that day",
    Covered.NOT_CONCERNED: "speaks of other use cases",
}


@renders(Coverage)
def render_coverage(coverage: Coverage, console: Console) -> None:
    """Show how far a regime is answered."""
    console.print(
        rows(
            {"regime": f"{coverage.regime}, {coverage.name}", "for": coverage.subject, "law as of": day(coverage.as_of)}
        )
    )
    console.print()
    if coverage.lines:
        counted = [{"clauses": n, "they are": WORDS[Covered(name)]} for name, n in coverage.counts.items()]
        console.print(columns(counted))
    else:
        console.print("The library describes no clause of it.")
    for line in coverage.lines:
        if line.covered is not Covered.NOT_CONCERNED:
            _line(line, console)
    elsewhere = [line for line in coverage.lines if line.covered is Covered.NOT_CONCERNED]
    if elsewhere:
        console.print()
        console.print(Text(f"Not for this use case: {', '.join(line.clause for line in elsewhere)}"), soft_wrap=True)
        for why in dict.fromkeys(line.why for line in elsewhere):
            console.print(Text(f"  {why}"), soft_wrap=True)
    if later := sorted({line.standing for line in coverage.lines if line.covered is Covered.NOT_YET}):
        console.print()
        words = f"Not in force then: {'; '.join(later)}. --as-of DAY shows the same with the law of another day."
        console.print(Text(words), soft_wrap=True)
    _close(coverage.note, coverage.notice, console)


@renders((RegimeLine,))
def render_regimes(lines: Sequence[RegimeLine], console: Console) -> None:
    """Show the regimes, a line each."""
    if not lines:
        console.print("the library names no regime")
        return
    told = [
        {
            "regime": line.id,
            "name": line.name,
            "stands": line.standing,
            "where": ", ".join(line.jurisdictions) or "anywhere",
            "clauses": line.clauses,
            "answerable": line.answered,
            "known": line.confidence,
        }
        for line in lines
    ]
    console.print(columns(told))
    console.print()
    console.print("muster coverage REGIME shows one, clause by clause. Engineering input, not legal advice.")


@renders(Outlook)
def render_outlook(outlook: Outlook, console: Console) -> None:
    """Show what laws will ask, by day, use case and regime."""
    until = outlook.until if outlook.until[0].isalpha() else day(outlook.until)
    console.print(rows({"from": day(outlook.today), "until": until}))
    if not outlook.coming:
        console.print("\nNo clause that the library knows begins or ends for a use case here in that time.")
    for (on, case, regime, change), coming in groupby(outlook.coming, lambda c: (c.on, c.use_case, c.regime, c.change)):
        _group(f"{day(on)}: {regime} {change} for {case}", list(coming), console)
    if outlook.unheld:
        words = f"Not one policy is for {', '.join(outlook.unheld)}: of their versions nothing can be said."
        console.print()
        console.print(Text(words), soft_wrap=True)
    _close("", outlook.notice, console)


def _group(title: str, coming: list[Coming], console: Console) -> None:
    console.print()
    console.print(Text(f"{title} ({many(len(coming))}; {coming[0].why})", "bold"), soft_wrap=True)
    for place, stand in enumerate(coming[0].versions):
        stands = [each.versions[place].covered for each in coming]
        counted = "; ".join(f"{stands.count(each.value)} {each.value}" for each in Covered if each.value in stands)
        console.print(Text(f"  {stand.model} {short(stand.version)}: {counted}"), soft_wrap=True)
    if not coming[0].versions:
        console.print("  no version to look at")
    for each in coming:
        console.print(Text(f"  {each.clause}  {each.summary}"), soft_wrap=True)
        for words in _state(each):
            console.print(Text(f"      {words}"), soft_wrap=True)


def _state(coming: Coming) -> Iterator[str]:
    """Say of a clause what is there for all versions, what is missing for any, and what nothing covers."""
    missing = list(dict.fromkeys(name for stand in coming.versions for name in stand.open))
    there = [name for name in dict.fromkeys(n for stand in coming.versions for n in stand.there) if name not in missing]
    if there:
        yield f"there: {', '.join(there)}"
    if missing:
        yield f"not there yet: {', '.join(missing)}"
    elif coming.controls and not coming.versions:
        yield f"measured by: {', '.join(coming.controls)}"
    yield from coming.gaps
    if not (there or missing or coming.controls or coming.gaps):
        yield "nothing here answers it"


def _line(line: CoverageLine, console: Console) -> None:
    console.print()
    unsure = "" if line.confidence == "read" else ", unverified"
    head = Text.assemble((line.clause, "bold"), f"  {line.covered.value.replace('-', ' ')}  ({line.standing}{unsure})")
    console.print(head, soft_wrap=True)
    console.print(Text(f"  {line.summary}"), soft_wrap=True)
    idle = [each.by for each in line.answers if not each.demanded_by and each.finding in ("", "missing", "lacking")]
    for answer in line.answers:
        if answer.by not in idle:
            console.print(Text(f"    {_answer(answer)}"), soft_wrap=True)
    if idle:
        console.print(Text(f"    could answer it, and does not here: {', '.join(idle)}"), soft_wrap=True)
    for gap in line.gaps:
        console.print(Text(f"    gap: {gap}"), soft_wrap=True)


def many(clauses: int) -> str:
    """Count clauses."""
    return "1 clause" if clauses == 1 else f"{clauses} clauses"


def _answer(answer: Answer) -> str:
    asked = f", demanded by {', '.join(answer.demanded_by)}" if answer.demanded_by else ""
    why = f": {answer.why}" if answer.why else ""
    return short(f"{answer.by}{asked}{f', {answer.finding}' if answer.finding else ''}{why}")


def _close(note: str, notice: str, console: Console) -> None:
    console.print()
    for text in (note, " ".join(notice.split())):
        if text:
            console.print(Text(text), soft_wrap=True)
