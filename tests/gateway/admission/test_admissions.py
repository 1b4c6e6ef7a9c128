from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.gateway.papers.written import POLICY
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.admission.table import Table, report
from muster.records.canonical import digest
from muster.records.trust import Duty


def refused(table: Table, name: str = "loans") -> str:
    assert table.places[name].served is None
    return table.places[name].refusal


def test_what_is_released_and_ordered_is_served(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    table = world.admissions(log).refresh()
    assert table.serving(world.now) == ("loans",), report(table)
    assert any("gate, asked again here: allow" in line for line in report(table))


def swapped(deployment: Any, **changes: Any) -> Any:
    return replace(deployment, **changes)


def test_a_flipped_byte_in_the_artifact_is_refused(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    text = deployment.served.removeprefix("sha256:")
    path = world.folder / "outbox" / "sha256" / text[:2] / text
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    world.order(deployment)
    assert "altered" in refused(world.admissions(log).refresh())


def test_an_outbox_that_lies_about_digests_gains_nothing(world: World, log: ArrowLog) -> None:
    good, other = world.release(), world.release("other", bias=3.0)
    world.order(good)
    admissions = world.admissions(log)
    honest = admissions._loader._outbox.get

    class Lying:
        def get(self, digest: str) -> bytes:
            return honest(other.served if digest == good.served else digest)

    admissions._loader._outbox = Lying()  # type: ignore[assignment]
    assert "exchanged" in refused(admissions.refresh())


def test_the_deployment_must_ask_what_the_release_answers(world: World, log: ArrowLog) -> None:
    good, other = world.release(), world.release("other", bias=3.0)
    for changes in ({"served": other.served}, {"package": other.package}, {"version": other.version}):
        world.order(swapped(good, **changes))
        assert refused(world.admissions(log).refresh())


def test_an_artifact_of_another_version_is_refused_even_where_it_is_signed(world: World, log: ArrowLog) -> None:
    plans = world.artifact
    world.artifact = lambda _, *rest: plans(digest(b"another version"), *rest)  # type: ignore[method-assign]
    world.order(world.release())
    assert "compiled from version" in refused(world.admissions(log).refresh())


def test_only_the_pinned_root_counts(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    table = world.admissions(log, pinned=digest(b"another root")).refresh()
    assert not table.places
    assert "wrong or forged root" in table.steps[0]


def test_orders_signed_with_another_duty_are_refused(world: World, log: ArrowLog) -> None:
    world.order(world.release(), signer=Duty.RELEASE)
    table = world.admissions(log).refresh()
    assert not table.places
    assert any("REFUSED" in step for step in table.steps)


def test_the_author_is_no_approver(world: World, log: ArrowLog) -> None:
    world.order(world.release(author="ann"))
    assert "author" in refused(world.admissions(log).refresh())


def test_the_gate_is_asked_again_here(world: World, log: ArrowLog) -> None:
    world.order(world.release(auc=0.6))
    assert "asked again here, says refuse" in refused(world.admissions(log).refresh())


def test_evidence_that_grew_stale_ends_the_serving(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    world.order(deployment)
    admissions = world.admissions(log)
    assert admissions.refresh().serving(world.now)
    world.later(days=31)
    world.order(deployment)
    assert "older than" in refused(admissions.refresh())


def test_no_orders_nothing_served(world: World, log: ArrowLog) -> None:
    table = world.admissions(log).refresh()
    assert not table.places
    assert any("no orders for gateway group" in step for step in table.steps)


def test_replayed_orders_are_refused_also_after_a_restart(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    old = world.order(deployment)
    world.order()  # withdrawn
    admissions = world.admissions(log)
    assert not admissions.refresh().places
    world.outbox.publish("orders/default.json", old.encode())
    for gateway in (admissions, world.admissions(log)):
        table = gateway.refresh()
        assert not table.places
        assert any("replayed" in step for step in table.steps)


def test_a_restored_ledger_is_refused(world: World, log: ArrowLog) -> None:
    deployment, size = world.release(), None
    size = world.tree.size
    world.release("second", bias=1.0)
    world.order(deployment)
    admissions = world.admissions(log)
    assert admissions.refresh().serving(world.now)
    world.tree.truncate(size)
    world.order(deployment)
    assert any("rolled back or forked" in step for step in admissions.refresh().steps)


def test_a_control_plane_that_is_down_does_not_stop_the_traffic_before_the_orders_end(
    world: World, log: ArrowLog
) -> None:
    world.order(world.release())
    admissions = world.admissions(log)
    admissions.refresh()
    world.outbox.publish("orders/default.json", b"defaced")
    world.later(hours=23)
    assert admissions.refresh().serving(world.now) == ("loans",)
    world.later(hours=1)
    assert admissions.refresh().serving(world.now) == ()


def test_setting_the_clock_back_is_vain(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    admissions = world.admissions(log)
    table = admissions.refresh()
    world.ticks += timedelta(hours=25).total_seconds()  # a day passed, the wall clock stands still
    assert table.serving(world.now) == ()
    assert admissions.refresh().serving(world.now) == ()


def test_a_release_ends_at_its_instant(world: World, log: ArrowLog) -> None:
    world.order(world.release(life=timedelta(hours=2)))
    table = world.admissions(log).refresh()
    assert table.serving(world.now + timedelta(hours=2) - timedelta(microseconds=1))
    assert not table.serving(world.now + timedelta(hours=2))


def test_a_revoked_release_is_not_served(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    world.order(deployment)
    admissions = world.admissions(log)
    assert admissions.refresh().serving(world.now)
    world.order(deployment, revoked=(deployment.package,))
    assert "revoked" in refused(admissions.refresh())


def test_one_bad_deployment_does_not_take_the_others_along(world: World, log: ArrowLog) -> None:
    good, bad = world.release("good"), world.release("bad", bias=1.0, auc=0.5)
    world.order(good, bad, swapped(good, name="../up"), swapped(good, name="half", share=0.5))
    table = world.admissions(log).refresh()
    assert table.serving(world.now) == ("good",)
    assert "letters, digits" in refused(table, "../up")
    assert "split" in refused(table, "half")


def test_shadows_and_doubled_names_are_not_served_otherwise_than_ordered(world: World, log: ArrowLog) -> None:
    good, other = world.release(), world.release(bias=1.0)
    world.order(good, other)
    assert "2 champions" in refused(world.admissions(log).refresh())
    world.order(swapped(good, scope="shadow"))
    assert "shadow" in refused(world.admissions(log).refresh())


def test_models_that_take_a_prohibited_column_are_not_served_unless_the_control_was_waived(
    world: World, log: ArrowLog
) -> None:
    from tests.gateway.papers.written import COLUMNS

    aged = (*COLUMNS, swapped(COLUMNS[1], name="age"))
    world.order(world.release(columns=aged))  # the evidence says there is none; the guard looks itself
    assert "prohibited column age" in refused(world.admissions(log).refresh())
    world.order(world.release(columns=aged, prohibited=1, waiver="no-age"))
    assert world.admissions(log).refresh().serving(world.now) == ("loans",)


def test_a_policy_that_guards_do_not_understand_closes_the_gate(world: World, log: ArrowLog) -> None:
    world.order(world.release(policy=swapped(POLICY, outside_range="shrug")))
    assert "guard envelope" in refused(world.admissions(log).refresh())


def test_what_stays_is_not_loaded_again(world: World, log: ArrowLog) -> None:
    from muster.adapters.onnx import OnnxPredictor

    loads = []

    def read(buffer: bytes) -> OnnxPredictor:
        loads.append(digest(buffer))
        return OnnxPredictor.load(buffer)

    deployment = world.release()
    world.order(deployment)
    admissions = world.admissions(log, read=read)
    first = admissions.refresh().places["loans"].served
    world.order(deployment)
    assert admissions.refresh().places["loans"].served is first
    assert loads == [deployment.served]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"payload": 1}', b"\xff\xfe", b"[" * 5000])
def test_garbage_in_the_outbox_is_a_reason_never_a_crash(world: World, log: ArrowLog, content: bytes) -> None:
    world.outbox.publish("orders/default.json", content)
    assert any("REFUSED" in step for step in world.admissions(log).refresh().steps)
    world.outbox.publish("trust-root/1.json", content)
    assert any("REFUSED" in step for step in world.admissions(log).refresh().steps)


def test_orders_are_not_followed_while_what_was_seen_cannot_be_kept(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    (world.folder / "state").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="state"):
        world.admissions(log)
    (world.folder / "state").unlink()
    admissions = world.admissions(log)
    (world.folder / "state").write_text("the disk turned against us")
    assert not admissions.refresh().places


def test_trust_roots_without_end_are_not_read(world: World, log: ArrowLog, monkeypatch: pytest.MonkeyPatch) -> None:
    world.order(world.release())
    running = world.admissions(log)
    assert running.refresh().serving(world.now)
    for number in range(2, 40):
        world.outbox.publish(f"trust-root/{number}.json", b"")
    monkeypatch.setattr("muster.gateway.admission.channel.ROOTS_BYTES", 30_000)
    table = running.refresh()
    assert "somebody fills up the outbox" in table.steps[-2]
    assert table.serving(world.now) == ("loans",)
