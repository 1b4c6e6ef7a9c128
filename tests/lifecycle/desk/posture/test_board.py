from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.adopting import adopt
from tests.walk import Walked

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.board import board_of, standing_of, standings_of
from muster.records.access.alert import Alert, Severity
from muster.records.evidence import Evidence
from muster.records.release import SignedRelease
from muster.rules.standing.state import State


def release_in(context: Context) -> SignedRelease:
    ((_, release),) = context.history(SignedRelease)
    return release


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hear of every release that is judged, and of every version that is gathered."""
    heard: list[str] = []

    def listen(name: str) -> None:
        board = "muster.lifecycle.desk.posture.board"
        module = __import__(board, fromlist=[name])
        does: Callable[..., Any] = getattr(module, name)

        def hear(*given: Any) -> Any:
            heard.append(name)
            return does(*given)

        monkeypatch.setattr(module, name, hear)

    for name in ("judge", "gather", "open_package"):
        listen(name)
    return heard


def test_a_release_is_judged_once_until_something_about_it_arrives(walked: Walked, asked: list[str]) -> None:
    context = walked.context()
    release = release_in(context)
    assert standing_of(context, release).state is State.IN_FORCE
    assert asked == ["gather", "open_package", "judge"]
    walked.do("omar", "orders issue")
    context.record(Alert("x", Severity.INFO, "y", "z", walked.clock()))
    walked.sibling()
    assert standing_of(context, release).state is State.IN_FORCE
    assert asked == ["gather", "open_package", "judge"], "none of that is about it"

    (known, *_) = [held for _, held in context.history(Evidence) if held.check == "performance.discrimination"]
    context.record(replace(known, figures=tuple(replace(f, value=0.1, low=0.1, high=0.1) for f in known.figures)))
    assert standing_of(context, release).state is State.LAPSED
    assert asked[3:] == ["gather", "judge"], "the package is proven already"


def test_time_alone_makes_it_ask_again_only_once_something_may_differ(walked: Walked, asked: list[str]) -> None:
    context = walked.context()
    release = release_in(context)
    until = standing_of(context, release).until
    walked.clock.offset = until - walked.clock() - timedelta(days=2)
    standing_of(context, release)
    asked.clear()
    standing_of(context, release)
    assert asked == []
    walked.clock.offset += timedelta(days=2, seconds=1)
    assert standing_of(context, release).state is State.LAPSED
    assert asked == ["judge"]


def test_another_policy_or_trust_root_makes_it_ask_again(walked: Walked) -> None:
    context = walked.context()
    release = release_in(context)
    assert standing_of(context, release).state is State.IN_FORCE
    adopt(walked, statement="Newer, so that nobody has signed under it.")
    assert [lapse.demand for lapse in standing_of(context, release).lapses] == ["sign-off:risk-analyst"]
    walked.sign("ana")
    assert standing_of(context, release).state is State.IN_FORCE
    walked.enrol("ana")
    assert standing_of(context, release).state is State.LAPSED, "what her old key signed counts no more"


def test_of_what_was_never_released_nothing_is_said(walked: Walked) -> None:
    assert standings_of(walked.context(), ["sha256:nothing"]) == {}


def test_a_house_has_one_board_and_another_house_another(walked: Walked) -> None:
    context = walked.context()
    assert board_of(context) is board_of(walked.context("omar"))
    before = board_of(context)
    walked.close()
    assert board_of(walked.context()) is not before


def test_a_package_that_is_gone_is_said_to_be_refused(walked: Walked) -> None:
    context = walked.context()
    walked.home.joinpath("store", "sha256", walked.package[7:9], walked.package[7:]).unlink()
    found = standing_of(context, release_in(context))
    assert (found.state, found.served) == (State.LAPSED, False)
    assert "gateways refuse it" in found.reasons[0]
