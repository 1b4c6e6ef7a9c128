from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from muster.adapters.assets import asset
from muster.records.codec import decode
from muster.records.data import DataContract
from muster.records.model import DecisionRule
from muster.records.policy import Library, Policy, ReasonMap
from muster.wiring.documents import read_value


def test_a_record_is_read_from_yaml_and_from_json() -> None:
    values = {"threshold": 0.2, "favourable": "below", "favourable_label": "approve", "adverse_label": "refuse"}
    yaml = "threshold: 0.2\nfavourable: below\n"
    assert read_value(DecisionRule, yaml, "rule.yaml") == values
    assert read_value(DecisionRule | None, json.dumps(values), "rule.json") == values


def test_what_is_wrong_is_named_with_file_line_and_field() -> None:
    with pytest.raises(ValueError, match=r"rule.yaml, line 2: favourable: 'above' is none of below, at-least"):
        read_value(DecisionRule, "threshold: 0.2\nfavourable: above\n", "rule.yaml")


@pytest.mark.parametrize(
    ("hint", "file"),
    [(Policy, "policies/mortgage.yaml"), (Library, "controls/controls.yaml"), (ReasonMap, "reasons/mortgage.yaml")],
)
def test_the_files_that_ship_are_read_by_their_own_readers(hint: Any, file: str) -> None:
    value = read_value(hint, asset(file).decode(), file)
    assert decode(hint, value)


def test_contracts_are_read_in_the_layout_of_their_standard() -> None:
    from muster.adapters.assets import assets

    name = next(name for name in assets("contracts") if name.endswith(".yaml"))
    value = read_value(DataContract, asset(f"contracts/{name}").decode(), name)
    assert decode(DataContract, value).columns


def test_a_mapping_is_read_as_it_stands() -> None:
    assert read_value(Mapping[str, Any], "a: [1, 2]\n", "x.yaml") == {"a": [1, 2]}
