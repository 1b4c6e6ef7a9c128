from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muster.records.trust import Duty
from muster.settings import read_settings
from muster.wiring.control import DUTIES, Local, _late, now, open_house, signer_of

if TYPE_CHECKING:
    from tests.conftest import Founded


def _quiet(_: str) -> None:
    return None


def test_no_house_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="muster init"):
        open_house(read_settings({"home": tmp_path}, {}))


def test_local_mode_needs_a_name(founded: Founded) -> None:
    with pytest.raises(ValueError, match="--as NAME"):
        Local(founded.open(), "").call("actor list", {}, _quiet)


def test_local_mode_knows_only_actors_of_the_ledger(founded: Founded) -> None:
    with pytest.raises(PermissionError, match="no actor 'eve'"):
        Local(founded.open(), "eve").call("actor list", {}, _quiet)


def test_local_mode_stamps_every_entry(founded: Founded) -> None:
    desk = Local(founded.open(), "admin")
    desk.call("actor add", {"id": "new", "roles": ["owner"]}, _quiet)
    assert desk.call("ledger show", {"last": 1}, _quiet)[0].actor == "local:admin"


def test_a_missing_key_is_named_and_only_missed_when_it_is_used(founded: Founded) -> None:
    (founded.home / "keys" / "release.pem").unlink()
    house = founded.open()
    with pytest.raises(FileNotFoundError, match="the release key is not here"):
        house.signers[Duty.RELEASE].sign(b"x")
    assert house.signers[Duty.ORDERS].sign(b"x")


def test_every_duty_has_a_key_of_its_own(founded: Founded) -> None:
    assert len({signer_of(founded.settings, duty).key.id for duty in (Duty.ROOT, *DUTIES)}) == 5


def test_an_adapter_is_made_once_however_many_threads_ask_first() -> None:
    made: list[int] = []

    def make() -> str:
        time.sleep(0.01)
        made.append(1)
        return "adapter"

    late = _late(make)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: late.upper(), range(8))) == {"ADAPTER"}
    assert made == [1]


def test_an_adapter_that_could_not_be_made_is_tried_again() -> None:
    answers = iter([OSError("full"), "adapter"])

    def make() -> str:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    late = _late(make)
    with pytest.raises(OSError, match="full"):
        late.upper()
    assert late.upper() == "ADAPTER"


def test_the_clock_has_a_time_zone() -> None:
    assert now().utcoffset() is not None


def test_reading_the_ledger_loads_neither_mlflow_nor_arrow(founded: Founded) -> None:
    script = (
        "import sys; from muster.cli.main import run;"
        f"code = run(['ledger', 'show', '--home', {str(founded.home)!r}, '--as', 'ana', '--json']);"
        "heavy = {'mlflow', 'pandas', 'sklearn', 'pyarrow', 'fastapi', 'onnxruntime', 'numpy', 'obstore'};"
        "sys.exit(code or ', '.join(heavy & set(sys.modules)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
