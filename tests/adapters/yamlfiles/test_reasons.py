from __future__ import annotations

import pytest

from muster.adapters.assets import asset, assets
from muster.adapters.yamlfiles.contracts import read_contract
from muster.adapters.yamlfiles.document import read_document
from muster.adapters.yamlfiles.policies import read_library
from muster.adapters.yamlfiles.reasons import read_reason_map
from muster.records.governance.search import SearchSpace
from muster.records.policy import ReasonMap

STORIES = {
    "consumer-credit": ("no-prohibited-inputs-credit", "taiwan-credit-default"),
    "mortgage": ("no-prohibited-inputs-mortgage", "boston-mortgage-decisions"),
}
GOOD = """\
id: cards
use_case: cards
factors:
  - id: late
    columns: [PAY_0]
    statement: Payment record of the latest bill
"""


def shipped(name: str) -> ReasonMap:
    return read_reason_map(asset(f"reasons/{name}.yaml").decode(), f"{name}.yaml")


def test_every_story_has_a_reason_map() -> None:
    assert assets("reasons") == tuple(f"{name}.yaml" for name in STORIES)


@pytest.mark.parametrize("name", STORIES)
def test_a_shipped_map_has_words_for_everything_that_a_model_of_its_story_may_read(name: str) -> None:
    space = read_document(asset(f"stories/{name}-search.yaml").decode(), name, "search").decode(SearchSpace)
    named = {column for factor in shipped(name).factors if factor.nameable for column in factor.columns}
    assert {column for columns in space.feature_sets.values() for column in columns} <= named


@pytest.mark.parametrize("name", STORIES)
def test_a_shipped_map_never_names_what_its_policy_prohibits(name: str) -> None:
    control, contract = STORIES[name]
    library = read_library(asset("controls/controls.yaml").decode(), "controls.yaml")
    patterns = library.control(control).parameters["columns"]  # type: ignore[union-attr]
    prohibited = {pattern.removesuffix("*") for pattern in patterns}
    sensitive = read_contract(asset(f"contracts/{contract}.yaml").decode(), contract).sensitive
    for factor in shipped(name).factors:
        if factor.nameable:
            assert not set(factor.columns) & set(sensitive)
            assert not any(column.startswith(tuple(prohibited)) for column in factor.columns)


@pytest.mark.parametrize("name", STORIES)
def test_a_shipped_map_names_only_columns_of_its_data(name: str) -> None:
    contract = STORIES[name][1]
    known = {c.name for c in read_contract(asset(f"contracts/{contract}.yaml").decode(), contract).columns}
    assert {column for factor in shipped(name).factors for column in factor.columns} <= known


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    columns", "    nameabel: true\n    columns", r"line 5: factors\[0\].nameabel: .*did you mean nameable"),
        ("statement: Payment record of the latest bill", 'statement: ""', r"line 6: factors\[0\].statement: .*words"),
        ("[PAY_0]", "[]", r"line 5: factors\[0\].columns: it names no input column"),
        ("use_case: cards\n", "use_case: cards\nmost: 9\n", r"line 3: most: 9 reasons"),
    ],
)
def test_a_broken_map_is_told_with_file_line_and_field(old: str, new: str, said: str) -> None:
    assert read_reason_map(GOOD, "cards.yaml").factors[0].nameable
    with pytest.raises(ValueError, match=said):
        read_reason_map(GOOD.replace(old, new), "cards.yaml")
