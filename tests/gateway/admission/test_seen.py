from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from tests.gateway.world import NOW

from muster.gateway.admission.seen import SeenFile
from muster.rules.orders import SeenOrders

SEEN = SeenOrders(7, NOW, 12, "ab" * 32, "{}")


def test_what_was_seen_is_read_again(tmp_path: Path) -> None:
    file = SeenFile(tmp_path / "state", "default")
    assert file.read() == SeenOrders()
    file.keep(SEEN)
    assert SeenFile(tmp_path / "state", "default").read() == SEEN
    assert SeenFile(tmp_path / "state", "other").read() == SeenOrders()
    assert (tmp_path / "state" / "seen-default.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"number": "7"}', b"\xff"])
def test_a_damaged_file_is_no_fresh_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "seen-default.json").write_bytes(content)
    with pytest.raises(ValueError, match="is damaged"):
        SeenFile(tmp_path, "default").read()


def test_a_folder_belongs_to_one_gateway(tmp_path: Path) -> None:
    file = SeenFile(tmp_path, "default")
    with file.locked(), pytest.raises(BlockingIOError, match="another gateway"), SeenFile(tmp_path, "other").locked():
        pass
    with file.locked():
        pass


@pytest.mark.parametrize("group", ["../up", "", "a/b", "x" * 200])
def test_a_group_is_named_so_that_it_can_name_a_file(tmp_path: Path, group: str) -> None:
    with pytest.raises(ValueError, match="gateway group"):
        SeenFile(tmp_path, group)


def test_processes_that_share_it_never_take_one_another_back(tmp_path: Path) -> None:
    one, other = (SeenFile(tmp_path, "default", shared=True) for _ in range(2))
    one.keep(replace(SEEN, number=8))
    other.keep(SEEN)
    assert one.read().number == 8
    threads = [
        threading.Thread(target=SeenFile(tmp_path, "default", shared=True).keep, args=(replace(SEEN, number=number),))
        for number in range(10, 30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.read().number == 29
