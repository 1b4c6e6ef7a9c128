from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from muster.ports.ledger import Conflict, Tampered
from muster.records.entry import Basis
from muster.wiring.abroad.alarmed import CHANGED
from muster.wiring.control import Local

if TYPE_CHECKING:
    from tests.conftest import Founded


def alerts(founded: Founded) -> list[dict[str, str]]:
    file = founded.home / "alerts.ndjson"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def edit(founded: Founded) -> None:
    with closing(sqlite3.connect(founded.home / "ledger.sqlite")) as database, database:
        database.execute("UPDATE ledger SET entry = replace(entry, 'operator', 'auditors') WHERE seq = 5")


def test_it_does_what_the_ledger_does(founded: Founded) -> None:
    ledger = founded.open().ledger
    size = ledger.refresh()
    assert size == ledger.size == ledger.verify() == len(list(ledger.read()))
    assert ledger.checkpoint().splitlines()[1] == str(size)
    assert ledger.inclusion(2, size)
    assert ledger.consistency(2, size)
    with pytest.raises(Conflict):
        ledger.append([next(ledger.read()).entry], Basis(1))
    assert alerts(founded) == []


def test_whoever_reads_what_was_edited_raises_one_alert(founded: Founded) -> None:
    house = founded.open()
    edit(founded)
    for _ in range(2):
        with pytest.raises(Tampered, match="entry 5 of the ledger was edited"):
            list(house.ledger.read())
        with pytest.raises(Tampered):
            Local(house, "admin").call("ledger verify", {}, lambda _: None)
    (alert,) = alerts(founded)
    assert (alert["what"], alert["severity"], alert["about"]) == (CHANGED, "critical", "ledger")
    assert "find out who can write to it" in alert["words"]


def test_a_house_that_cannot_be_opened_for_it_raises_it_too(
    founded: Founded, capsys: pytest.CaptureFixture[str]
) -> None:
    (founded.home / "seen" / "ledger.checkpoint.snapshot").unlink(missing_ok=True)
    edit(founded)
    with pytest.raises(Tampered):
        founded.open()
    assert [alert["what"] for alert in alerts(founded)] == [CHANGED]
    assert "ALERT ledger-changed (critical), ledger: entry 5" in capsys.readouterr().err
