"""A backtest on a terminal: how many, which, and why; the changes first."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import columns, rows, short
from muster.cli.render.registry import renders
from muster.lifecycle.policies.backtest import PolicyTrial
from muster.rules.backtest.compare import ORDER, Change, Comparison

MOST = 20
"""Changes that are shown; all of them are in the JSON."""

WORDS = {"allow": "allowed", "wait": "waits for people", "refuse": "refused"}


@renders(PolicyTrial)
def render_trial(trial: PolicyTrial, console: Console) -> None:
    """Show what a draft policy would have changed, today and in the past."""
    stands = short(trial.replaces) if trial.replaces else "none: it is the first of its id"
    if trial.replaces == trial.digest:
        stands = "the very same: the draft is what is in force"
    console.print(
        rows({"draft": f"{trial.policy} for {trial.environment}", "digest": trial.digest, "replaces": stands})
    )
    _comparison("Today, all versions", trial.today, console)
    _comparison("Every release, at its time", trial.past, console)
    console.print()
    console.print(
        "Nothing was written. Sign-offs count as given under the draft too; once it is adopted, people sign again.",
        markup=False,
    )


def _comparison(title: str, found: Comparison, console: Console) -> None:
    console.print()
    console.print(Text(f"{title}: {found.judged:,} judged, the draft is for {found.covered:,} of them", "bold"))
    if not found.judged:
        return
    lines = [
        {"verdict": WORDS[name], "in force": found.before.get(name, 0), "draft": found.after.get(name, 0)}
        for name in ORDER
    ]
    console.print(columns(lines))
    _changes("would change", found.changes, console)
    _changes("stay as they are, and are not allowed", found.still_open, console)
    if found.demands:
        open_demands = [{"open under the draft": name, "cases": cases} for name, cases in found.demands.items()]
        console.print(columns(open_demands))


def _changes(what: str, changes: Sequence[Change], console: Console) -> None:
    if not changes:
        return
    console.print(Text(f"{len(changes):,} {what}:"))
    for change in changes[:MOST]:
        moved = WORDS[change.after]
        if change.before != change.after:
            moved = f"{WORDS[change.before]} -> {moved}"
        at = f"{change.at:%Y-%m-%d %H:%M}"
        console.print(Text(f"  {change.model} {short(change.version)} ({change.use_case}, {at}): {moved}"))
        for reason in change.reasons:
            console.print(Text(f"      {short(reason)}"))
        if change.resolved:
            console.print(Text(f"      no longer open: {', '.join(change.resolved)}"))
    if len(changes) > MOST:
        console.print(Text(f"  and {len(changes) - MOST:,} more (--json shows all)"))
