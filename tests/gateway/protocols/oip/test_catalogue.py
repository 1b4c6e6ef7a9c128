from __future__ import annotations

from tests.gateway.papers.written import COLUMNS
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.protocols.oip.catalogue import describe_configuration, describe_model, describe_server
from muster.gateway.served import Served
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


def test_the_extensions_that_are_spoken_are_named() -> None:
    told = describe_server("1.0")
    assert (told["name"], told["version"]) == ("muster", "1.0")
    assert {"binary_tensor_data", "model_repository"} <= set(told["extensions"])
    assert not {"cuda_shared_memory", "system_shared_memory", "trace", "logging"} & set(told["extensions"])


def test_a_configuration_names_types_as_triton_does(world: World, log: ArrowLog) -> None:
    world.order(world.release())
    served = world.admissions(log).refresh().places["loans"].served
    assert isinstance(served, Served)
    told = describe_configuration("loans", served)
    kinds = {port["name"]: port["data_type"] for port in [*told["input"], *told["output"]]}
    assert kinds["income"] == kinds["score"] == "TYPE_FP64"
    assert (kinds["months"], kinds["job"]) == ("TYPE_INT64", "TYPE_STRING")
