from __future__ import annotations

from tests.gateway.papers import COLUMNS
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.catalogue import describe_model, describe_server
from muster.guards.schema import DATATYPES


def test_every_input_is_named_with_a_datatype_that_the_schema_takes(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    world.order(deployment)
    served = world.admissions(log).refresh().places["loans"].served
    assert served
    told = describe_model("loans", served)
    assert told["versions"] == [deployment.version]
    assert told["parameters"] == {"artifact": deployment.served}
    named = {column.name: column for column in COLUMNS}
    assert [entry["name"] for entry in told["inputs"]] == list(named)
    assert all(entry["datatype"] in DATATYPES[named[entry["name"]].type] for entry in told["inputs"])


def test_no_extension_is_promised_that_is_not_spoken() -> None:
    assert describe_server("1.0") == {"name": "muster", "version": "1.0", "extensions": []}
