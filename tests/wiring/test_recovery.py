from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.stories.attacker import Attacker

from muster.adapters.keys import KeyFile
from muster.records.model import ModelVersion, RegistrationIntent, Run
from muster.records.trust import Algorithm, Duty
from muster.settings import read_settings
from muster.wiring.control import open_house, signer_of
from muster.wiring.recovery import recover

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Founded
    from tests.walk import Walked

DIES = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from muster.settings import read_settings
from muster.wiring.control import Local, open_house

class Dying:
    def __init__(self, outbox):
        self.outbox = outbox
    def publish(self, name, content):
        os.kill(os.getpid(), signal.SIGKILL)
    def __getattr__(self, name):
        return getattr(self.outbox, name)

house = open_house(read_settings({"home": Path(sys.argv[1])}, {}))
house = replace(house, outbox=Dying(house.outbox))
Local(house, "omar").call("deployment remove", {"name": "credit"}, print)
"""


def test_orders_that_were_recorded_before_the_process_was_killed_are_published_at_start(walked: Walked) -> None:
    attacker = Attacker(walked)
    before = attacker.read_orders()
    died = subprocess.run([sys.executable, "-c", DIES, str(walked.home)], capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert attacker.read_orders() == before
    assert walked.gateway().refresh().serving(walked.clock()) == ("credit",)
    recover(walked.house)
    assert attacker.orders().number == 2
    assert attacker.orders().deployments == ()
    assert walked.gateway().refresh().serving(walked.clock()) == ()
    assert walked.do("omar", "ledger verify").entries == walked.house.ledger.size


def test_recovery_changes_nothing_where_nothing_was_begun(walked: Walked) -> None:
    size, orders = walked.house.ledger.refresh(), Attacker(walked).read_orders()
    assert recover(walked.house) == ()
    assert (walked.house.ledger.refresh(), Attacker(walked).read_orders()) == (size, orders)


def test_what_recovery_finished_is_told(walked: Walked) -> None:
    context = walked.context("mia")
    ((_, version), *_), ((_, run), *_) = context.history(ModelVersion), context.history(Run)
    again = replace(version, digest="sha256:" + "0" * 64, registry="")
    context.record(RegistrationIntent(again, replace(run, id="0" * 16, tracking="")))
    (line,) = recover(walked.house)
    assert line == f"registration of {again.digest} finished as remembered:credit/1"
    assert recover(walked.house) == ()


def test_a_house_without_orders_starts_too(founded: Founded) -> None:
    assert recover(founded.open()) == ()


def test_trust_roots_that_the_outbox_lost_are_put_out_again(walked: Walked) -> None:
    names = [f"trust-root/{version}.json" for version in (1, 2, 3)]
    documents = [walked.house.outbox.published(name) for name in names]
    (lost,) = (walked.home / "outbox").rglob("trust-root/3.json")
    lost.unlink()
    walked.house.outbox.publish(names[0], b"{}")
    recover(walked.house)
    assert [walked.house.outbox.published(name) for name in names] == documents


def test_keys_out_of_reach_and_a_root_about_to_expire_are_told_at_the_start(walked: Walked) -> None:
    (walked.home / "keys" / "orders.pem").unlink()
    walked.clock.offset = timedelta(days=340)
    missing, expires = recover(walked.open())
    assert missing.startswith("the orders key is not here")
    assert "the trust root expires on" in expires


def test_a_key_that_nobody_unlocks_stops_the_start_and_a_file_unlocks_it(walked: Walked, tmp_path: Path) -> None:
    path = walked.home / "keys" / "release.pem"
    path.unlink()
    KeyFile.create(path, Algorithm.ECDSA_P256, b"open sesame")
    with pytest.raises(ValueError, match="the passphrase of .*release.pem is needed and nobody is at the terminal"):
        recover(walked.open())
    secret = tmp_path / "release"
    secret.write_text("open sesame\n")
    secret.chmod(0o600)
    walked.close()
    settings = read_settings({"home": walked.home, "key_secrets": tmp_path}, {})
    house = open_house(settings)
    walked.opened.append(house)
    assert recover(house) == ()
    assert house.signers[Duty.RELEASE].sign(b"x")
    secret.chmod(0o644)
    with pytest.raises(PermissionError, match="anybody on this machine may read this secret"):
        signer_of(settings, Duty.RELEASE)
