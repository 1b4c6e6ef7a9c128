from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.remembered import RememberedRegistry
from tests.stories.attacker import Attacker
from tests.walk import Walked

from muster.adapters.telling.anchors import FileAnchor
from muster.ports.registry import Held
from muster.rules.witness.history import notes_in
from muster.wiring.abroad.watching import Watch, watching


def test_orders_are_renewed_before_they_end_and_checkpoints_kept_when_due(walked: Walked, tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "anchors.txt"
    watch = Watch(replace(walked.house, anchors=(FileAnchor(path),)), 3600.0, said.append)
    watch.look()
    watch.look()
    assert said == []
    assert len(notes_in(path.read_text())) == 1
    walked.clock.offset = timedelta(hours=13)
    watch.look()
    assert Attacker(walked).orders().number == 2
    assert said[0].startswith("orders 2 for group default issued")
    assert len(notes_in(path.read_text())) == 2
    entry = walked.do("admin", "ledger show", kind="orders.issued", last=9)[-1]
    assert entry.actor == "system"


def test_people_are_reminded_once_a_day_of_a_root_about_to_expire(walked: Walked) -> None:
    said: list[str] = []
    watch = Watch(walked.house, 3600.0, said.append)
    for days in (1, 340, 340, 341):
        walked.clock.offset = timedelta(days=days)
        watch.look()
    assert sum("the trust root expires on" in line for line in said) == 2


def test_what_fails_is_said_and_the_rest_is_done_all_the_same(walked: Walked, tmp_path: Path) -> None:
    said: list[str] = []
    watch = Watch(replace(walked.house, anchors=(FileAnchor(tmp_path / "absent" / "a"),)), 3600.0, said.append)
    walked.clock.offset = timedelta(hours=13)
    watch.look()
    assert Attacker(walked).orders().number == 2
    assert "kept nowhere" in said[-1]
    (tmp_path / "absent").mkdir()
    watch.look()  # a failure does not wait for the next hour
    assert (tmp_path / "absent" / "a").is_file()


def test_the_watch_ends_with_the_control_plane(walked: Walked, tmp_path: Path) -> None:
    house = replace(walked.house, anchors=(FileAnchor(tmp_path / "a"),))
    from muster.settings import Settings

    with watching(house, Settings(), lambda _: None):
        for _ in range(10_000):
            if (tmp_path / "a").is_file():
                break
    import threading

    assert "muster-watch" not in {thread.name for thread in threading.enumerate()}


def test_the_registry_is_held_against_the_ledger_once_a_day(walked: Walked) -> None:
    class Altered(RememberedRegistry):
        """Holds another model under every reference."""

        def holds(self, model: str, run: str, tag: str) -> Held:  # type: ignore[override]
            return Held("", {"model.skops": model}, {run: 0.0, tag: 0.0})

    said: list[str] = []
    watch = Watch(replace(walked.house, registry=Altered()), 3600.0, said.append)
    watch.look()
    assert said == []
    for hours in (2, 3, 27):
        walked.clock.offset = timedelta(hours=hours)
        watch.look()
    lines = [line for line in said if "is not what was registered as" in line]
    assert len(lines) == 2
    assert "the files model.skops were exchanged" in lines[0]
    assert walked.alerts().count("registry-changed") == 1, "the same alert is not told again within the hour"


def test_what_no_longer_stands_is_recorded_and_taken_out_of_service(walked: Walked) -> None:
    said: list[str] = []
    watch = Watch(walked.house, 3600.0, said.append)
    watch.look()
    assert said == []
    walked.do("ana", "release revoke", package=walked.package, reason="a complaint")
    for _ in range(2):
        watch.look()
    assert Attacker(walked).orders().deployments == ()
    (change,) = walked.do("ana", "posture history")
    assert (change.actor, change.change.after) == ("system", "revoked")
    (line,) = said
    assert line.endswith("is revoked, was in-force; the release was revoked: a complaint")


def test_the_same_failure_is_said_once_an_hour(walked: Walked, tmp_path: Path) -> None:
    said: list[str] = []
    watch = Watch(replace(walked.house, anchors=(FileAnchor(tmp_path / "absent" / "a"),)), 0.0, said.append)
    for minutes in (0, 1, 2, 62):
        walked.clock.offset = timedelta(minutes=minutes)
        watch.look()
    assert len([line for line in said if "kept nowhere" in line]) == 2
