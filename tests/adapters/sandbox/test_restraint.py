"""What cannot start is left alone for longer and longer, and says until when."""

from __future__ import annotations

import pytest

from muster.adapters.sandbox.restraint import FIRST, LONGEST, Restraint


class _Scene:
    """A clock that is set by hand, and something that starts only where it is told so."""

    def __init__(self) -> None:
        self.now, self.tries, self.works = 0.0, 0, False
        self.restraint = Restraint(lambda: self.now)

    def start(self) -> str:
        self.tries += 1
        if not self.works:
            msg = "no library of that name"
            raise OSError(msg)
        return "started"

    def asked(self) -> str:
        return self.restraint.started("model", self.start)


def test_what_failed_is_left_alone_twice_as_long_each_time() -> None:
    scene, pause = _Scene(), FIRST
    for tries in range(1, 9):
        with pytest.raises(OSError, match=f"no library of that name; it is tried again in {pause:.0f} s"):
            scene.asked()
        scene.now += pause - 0.5
        with pytest.raises(OSError, match="no library of that name; it is tried again in 1 s"):
            scene.asked()
        assert scene.tries == tries
        scene.now += 0.5
        pause = min(pause * 2, LONGEST)
    scene.works = True
    assert scene.asked() == "started"


def test_what_started_once_begins_anew_and_others_are_not_kept_waiting() -> None:
    scene = _Scene()
    with pytest.raises(OSError, match="15 s"):
        scene.asked()
    assert scene.restraint.started("another", lambda: 7) == 7
    scene.now, scene.works = FIRST, True
    scene.asked()
    scene.works = False
    with pytest.raises(OSError, match="15 s"):
        scene.asked()


def test_no_end_of_names_fills_the_memory() -> None:
    scene = _Scene()
    for name in range(300):
        with pytest.raises(OSError, match="tried again"):
            scene.restraint.started(str(name), scene.start)
    with pytest.raises(OSError, match="tried again"):
        scene.restraint.started("0", scene.start)
    assert scene.tries == 301
