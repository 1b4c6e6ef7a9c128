"""The denied calls: every call once, each with a number of its own, on either machine."""

from __future__ import annotations

import pytest

from muster.adapters.sandbox import calls


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_call_has_a_number_of_its_own(machine: str) -> None:
    numbers = calls.numbers(machine)
    assert len(set(numbers.values())) == len(numbers)
    assert {"socket", "execve", "ptrace", "fchmodat", "fchownat", "truncate", "setpriority", "shmget"} <= numbers.keys()


def test_calls_that_one_machine_lacks_are_left_out_there_only() -> None:
    assert calls.numbers("x86_64").keys() - calls.numbers("aarch64").keys() == {
        *("fork", "vfork", "chmod", "chown", "lchown", "utime", "utimes", "futimesat", "inotify_init", "iopl", "ioperm")
    }
    assert not calls.numbers("aarch64").keys() - calls.numbers("x86_64").keys()


def test_another_machine_is_not_known() -> None:
    with pytest.raises(KeyError):
        calls.numbers("riscv64")
