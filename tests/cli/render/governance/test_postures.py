from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from muster.lifecycle.watch.posture import DemandLine, PostureChange, PostureLine, PosturePage
from muster.records.governance.standing import StandingChanged
from muster.rules.standing.state import Fall, Lapse

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(days=3)
VERSION = "sha256:" + "ab" * 32
NAMED = ("credit", VERSION, "loans", "production", "serve", VERSION, ("default/credit",))
AHEAD = tuple(Fall(LATER, name, "too old by then") for name in "abacdeff")
STANDS = PostureLine(*NAMED, "in-force", None, (), "olga", "", LATER, AHEAD)
FELL = PostureLine(*NAMED, "in-grace", AT, (Lapse("auc", "too low", AT),), "olga", "it is suspended", LATER, ())
CHANGE = StandingChanged(
    VERSION, "loans", "production", "serve", VERSION, "in-force", "in-grace", ("auc: too low",), AT, NAMED[6], "olga",
    "suspend", LATER,
)  # fmt: skip


def test_a_line_for_each_release_and_below_it_what_fell_out_whose_and_what_then(shown: Callable[..., str]) -> None:
    said = shown((FELL, STANDS)).splitlines()
    assert said[0] == "in-grace  credit sha256:abababababab  loans, production (serve)  default/credit"
    assert said[1].split() == ["fell", "out", "2026-11-23", "12:00", "auc:", "too", "low"]
    assert said[2].split() == ["whose", "olga"]
    assert said[3].endswith("it is suspended, by 2026-11-26 12:00 UTC")
    assert said[4].endswith("until 2026-11-26 12:00  owner olga")
    assert said[5].endswith("2026-11-26 12:00  a, b, c, d and 2 more: too old by then")
    assert said[-1] == "2 releases: 1 fell out, 1 will within the days asked for"


def test_every_demand_with_and_without_waivers_and_from_when_it_is_open(shown: Callable[..., str]) -> None:
    demands = (
        DemandLine("auc", "waived", "not-met", "waived until", AT, "x"),
        DemandLine("b", "met", "met", "y", None, ""),
    )
    page = PosturePage(VERSION, "loans", "production", "serve", "credit", "allow", "refuse", (), demands)
    said = shown(page)
    assert "gate today: allow; without waivers: refuse" in said
    assert "not released for this yet" in said
    row = next(line for line in said.splitlines() if line.startswith("auc"))
    assert row.split()[:5] == ["auc", "waived", "not-met", "2026-11-23", "12:00"]
    assert "fell out" in shown(PosturePage(VERSION, "l", "p", "serve", "c", "wait", "wait", (FELL,), demands))


def test_changes_say_when_they_were_noticed_and_what_they_bring(shown: Callable[..., str]) -> None:
    said = shown((PostureChange(LATER, "system", CHANGE),)).splitlines()
    assert said[0].startswith("2026-11-26 12:00  in-force -> in-grace  sha256:abababababab, loans, production")
    assert said[1:] == [
        "    auc: too low",
        "    suspend, grace until 2026-11-26 12:00, since 2026-11-23 12:00; owner olga",
    ]
    assert shown((CHANGE,)).splitlines()[1:] == said[1:]
