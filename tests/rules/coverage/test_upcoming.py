from dataclasses import replace

from tests.rules.coverage.scene import LATER, LIBRARY, TODAY, clause, known
from tests.rules.scene import NOW, POLICY, USE_CASE, VERSION, without

from muster.rules.coverage.upcoming import Held, changes, upcoming

HELD = Held(USE_CASE, (POLICY,), (known(),))


def test_what_begins_and_what_ends_is_told_of_each_use_case_that_it_binds() -> None:
    begins, ends = sorted(upcoming(LIBRARY, [HELD], TODAY, LATER, NOW), key=lambda each: each.change)
    assert (begins.on, begins.clause, begins.use_case, begins.why) == (LATER, "LATE 1", "loans", "acts in EU")
    assert (begins.controls, begins.demanded) == (("no-age",), ("no-age",))
    (stand,) = begins.versions
    assert (stand.version, stand.covered, stand.there, stand.open) == (VERSION, "shown", ("no-age",), ())
    assert (ends.clause, ends.change) == ("GONE 1", "ends")


def test_what_is_not_there_yet_is_named() -> None:
    bare = replace(HELD, versions=(known(without("evidence.recorded")),))
    found = next(each for each in upcoming(LIBRARY, [bare], TODAY, LATER, NOW) if each.change == "begins")
    assert (found.versions[0].covered, found.versions[0].open) == ("open", ("no-age",))


def test_a_use_case_elsewhere_is_left_alone() -> None:
    away = Held(replace(USE_CASE, jurisdictions=("TW",)), (), ())
    assert upcoming(LIBRARY, [away], TODAY, "9999-12-31", NOW) == ()


def test_only_days_after_today_and_up_to_the_last_are_looked_at() -> None:
    coming = clause("LATE 1", "enacted", in_force_from=LATER)
    assert list(changes(coming, TODAY, "2027-12-01")) == []
    assert list(changes(coming, TODAY, LATER)) == [(LATER, "begins")]
    assert list(changes(coming, LATER, "9999-12-31")) == []
