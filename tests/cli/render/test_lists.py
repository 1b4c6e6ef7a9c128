from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from muster.cli.render.lists import COLUMNS
from muster.lifecycle.data import DatasetLine
from muster.lifecycle.desk.roots import OfferedKey
from muster.lifecycle.intake import TieredUseCase
from muster.records.data import Column, ColumnType, DatasetRole, DatasetVersion
from muster.records.governance.terms import Selector
from muster.records.people import Role
from muster.records.policy import Policy, Requirement, SignOff
from muster.records.purpose import UseCase
from muster.records.trust import Algorithm, KeyOffer, PublicKey

DIGEST = "sha256:" + "ab" * 32
CASE = UseCase("credit", "p", "olga", "sam", "consumer-credit", True, 10, 1.0, "TWD", "decides", ("US", "EU"), "k", 0.1)
POLICY = Policy("p", "production", "s", Selector(), (Requirement("auc"),), (SignOff(Role.RISK_ANALYST),), "muster")
VERSION = DatasetVersion(
    "rows", DIGEST, 30000, DatasetRole.HELD_OUT, (Column("AGE", ColumnType.INTEGER),), ("AGE",), "UCI", "CC BY 4.0"
)
LINE = DatasetLine("rows", DIGEST, "held-out", 30000, 1, ("AGE",), "UCI", "CC BY 4.0")

OFFER = KeyOffer("ana", PublicKey(Algorithm.ECDSA_P256, "AAAA"), "", "bank.example/credit")
OFFERED = OfferedKey("ana", OFFER.key.id, datetime(2026, 11, 23, tzinfo=UTC), "open", OFFER)


def _table(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_use_cases_show_their_tier(shown: Callable[..., str]) -> None:
    titles, row = _table(shown((TieredUseCase(CASE, "high", ("why",)),)))
    assert titles == ["id", "tier", "domain", "autonomy", "jurisdictions", "owner"]
    assert row == ["credit", "high", "consumer-credit", "decides", "US,", "EU", "olga"]


def test_datasets_show_the_digest_that_commands_take(shown: Callable[..., str]) -> None:
    assert _table(shown((VERSION,)))[1] == ["rows", DIGEST, "held-out", "30,000", "1"]
    assert _table(shown((LINE,)))[1][:5] == ["rows", DIGEST, "held-out", "30,000", "1"]


def test_policies_show_how_much_they_demand(shown: Callable[..., str]) -> None:
    assert _table(shown((POLICY,)))[1] == ["p", "production", "1", "1", "risk-analyst", "muster", "yes"]


def test_keys_that_were_handed_in_show_their_whole_id(shown: Callable[..., str]) -> None:
    row = _table(shown((OFFERED,)))[1]
    assert (row[0], row[1], row[-1]) == ("ana", OFFER.key.id, "open")


def test_every_type_has_columns_that_its_records_have() -> None:
    whole = (TieredUseCase(CASE, "high", ()), VERSION, LINE, POLICY, OFFERED)
    examples = {type(example): example for example in whole}
    assert set(examples) == set(COLUMNS)
    for kind, shown_columns in COLUMNS.items():
        assert all(of(examples[kind]) is not None for of in shown_columns.values())
