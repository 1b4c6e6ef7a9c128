from __future__ import annotations

from tests.stories.lapses.scene import adopt, another, orders, release, worse
from tests.walk import Walked

from muster.lifecycle.serve.lapses import kept, left_out, standing_in
from muster.records.governance.terms import LapseAction


def test_what_stands_stays_and_what_lapsed_stays_until_its_grace_ends(walked: Walked) -> None:
    adopt(walked, hours=6)
    release(walked)
    context, before = walked.context("omar"), orders(walked).deployments
    assert kept(context, "default", before) == before
    worse(walked, walked.version)
    (stays,) = kept(context, "default", before)
    standing = standing_in(context, before[0])
    assert standing is not None
    assert stays.until == standing.ends
    assert left_out(context, "default", before, [stays]) == []


def test_what_lapsed_without_grace_is_left_out_and_people_are_told_why(walked: Walked) -> None:
    adopt(walked)
    release(walked)
    context, before = walked.context("omar"), orders(walked).deployments
    worse(walked, walked.version)
    assert kept(context, "default", before) == ()
    (alert,) = left_out(context, "default", before, [])
    assert (alert.what, alert.severity, alert.about) == (
        "deployment-suspended",
        "critical",
        "deployment:default/credit",
    )
    assert "its release is lapsed: discrimination:" in alert.words


def test_of_those_before_the_newest_that_stands_takes_its_place(walked: Walked) -> None:
    adopt(walked, LapseAction.ROLL_BACK)
    first, version = release(walked), another(walked)
    release(walked, version)
    context, before = walked.context("omar"), orders(walked).deployments
    worse(walked, version)
    (taken,) = kept(context, "default", before)
    assert (taken.package, taken.name, taken.until) == (first, "credit", None)
    (alert,) = left_out(context, "default", before, [taken])
    assert alert.what == "deployment-rolled-back"
    walked.do("ana", "release revoke", package=first, reason="x")
    (oldest,) = kept(context, "default", before)
    assert oldest.package == walked.package
    walked.do("ana", "release revoke", package=walked.package, reason="x")
    assert kept(context, "default", before) == ()


def test_nothing_that_a_gateway_would_refuse_takes_a_place(walked: Walked) -> None:
    adopt(walked, LapseAction.ROLL_BACK)
    first, version = release(walked), another(walked)
    release(walked, version)
    context, before = walked.context("omar"), orders(walked).deployments
    for name in (first, walked.package):
        walked.home.joinpath("store", "sha256", name[7:9], name[7:]).unlink()
    worse(walked, version)
    assert kept(context, "default", before) == ()
