import hashlib

import pytest

from muster.adapters.yamlfiles.contracts import read_contract
from muster.records.data import Column, ColumnType

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: loans
version: 1.0.0
status: active
team: {name: risk}
schema:
  - name: loans
    properties:
      - name: age
        logicalType: integer
        required: true
        logicalTypeOptions: {minimum: 18, maximum: 120}
        classification: sensitive
      - name: income
        logicalType: number
      - name: purpose
        logicalType: string
        required: true
        quality:
          - {type: text, description: As the clerk wrote it.}
          - metric: invalidValues
            arguments: {validValues: [car, home]}
            mustBe: 0
"""


def test_a_contract_reads() -> None:
    contract = read_contract(CONTRACT, "loans.yaml")
    assert contract.name == "loans"
    assert contract.digest == "sha256:" + hashlib.sha256(CONTRACT.encode()).hexdigest()
    assert contract.sensitive == ("age",)
    assert contract.columns == (
        Column("age", ColumnType.INTEGER, nullable=False, minimum=18, maximum=120),
        Column("income", ColumnType.NUMBER, nullable=True),
        Column("purpose", ColumnType.CATEGORY, nullable=False, categories=("car", "home")),
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("v3.1.0", "v2.2.2", "line 1: apiVersion: 'v2.2.2' is not read; write v3.1.0"),
        ("kind: DataContract", "kind: Other", "line 2: kind: 'Other' is not DataContract"),
        (
            "logicalType: number",
            "logicalType: date",
            "line 16: schema[0].properties[1].logicalType: 'date' is not checked here",
        ),
        (
            "minimum: 18",
            "minimum: 180",
            "line 13: schema[0].properties[0].logicalTypeOptions: minimum 180 is above maximum 120",
        ),
        (
            "minimum: 18",
            "multipleOf: 2",
            "line 13: schema[0].properties[0].logicalTypeOptions.multipleOf: unknown field multipleOf",
        ),
        ("mustBe: 0", "mustBe: 3", "line 22: schema[0].properties[2].quality[1]: only metric invalidValues"),
        ("metric: invalidValues", "metric: rowCount", "only metric invalidValues"),
        ("mustBe: 0", "mustBe: 0\n            type: sql", "only metric invalidValues"),
        (
            "metric: invalidValues",
            "query: SELECT 1",
            "line 22: schema[0].properties[2].quality[1].query: unknown field query",
        ),
        (
            "classification",
            "classifcation",
            "line 14: schema[0].properties[0].classifcation: unknown field classifcation",
        ),
        ("name: income", "name: age", "line 15: schema[0].properties[1].name: column age stands twice"),
        ("logicalType: string", "logicalType: integer", "values are listed for strings"),
        (
            "        required: true\n        quality",
            "        logicalTypeOptions: {minimum: 1}\n        quality",
            "a string has no minimum",
        ),
        ("name: loans\n    prop", "name: loans\n    properties: []\n  - name: x\n    prop", "exactly one table"),
        (
            "          - {type: text, desc",
            "          - {metric: invalidValues, mustBe: 0, arguments: {validValues: [a]}, desc",
            "join the two",
        ),
    ],
)
def test_a_broken_or_unchecked_contract_says_where_and_what_next(old: str, new: str, fault: str) -> None:
    assert old in CONTRACT
    with pytest.raises(ValueError, match=r"^loans\.yaml") as refused:
        read_contract(CONTRACT.replace(old, new, 1), "loans.yaml")
    assert fault in str(refused.value)


def test_tags_name_the_weight_and_the_time_of_a_row() -> None:
    tagged = CONTRACT.replace("logicalType: number\n", "logicalType: number\n        tags: [sample-weight]\n")
    dated = tagged.replace("name: age\n", "name: age\n        tags: [sample-time]\n")
    contract = read_contract(dated, "loans.yaml")
    assert (contract.weight, contract.time) == ("income", "age")
    assert (read_contract(CONTRACT, "loans.yaml").weight, read_contract(CONTRACT, "loans.yaml").time) == ("", "")
    with pytest.raises(ValueError, match="two columns are tagged sample-time"):
        read_contract(dated.replace("[sample-weight]", "[sample-time]"), "loans.yaml")
    with pytest.raises(ValueError, match="a string cannot be a sample-weight"):
        read_contract(CONTRACT.replace("name: purpose\n", "name: purpose\n        tags: [sample-weight]\n"), "x.yaml")
