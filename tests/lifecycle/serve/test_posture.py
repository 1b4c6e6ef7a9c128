from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.stories.lapses.scene import adopt, orders, release, update, worse, written
from tests.walk import Walked

from muster.lifecycle.serve.posture import update as updated
from muster.ports.ledger import Conflict
from muster.records.evidence import Evidence
from muster.records.people import Role


def test_where_everything_stands_nothing_is_written(walked: Walked) -> None:
    size = walked.house.ledger.refresh()
    assert update(walked) == ()
    assert written(walked, size) == []


def test_somebody_who_writes_meanwhile_makes_it_look_again(walked: Walked, monkeypatch: pytest.MonkeyPatch) -> None:
    adopt(walked)
    release(walked)
    worse(walked, walked.version)
    context, ledger = walked.context("omar"), walked.house.ledger
    does, tries = ledger.append, []

    def append(entries: Sequence[Any], expect: Any = None) -> Any:
        if entries[0].kind == "standing.changed":
            tries.append(expect)
            if len(tries) == 1:
                other = walked.context("mia")
                does([other.entry(context.history(Evidence)[-1][1])])
        return does(entries, expect)

    monkeypatch.setattr(type(ledger), "append", lambda _, *given: append(*given))
    (change,) = updated(context)
    assert (change.after, len(tries)) == ("lapsed", 2)

    def never(*_: Any) -> Any:
        msg = "it changed"
        raise Conflict(msg)

    walked.do("mia", "model assess", version=walked.version, sample=walked.parts["held-out"])
    monkeypatch.setattr(type(ledger), "append", never)
    with pytest.raises(Conflict, match="nothing was recorded"):
        updated(context)


def test_one_group_that_cannot_follow_does_not_hold_up_the_others(
    walked: Walked, monkeypatch: pytest.MonkeyPatch
) -> None:
    from muster.lifecycle.serve import posture

    adopt(walked)
    release(walked)
    walked.do("omar", "deployment set", name="credit", version=walked.version, group="another")
    worse(walked, walked.version)
    does = posture.issue

    def issue(context: Any, group: str) -> Any:
        if group == "another":
            msg = "no key"
            raise PermissionError(msg)
        return does(context, group)

    monkeypatch.setattr(posture, "issue", issue)
    with pytest.raises(RuntimeError, match="group 'another': no key"):
        updated(walked.context("omar"))
    assert orders(walked).deployments == ()


def test_a_release_that_answers_nowhere_is_recorded_and_nobody_is_woken(walked: Walked) -> None:
    adopt(walked)
    release(walked)
    walked.do("omar", "deployment remove", name="credit")
    worse(walked, walked.version)
    (change,) = update(walked)
    assert (change.after, change.deployments, walked.alerts()) == ("lapsed", (), [])


def test_only_operators_update(walked: Walked) -> None:
    with pytest.raises(PermissionError, match=Role.OPERATOR.value):
        walked.do("mia", "posture update")
