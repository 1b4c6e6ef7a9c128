from __future__ import annotations

from tests.gateway.world import NOW, World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.admission.table import Place, Table, report


def test_without_a_deadline_or_an_admission_nothing_stands(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    place = world.admissions(log).refresh().places["loans"]
    assert place.standing(NOW) is place.served
    assert Place("loans", (), served=place.served).standing(NOW) is None
    assert Place("loans", (), until=place.until).standing(NOW) is None


def test_the_report_says_of_each_deployment_how_far_it_came() -> None:
    table = Table({"a": Place("a", ("step 1",)), "b": Place("b", ("step 1",), "forged")}, ("root", "orders"))
    assert report(table) == ["root", "orders", "a: admitted", "  step 1", "b: REFUSED: forged", "  step 1"]
    assert table.serving(NOW) == ()
