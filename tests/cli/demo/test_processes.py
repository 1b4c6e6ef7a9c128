from pathlib import Path

import pytest

from muster.cli.demo.processes import Processes, free_port, run


@pytest.mark.enable_socket
def test_a_process_that_does_not_come_up_tells_what_it_said(tmp_path: Path) -> None:
    processes, taken = Processes(tmp_path), tmp_path / "taken"
    taken.write_text("no house")
    with pytest.raises(RuntimeError, match="nothing was touched"):
        processes.start("control-plane", ["up", "--home", str(taken), "--port", "0"], "http://127.0.0.1:9/health")
    processes.stop_all()


def test_a_run_gives_code_and_words(tmp_path: Path) -> None:
    code, output = run(["ledger", "verify", "--home", str(tmp_path / "nowhere"), "--as", "ana"])
    assert code == 2
    assert "muster init" in output


@pytest.mark.enable_socket
def test_a_free_port_can_be_taken() -> None:
    assert 1024 <= free_port() <= 65535
