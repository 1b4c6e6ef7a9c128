from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.lifecycle.racing import racing
from tests.walk import Walked

from muster.lifecycle.serve.orders import renew
from muster.lifecycle.serve.traffic import stopping
from muster.records.release import IssuedOrders


def stop(walked: Walked, actor: str = "omar", **asked: Any) -> Any:
    return walked.do(actor, "stop", **{"deployment": "credit", "reason": "complaints", **asked})


def test_nothing_answers_where_people_stopped(walked: Walked) -> None:
    gateway = walked.gateway()
    assert gateway.refresh().serving(walked.clock()) == ("credit",)
    orders = stop(walked)
    assert (orders.deployments, orders.stopped) == ((), ("credit",))
    table = gateway.refresh()
    assert table.serving(walked.clock()) == ()
    assert "people stopped it" in table.places["credit"].refusal
    (entry,) = walked.do("admin", "ledger show", kind="deployment.stopped")
    assert (entry.actor, entry.body["reason"]) == ("local:omar", "complaints")
    assert walked.alerts()[-1] == "deployment-stopped"
    (line,) = walked.do("mia", "traffic show")
    assert (line.state, line.reasons) == ("stopped", ("by local:omar: complaints",))


def test_no_other_action_brings_it_back(walked: Walked) -> None:
    stop(walked)
    assert walked.do("omar", "orders issue").deployments == ()
    walked.do("omar", "posture update")
    walked.clock.offset = timedelta(hours=20)
    (orders,) = renew(walked.context("omar"))
    assert (orders.deployments, orders.stopped) == ((), ("credit",))
    for action, asked in (
        ("deployment set", {"version": walked.version}),
        ("traffic set", {"champion": walked.version}),
        ("traffic rollback", {}),
        ("traffic promote", {"version": walked.version}),
    ):
        with pytest.raises(PermissionError, match="was stopped by local:omar"):
            walked.do("omar", action, name="credit", **asked)
    assert walked.do("omar", "deployment set", name="other", version=walked.version).deployments[0].name == "other"


def test_only_another_person_resumes_it(walked: Walked) -> None:
    before = walked.do("omar", "orders show").deployments
    stop(walked)
    with pytest.raises(PermissionError, match="somebody else must look"):
        walked.do("omar", "resume", deployment="credit", reason="mended")
    with pytest.raises(ValueError, match="say why"):
        walked.do("ana", "resume", deployment="credit")
    with pytest.raises(PermissionError):
        walked.do("mia", "resume", deployment="credit", reason="mended")
    orders = walked.do("ana", "resume", deployment="credit", reason="mended")
    assert (orders.deployments, orders.stopped) == (before, ())
    assert walked.gateway().refresh().serving(walked.clock()) == ("credit",)
    with pytest.raises(LookupError, match="is not stopped"):
        walked.do("ana", "resume", deployment="credit", reason="again")


def test_who_stops_is_not_held_up_by_what_others_write(walked: Walked) -> None:
    walked.add("olga", "operator")
    context = racing(walked, "omar", lambda: walked.do("olga", "orders issue"), times=2)
    orders = stopping.stop(context, "credit", reason="complaints")
    assert orders.deployments == ()
    assert walked.do("omar", "orders show") == orders


def test_a_stop_whose_orders_were_not_issued_is_followed_by_the_watch(walked: Walked, monkeypatch: Any) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        msg = "the orders key is not to be had"
        raise OSError(msg)

    with monkeypatch.context() as patched:
        patched.setattr(stopping, "issued", broken)
        with pytest.raises(OSError, match="orders key"):
            stop(walked)
    walked.do("omar", "posture update")
    assert walked.do("omar", "orders show").stopped == ("credit",)
    count = len(walked.context().history(IssuedOrders))
    walked.do("omar", "posture update")
    assert len(walked.context().history(IssuedOrders)) == count


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"reason": " "}, ValueError, "say why"),
        ({"deployment": "gone"}, LookupError, "never had a deployment 'gone'"),
        ({"group": "other"}, LookupError, "gateway group 'other' never had"),
        ({"actor": "mia"}, PermissionError, "stop"),
    ],
)
def test_what_cannot_be_stopped_is_said(walked: Walked, asked: dict[str, str], error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        stop(walked, **asked)
    assert walked.do("omar", "orders show").stopped == ()


def test_what_is_stopped_is_not_stopped_again(walked: Walked) -> None:
    stop(walked)
    with pytest.raises(ValueError, match="is stopped already"):
        stop(walked, "ana")
