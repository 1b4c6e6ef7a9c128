from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from tests.adapters.arrowlog.blocks import SOURCE, block
from tests.walk import Walked

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.adapters.lake.tables import DeltaLake
from muster.adapters.vault.frames import FrameCipher
from muster.lifecycle.serve.compaction import Compacted, LogLine
from muster.ports.log import Stream
from muster.wiring.control import Local


def write(folder: Path, first: int, rows: int = 10) -> None:
    log = ArrowLog(folder, Rolling(linger_s=0.0))
    log.append(SOURCE, block(first, rows))
    log.close()


def test_closed_segments_are_taken_once_and_go_with_the_log(walked: Walked) -> None:
    folder = walked.home / "log"
    for first in (100, 200):
        write(folder, first)
    assert walked.do("omar", "log compact") == (Compacted("loans", "decisions", 2, 20, 20),)
    assert walked.do("omar", "log compact") == ()
    write(folder, 300)
    assert LogLine("loans", "decisions", 3, 2, 20) in walked.do("omar", "log list")
    assert walked.do("omar", "log compact") == (Compacted("loans", "decisions", 1, 10, 30),)

    lake = walked.house.lake
    assert lake
    walked.do("ana", "retention set", data="inference-log", days=1, reason="house rule 7")
    walked.clock.offset = timedelta(days=2)
    walked.do("omar", "retention run", data="inference-log")
    assert lake.rows("loans", Stream.DECISIONS) == 0
    assert not [line for line in walked.do("omar", "log list") if line.deployment == "loans"]


def test_files_go_only_once_their_rows_are_in_tables(walked: Walked) -> None:
    folder = walked.home / "log"
    write(folder, 100)
    walked.do("omar", "log compact")
    write(folder, 200)
    walked.do("ana", "retention set", data="inference-log-segments", days=1, reason="house rule 7")
    walked.clock.offset = timedelta(days=2)
    (done,) = walked.do("omar", "retention run", data="inference-log-segments")
    assert len(done.removed) == 1
    assert LogLine("loans", "decisions", 1, 0, 10) in walked.do("omar", "log list")
    walked.do("omar", "log compact")
    (done,) = walked.do("omar", "retention run", data="inference-log-segments")
    assert len(done.removed) == 1
    lake = walked.house.lake
    assert lake
    assert lake.rows("loans", Stream.DECISIONS) == 20


@pytest.mark.parametrize("cut", ["lake", "log"])
def test_a_power_cut_between_rows_and_file_leaves_what_is_left_to_do(
    walked: Walked, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    write(walked.home / "log", 100)
    walked.do("omar", "log compact")
    walked.do("ana", "retention set", data="inference-log", days=1, reason="house rule 7")
    walked.clock.offset = timedelta(days=2)
    lake, log = walked.house.lake, walked.house.log
    assert lake
    with monkeypatch.context() as without:
        fails, name = (DeltaLake, "drop") if cut == "lake" else (ArrowLogReader, "remove")
        without.setattr(fails, name, lambda *_: (_ for _ in ()).throw(OSError("power cut")))
        with pytest.raises(OSError, match="power cut"):
            walked.do("omar", "retention run", data="inference-log")
    assert len(log.segments()) == 1  # whichever it was: rows without their file would be nobody's
    walked.do("omar", "retention run", data="inference-log")
    assert log.segments() == []
    assert lake.rows("loans", Stream.DECISIONS) == 0


def test_what_only_a_key_opens_is_never_taken_into_tables(walked: Walked, tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(base64.b64encode(bytes(32)))
    (tmp_path / "keys").chmod(0o600)
    log = ArrowLog(walked.home / "log", Rolling(linger_s=0.0), cipher=FrameCipher.load(tmp_path / "keys"))
    log.append(SOURCE, block(100, 10))
    log.close()
    told: list[str] = []
    assert Local(walked.house, "omar").call("log compact", {}, told.append) == ()
    assert any("is sealed with a key, and tables are not" in line for line in told)
    assert LogLine("loans", "decisions", 1, 0, 0) in walked.do("omar", "log list")


def test_only_who_runs_gateways_may(walked: Walked) -> None:
    with pytest.raises(PermissionError):
        walked.do("mia", "log compact")
