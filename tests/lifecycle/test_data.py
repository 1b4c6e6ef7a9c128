import pyarrow as pa
import pytest
from tests.walk import ROWS, Walked, table

from muster.columns.tables import from_parquet, to_parquet
from muster.lifecycle.desk.action import Upload
from muster.records.data import DataContract
from muster.wiring import shipped

CONTRACT = "contracts/taiwan-credit-default.yaml"


def snapshot(walked: Walked, rows: pa.Table, name: str = "again") -> object:
    contract = shipped.value(DataContract, CONTRACT)
    upload = Upload("rows.parquet", to_parquet(rows))
    return walked.do(
        "mia", "dataset snapshot", table=upload, contract=contract, name=name, source="UCI", licence="CC BY 4.0"
    )


def test_the_parts_hold_every_row_once(walked: Walked) -> None:
    ids: list[int] = []
    for digest in walked.parts.values():
        content = walked.do("mia", "dataset download", dataset=digest).content
        ids += from_parquet(content).column("ID").to_pylist()
    assert sorted(ids) == sorted(table().column("ID").to_pylist())


def test_a_snapshot_carries_schema_profile_and_origin(walked: Walked) -> None:
    held_out = walked.do("ana", "dataset show", dataset=walked.parts["held-out"])
    assert held_out.rows == round(ROWS * 0.3)
    assert "AGE" in held_out.sensitive
    assert held_out.licence == "CC BY 4.0"
    assert held_out.profile["rows"] == held_out.rows


def test_data_that_break_the_contract_are_refused_and_nothing_is_kept(walked: Walked) -> None:
    rows = table()
    ages = rows.column("AGE").to_pylist()
    ages[7] = 430
    broken = rows.set_column(rows.column_names.index("AGE"), "AGE", pa.array(ages))
    before = walked.house.ledger.refresh()
    with pytest.raises(ValueError, match=r"'AGE'.*first row 7"):
        snapshot(walked, broken)
    assert walked.house.ledger.refresh() == before


def test_a_missing_column_is_named(walked: Walked) -> None:
    with pytest.raises(ValueError, match="PAY_0"):
        snapshot(walked, table().drop_columns(["PAY_0"]))


def test_shares_that_do_not_add_up_are_refused(walked: Walked) -> None:
    whole = snapshot(walked, table())
    with pytest.raises(ValueError, match="add up to 1"):
        walked.do("mia", "dataset split", dataset=whole.digest, training=0.9)  # type: ignore[attr-defined]


def test_an_unknown_dataset_is_said_to_be_unknown(walked: Walked) -> None:
    with pytest.raises(LookupError, match="muster dataset list"):
        walked.do("mia", "dataset show", dataset="sha256:" + "0" * 64)


def test_the_list_has_a_line_a_version(walked: Walked) -> None:
    assert [line.role for line in walked.do("ana", "dataset list")] == ["source", "training", "validation", "held-out"]
