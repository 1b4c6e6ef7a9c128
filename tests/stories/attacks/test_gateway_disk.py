"""The attacker has the disk or the clock of a gateway, or keeps its orders from changing."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.stories.attacker import Attacker, refused

from muster.cli.main import run
from muster.gateway.admission.table import report

if TYPE_CHECKING:
    from tests.walk import Walked


@pytest.fixture
def attacker(walked: Walked) -> Attacker:
    return Attacker(walked)


def heard(walked: Walked) -> list[str]:
    names, walked.heard.alerts = walked.heard.names, []
    return names


# --- what it remembers -----------------------------------------------------------------------------------------------


def test_an_emptied_memory_is_said_loudly_and_a_number_from_elsewhere_makes_up_for_it(
    walked: Walked, attacker: Attacker, capfd: pytest.CaptureFixture[str]
) -> None:
    old = attacker.read_orders()
    walked.do("omar", "orders issue")
    number = walked.do("omar", "orders issue").number
    assert walked.gateway().refresh().serving(walked.clock())
    heard(walked)
    shutil.rmtree(walked.home / "gateway")
    attacker.put_orders(old)
    table = walked.gateway().refresh()
    assert table.serving(walked.clock()), "older orders that have not expired are followed: this is not defended"
    attacker.put_orders(old)
    words = ["serve", "--explain", "--home", str(walked.home), "--orders-at-least", str(number)]
    assert run(words) == 1
    assert f"are older than orders {number} (--orders-at-least): replayed" in capfd.readouterr().err


def test_a_memory_that_lost_orders_greater_than_the_first_raises_an_alert(walked: Walked) -> None:
    walked.do("omar", "orders issue")
    assert walked.gateway().refresh().serving(walked.clock())
    shutil.rmtree(walked.home / "gateway")
    heard(walked)
    told = "\n".join(report(walked.gateway().refresh()))
    assert "somebody may have emptied its state folder" in told
    assert heard(walked) == ["gateway-memory-lost"]


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_memory_serves_nothing(walked: Walked, capfd: pytest.CaptureFixture[str], damage: str) -> None:
    assert walked.gateway().refresh().serving(walked.clock())
    heard(walked)
    file = walked.home / "gateway" / "seen-default.json"
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] if damage == "cut" else content.replace(b'"number"', b'"nvmber"'))
    with pytest.raises(ValueError, match="without it old orders could be replayed, so nothing is served"):
        walked.gateway()
    assert heard(walked) == ["gateway-memory-damaged"]
    assert run(["serve", "--explain", "--home", str(walked.home)]) == 2
    said = capfd.readouterr().err
    assert "is damaged" in said
    assert "Traceback" not in said


# --- its clock -------------------------------------------------------------------------------------------------------


def test_a_clock_that_is_set_back_brings_nothing_back_that_expired(walked: Walked) -> None:
    gateway = walked.gateway()
    assert gateway.refresh().serving(walked.clock())
    walked.clock.offset = timedelta(hours=25)
    assert "expired at" in refused(gateway.refresh(), walked, "orders-expired")
    heard(walked)
    walked.clock.offset = timedelta()
    walked.clock.ticking = timedelta(hours=25)
    assert "expired at" in "\n".join(report(gateway.refresh()))
    assert heard(walked) == ["clock-set-back", "orders-expired"]


def test_a_clock_that_is_set_back_before_a_restart_brings_nothing_back_either(walked: Walked) -> None:
    walked.clock.offset = timedelta(hours=2)
    assert walked.gateway().refresh().serving(walked.clock())
    heard(walked)
    walked.clock.offset = timedelta()
    assert walked.gateway().refresh().places
    assert heard(walked) == ["clock-set-back"], "the later moment counts, as it was written down"


def test_a_clock_that_is_set_forward_ends_things_early_and_people_hear_why(walked: Walked) -> None:
    gateway = walked.gateway()
    gateway.refresh()
    heard(walked)
    walked.clock.offset = timedelta(days=2)
    walked.clock.ticking = timedelta()
    assert "expired at" in refused(gateway.refresh(), walked, "orders-expired")
    assert heard(walked) == ["clock-set-forward", "orders-expired"]


# --- its orders ------------------------------------------------------------------------------------------------------


def test_frozen_orders_are_told_of_and_end(walked: Walked, attacker: Attacker) -> None:
    """Somebody holds newer orders back, such as those that take a withdrawn release out."""
    gateway, frozen = walked.gateway(), attacker.read_orders()
    gateway.refresh()
    heard(walked)
    walked.do("ana", "release revoke", package=walked.package, reason="a complaint")
    walked.do("omar", "orders issue")
    attacker.put_orders(frozen)
    walked.clock.offset = timedelta(hours=19)
    table = gateway.refresh()
    assert "no newer orders came since" in "\n".join(report(table))
    assert heard(walked) == ["orders-expire"]
    walked.clock.offset = timedelta(hours=25)
    assert "expired at" in refused(gateway.refresh(), walked, "orders-expired")


def test_alerts_of_a_gateway_stand_in_a_file_of_its_own(walked: Walked, attacker: Attacker) -> None:
    from muster.settings import read_settings
    from muster.wiring.gateway import bind

    parts = bind(read_settings({"home": walked.home}, {}))
    lines: list[str] = []
    telling = parts.open_notifier(lines.append)
    attacker.flip(attacker.blob(walked.served))
    walked.gateway().refresh()
    for alert in walked.heard.alerts:
        telling.notify(alert)
    telling.close()
    kept = [json.loads(line) for line in (parts.state / "alerts.ndjson").read_text().splitlines()]
    assert [alert["what"] for alert in kept][-1] == "artifact-exchanged"
    assert lines[-1].startswith("ALERT artifact-exchanged (critical), gateway:default/gateway/credit: credit: blob")
