"""The filter: its program is well formed for each machine, and it says where it cannot be set."""

from __future__ import annotations

import platform
import struct

import pytest

from muster.adapters.sandbox import seccomp


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_jump_of_the_program_lands_inside_it(machine: str) -> None:
    steps = [struct.unpack("HBBI", step) for step in seccomp._program(seccomp._MACHINES[machine])]
    assert len(steps) < 4096
    assert steps[-1] == (0x06, 0, 0, 0x7FFF0000)
    for place, (code, then, otherwise, _) in enumerate(steps):
        if code in (0x15, 0x35, 0x45):
            assert place + 1 + max(then, otherwise) < len(steps)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("call", ["socket", "execve", "ptrace", "keyctl", "io_uring_setup"])
def test_each_machine_denies_the_calls_that_matter(machine: str, call: str) -> None:
    numbers = {
        "x86_64": {"socket": 41, "execve": 59, "ptrace": 101, "keyctl": 250, "io_uring_setup": 425},
        "aarch64": {"socket": 198, "execve": 221, "ptrace": 117, "keyctl": 219, "io_uring_setup": 425},
    }
    assert numbers[machine][call] in seccomp._MACHINES[machine].denied


def test_an_unknown_machine_is_not_confined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert seccomp.confine() is False


def _answer(number: int, argument: int = 0, second: int = 0, *, arch: int = seccomp._MACHINES["x86_64"].arch) -> int:
    """Interpret the program on one system call, as the kernel does."""
    steps = [struct.unpack("HBBI", step) for step in seccomp._program(seccomp._MACHINES["x86_64"])]
    fields, place, held = {0: number, 4: arch, 16: argument, 24: second}, 0, 0
    while steps[place][0] != 0x06:
        code, then, otherwise, value = steps[place]
        place += 1
        if code == 0x20:
            held = fields[value]
        else:
            place += then if {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code] else otherwise
    return int(steps[place][3])


def test_the_program_denies_what_it_names_and_nothing_else() -> None:
    allow, refuse, absent, kill = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
    assert {_answer(number) for number in seccomp._MACHINES["x86_64"].denied} == {refuse}
    assert [_answer(number) for number in (0, 1, 9, 231)] == [allow] * 4
    assert (_answer(56, 0x00010000), _answer(56, 0), _answer(435)) == (allow, refuse, absent)
    assert (_answer(234, 1), _answer(302, 0)) == (refuse, allow)
    assert [_answer(72, 0, command) for command in (1, 2, 3, 4, 1030)] == [allow] * 5
    assert [_answer(72, 0, command) for command in (8, 10, 15)] == [refuse] * 3
    assert _answer(0x40000029) == refuse
    assert _answer(0, arch=0x40000003) == kill
