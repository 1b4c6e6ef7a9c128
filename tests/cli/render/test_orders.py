from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime

from muster.lifecycle.desk.checkpoints import Anchored
from muster.lifecycle.desk.journal import AlertLine
from muster.records.access.alert import Severity
from muster.records.release import Deployment, GuardOrder, GuardSet, NamedDigest, Orders, Part

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
DIGEST = f"sha256:{'ab' * 32}"
GUARDS = GuardSet("g1", (GuardOrder("prohibited", {"columns": ["AGE", "SEX"]}), GuardOrder("plausible")))
LIVE = Deployment("live", "credit", "production", "serve", DIGEST, DIGEST, DIGEST, guards="g1")
ORDERS = Orders(
    "default",
    7,
    AT,
    AT,
    (LIVE,),
    (DIGEST,),
    "checkpoint",
    3,
    (GUARDS,),
    (NamedDigest("credit", DIGEST),),
    (NamedDigest("pypi", DIGEST),),
)


def test_orders_are_said_in_words(shown: Callable[..., str]) -> None:
    text = shown(ORDERS)
    for words in (
        "Orders 7 for gateway group default",
        "by trust root version 3",
        "live answers for credit in production",
        f"version   {DIGEST}",
        "guards    prohibited (columns AGE, SEX); plausible",
        "Whoever credit refuses is told reasons of the map sha256:",
        "held against the list pypi",
        "is withdrawn for good",
    ):
        assert words in text, words


def test_what_orders_do_not_say_is_said(shown: Callable[..., str]) -> None:
    assert "Nothing is deployed" in shown(dataclasses.replace(ORDERS, deployments=()))
    bare = dataclasses.replace(LIVE, guards="", share=0.25, scope="shadow")
    text = shown(dataclasses.replace(ORDERS, deployments=(bare,)))
    assert "guards    those that its policy demands" in text
    assert "live runs as shadow for credit in production, 25% of the traffic" in text
    trial = dataclasses.replace(LIVE, part=Part.CHALLENGER, share=0.25, scope="trial", cut_seconds=20.0)
    text = shown(dataclasses.replace(ORDERS, deployments=(trial,)))
    assert "live answers as challenger on trial for credit in production, 25% of the traffic" in text
    assert "log       closed every 20 seconds" in text


def test_places_that_did_not_keep_a_checkpoint_stand_out(shown: Callable[..., str]) -> None:
    text = shown((Anchored("file:a", 7, ("w1",)), Anchored("git:b", 7, (), "no git repository")))
    assert any(line.split() == ["file:a", "7", "w1", "yes"] for line in text.splitlines())
    assert "NO: no git repository" in text


def test_alerts_have_their_words_below(shown: Callable[..., str]) -> None:
    text = shown((AlertLine(AT.isoformat(), "root-wrong", Severity.CRITICAL, "gateway:g", "look at it"),))
    assert text.splitlines()[0].split() == ["2026-11-23", "10:00:00", "critical", "root-wrong", "gateway:g"]
    assert text.splitlines()[1] == "    look at it"


def test_orders_say_until_when_what_lapsed_is_served(shown: Callable[..., str]) -> None:
    lapsed = dataclasses.replace(ORDERS, deployments=(dataclasses.replace(LIVE, until=AT),))
    assert "LAPSED    gateways stop serving it at 2026-11-23 10:00:00 UTC, when its grace ends" in shown(lapsed)
    assert "LAPSED" not in shown(ORDERS)
