from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.walk import Walked

from muster.records.release import Buckets, Orders, Part


def parts(orders: Orders) -> list[tuple[str, str, float]]:
    return [(each.part.value, each.version, each.share) for each in orders.deployments]


def share(walked: Walked, **asked: Any) -> Orders:
    orders: Orders = walked.do("omar", "traffic set", name="credit", **asked)
    return orders


def test_versions_share_the_traffic_of_a_name(paired: Walked, other: str) -> None:
    orders = share(paired, challenger=[f"{other}=0.1"], routing="LIMIT_BAL")
    assert parts(orders) == [("champion", paired.version, 0.9), ("challenger", other, 0.1)]
    assert orders.deployments[1].people == (Buckets(0, 1_000),)
    assert orders.deployments[0].routing == "LIMIT_BAL"
    table = paired.gateway().refresh()
    assert table.serving(paired.clock()) == ("credit",)
    assert [place.refusal for place in table.arms] == [""]
    lines = paired.do("mia", "traffic show", name="credit")
    assert [(line.part, line.share, line.state) for line in lines] == [
        ("champion", 0.9, "in-force"),
        ("challenger", 0.1, "in-force"),
    ]
    again = share(paired, challenger=[f"{other}=0.25"])
    assert again.deployments[1].people == (Buckets(0, 2_500),)
    assert again.deployments[0].routing == "LIMIT_BAL", "what is not said stays"
    assert parts(paired.do("omar", "orders issue")) == parts(again)
    assert parts(share(paired)) == [("champion", paired.version, 1.0)]


def test_a_release_to_serve_may_stand_in_the_shadow(paired: Walked, other: str) -> None:
    orders = share(paired, shadow=[f"{other}=1.0"])
    assert parts(orders) == [("champion", paired.version, 1.0), ("shadow", other, 1.0)]
    assert [place.refusal for place in paired.gateway().refresh().arms] == [""]


def test_a_challenger_is_promoted_and_taken_back(paired: Walked, other: str) -> None:
    share(paired, challenger=[f"{other}=0.1"])
    orders = paired.do("omar", "traffic promote", name="credit", version=other)
    assert parts(orders) == [("champion", other, 1.0)]
    orders = paired.do("omar", "traffic rollback", name="credit")
    assert parts(orders) == [("champion", paired.version, 1.0)]
    assert paired.gateway().refresh().serving(paired.clock()) == ("credit",)


def test_what_came_last_goes_first(paired: Walked, other: str) -> None:
    share(paired, challenger=[f"{other}=0.1"])
    assert parts(paired.do("omar", "traffic rollback", name="credit")) == [("champion", paired.version, 1.0)]


def test_nothing_that_was_revoked_comes_back(paired: Walked, other: str) -> None:
    paired.do("omar", "deployment set", name="credit", version=other)
    paired.do("ana", "release revoke", package=paired.package, reason="a complaint")
    with pytest.raises(PermissionError, match="nothing that answered as 'credit' before stands"):
        paired.do("omar", "traffic rollback", name="credit")


def test_a_challenger_whose_release_is_revoked_gives_its_people_back(paired: Walked, other: str) -> None:
    orders = share(paired, challenger=[f"{other}=0.1"])
    package = orders.deployments[1].package
    paired.do("ana", "release revoke", package=package, reason="a complaint")
    paired.do("omar", "posture update")
    assert parts(paired.do("omar", "orders show")) == [("champion", paired.version, 1.0)]
    assert "challenger-suspended" in paired.alerts()


def test_a_champion_whose_release_is_revoked_leaves_challengers_that_answer_nobody(paired: Walked, other: str) -> None:
    share(paired, challenger=[f"{other}=0.1"])
    paired.do("ana", "release revoke", package=paired.package, reason="a complaint")
    orders = paired.do("omar", "orders issue")
    assert [each.part for each in orders.deployments] == [Part.CHALLENGER]
    table = paired.gateway().refresh()
    assert table.serving(paired.clock()) == ()
    assert "0 champions" in table.places["credit"].refusal


def test_only_the_champion_answers_when_a_stopped_deployment_is_resumed(paired: Walked, other: str) -> None:
    share(paired, challenger=[f"{other}=0.1"])
    paired.do("eve", "stop", deployment="credit", reason="complaints")
    paired.clock.offset = timedelta(hours=1)
    after = paired.do("omar", "resume", deployment="credit", reason="mended")
    assert parts(after) == [("champion", paired.version, 1.0)]


def test_a_version_that_is_deployed_answers_everybody(paired: Walked, other: str) -> None:
    share(paired, challenger=[f"{other}=0.1"])
    orders = paired.do("omar", "deployment set", name="credit", version=paired.version)
    assert parts(orders) == [("champion", paired.version, 1.0)]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"challenger": ["OTHER"]}, ValueError, "write VERSION=SHARE"),
        ({"challenger": ["OTHER=much"]}, ValueError, "above 0 and up to 1"),
        ({"challenger": ["OTHER=0"]}, ValueError, "above 0 and up to 1"),
        ({"challenger": ["OTHER=0.1", "OTHER=0.2"]}, ValueError, "named twice"),
        ({"challenger": ["OTHER=0.1"], "shadow": ["OTHER=1"]}, ValueError, "one thing only"),
        ({"champion": "sha256:00"}, LookupError, "muster model list"),
        ({"name": "gone"}, LookupError, "no deployment 'gone'"),
        ({"routing": "SSN"}, ValueError, "'SSN' is no input"),
    ],
)
def test_traffic_that_cannot_be_is_refused(
    paired: Walked, other: str, asked: dict[str, Any], error: Any, said: str
) -> None:
    def put(value: Any) -> Any:
        return [each.replace("OTHER", other) for each in value] if isinstance(value, list) else value

    before = paired.do("omar", "orders show")
    with pytest.raises(error, match=said):
        paired.do("omar", "traffic set", **{"name": "credit", **{name: put(value) for name, value in asked.items()}})
    assert paired.do("omar", "orders show") == before


def test_a_version_without_a_release_shares_nothing(paired: Walked) -> None:
    version = paired.sibling()
    with pytest.raises(PermissionError, match="has no release to serve"):
        share(paired, challenger=[f"{version}=0.1"])
    with pytest.raises(LookupError, match="no challenger and no shadow"):
        paired.do("omar", "traffic promote", name="credit", version=version)
