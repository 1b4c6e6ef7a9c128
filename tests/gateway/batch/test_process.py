from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.gateway.batch.scene import made, out, rows, score, settings
from tests.gateway.world import World

from muster.gateway.batch import process
from muster.gateway.batch.process import tell
from muster.gateway.batch.run import Run
from muster.wiring.scoring import Asked


def test_every_row_of_the_file_is_in_the_output_in_its_order(
    present: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score(present, json=True) == 1  # three rows are refused
    results = made(present)
    assert [row["id"] for row in results] == rows()["id"].to_pylist()
    refused = [row for row in results if row["refusal"]]
    assert [row["id"] for row in refused] == ["p19", "p39", "p59"]
    assert {row["refusal"] for row in refused} == {"schema: column job: unknown category"}
    assert all(row["decision_id"] is row["score"] is row["favourable"] is None for row in refused)
    assert {row["flags"][0] for row in results if row["flags"]} == {"outside-range:income"}
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["refused"]) == (60, 3)
    assert told["favourable"] + told["adverse"] == 57


def test_each_decision_is_logged_once_and_refusals_are_counted(present: World) -> None:
    assert score(present) == 1
    results = {row["decision_id"]: row for row in made(present) if row["decision_id"]}
    logged = present.logged()
    assert sorted(row["decision_id"] for row in logged) == sorted(results)
    assert len({row["request_id"] for row in logged}) == 1
    for row in logged:
        result = results[row["decision_id"]]
        assert (row["score"], row["decision"], row["favourable"]) == (
            result["score"],
            result["decision"],
            result["favourable"],
        )
        assert row["input.job"] in ("clerk", "smith", "weaver")
        assert row["version"] == result["model_version"]


def test_a_refused_row_stops_the_run_where_that_is_asked(present: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert score(present, on_refused="stop") == 1
    assert "REFUSED: row 19 is refused by schema: column job: unknown category" in capsys.readouterr().err
    assert not out(present).exists()
    assert present.logged() == []


def test_csv_and_arrow_are_scored_as_parquet_is(present: World) -> None:
    assert score(present) == 1
    scores = [row["score"] for row in made(present)]
    pyarrow.csv.write_csv(rows(), present.folder / "in.csv")
    with pa.ipc.new_file(str(present.folder / "in.arrow"), rows().schema) as file:
        file.write_table(rows(), 7)
    for name in ("in.csv", "in.arrow"):
        assert score(present, input=str(present.folder / name), replace=True) == 1
        assert [row["score"] for row in made(present)] == scores


@pytest.mark.parametrize("name", ["in.parquet", "in.csv"])
def test_nothing_needs_to_be_kept(present: World, name: str) -> None:
    assert score(present) == 1
    scores = [row["score"] for row in made(present)]
    pyarrow.csv.write_csv(rows(), present.folder / "in.csv")
    assert score(present, input=str(present.folder / name), keep=(), replace=True) == 1
    assert [row["score"] for row in made(present)] == scores
    assert "id" not in made(present)[0]


def test_a_file_that_no_row_of_could_pass_is_refused_before_the_first(
    present: World, capsys: pytest.CaptureFixture[str]
) -> None:
    table = rows()
    wrong = {
        "missing input job": table.drop_columns(["job"]),
        "column income holds number values: send FP64": table.set_column(1, "income", pa.array(["x"] * 60)),
        "column months holds integer values": table.set_column(2, "months", pa.array([0.5] * 60)),
        "column job holds category values": table.set_column(3, "job", pa.array([True] * 60)),
    }
    for reason, one in wrong.items():
        assert score(present, one) == 1
        assert f"REFUSED: {reason}" in capsys.readouterr().err
    assert not out(present).exists()
    assert not process.folder_of(Asked("loans", "a.csv", str(out(present)))).exists()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"keep": ("nobody",)}, "has no column 'nobody'"),
        ({"keep": ("score",)}, "cannot be kept"),
        ({"on_refused": "shrug"}, "--on-refused"),
        ({"workers": -1}, "--workers"),
        ({"resume": True, "restart": True}, "say one of them"),
        ({"output": "/nowhere/at/all.csv"}, "no folder"),
        ({"output": "out.xlsx"}, "does not tell what it is"),
        ({"input": "absent.parquet"}, "absent.parquet"),
        ({"input_format": "xml"}, "there is no form"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_made(
    present: World, capsys: pytest.CaptureFixture[str], asked: dict[str, object], words: str
) -> None:
    table = rows().append_column("score", pa.array([0.0] * 60)) if asked.get("keep") == ("score",) else rows()
    assert score(present, table, **asked) == 2
    assert words in capsys.readouterr().err
    assert not out(present).exists()


def test_an_output_that_exists_is_replaced_only_by_leave(present: World) -> None:
    out(present).write_text("mine")
    assert score(present) == 2
    assert out(present).read_text() == "mine"
    assert score(present, replace=True) == 1
    assert len(made(present)) == 60


def test_nothing_is_scored_that_is_not_admitted(present: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert score(present, deployment="other") == 1
    assert "the orders name no deployment 'other'; they name loans" in capsys.readouterr().err
    present.order()
    assert score(present) == 1
    assert not out(present).exists()
    assert process.score(settings(present).__class__(home=present.folder), Asked("loans", "a", "b")) == 2


def test_a_stop_between_two_batches_ends_the_run_and_says_how_far_it_came(
    present: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = present.release()
    present.order(deployment)
    take, taken = Run._take, []

    def then_stop(self: Run, done: object) -> None:
        take(self, done)  # type: ignore[arg-type]
        taken.append(1)
        if len(taken) == 1:
            present.order()  # names no deployment any more

    monkeypatch.setattr(Run, "_take", then_stop)
    assert score(present, rows(300), workers=1) == 1
    said = capsys.readouterr().err
    assert "REFUSED: " in said
    assert "--resume goes on from there" in said
    done = len({row["decision_id"] for row in present.logged()})
    assert 0 < done < 285
    assert not out(present).exists()
    monkeypatch.setattr(Run, "_take", take)
    present.order(deployment)
    assert score(present, rows(300)) == 2  # not without saying how
    assert "--resume" in capsys.readouterr().err
    assert score(present, rows(300), resume=True, keep=("job",)) == 2
    assert "had another keep" in capsys.readouterr().err
    assert score(present, rows(300), resume=True) == 1
    results = made(present)
    assert [row["id"] for row in results] == rows(300)["id"].to_pylist()
    logged = [row["decision_id"] for row in present.logged()]
    assert sorted(logged) == sorted(row["decision_id"] for row in results if row["decision_id"])
    assert len(set(logged)) == len(logged) == 285
    assert not list(present.folder.glob(".out*"))


def test_starting_over_scores_all_of_it_again(present: World, monkeypatch: pytest.MonkeyPatch) -> None:
    take = Run._take

    def fail(self: Run, done: object) -> None:
        take(self, done)  # type: ignore[arg-type]
        self._checkpoint()
        raise OSError

    monkeypatch.setattr(Run, "_take", fail)
    assert score(present, workers=1) == 2
    monkeypatch.setattr(Run, "_take", take)
    first = len(present.logged())
    assert score(present, restart=True) == 1
    assert len(present.logged()) == first + 57
    assert len(made(present)) == 60


def test_an_empty_file_is_an_empty_result(present: World) -> None:
    assert score(present, rows().slice(0, 0)) == 0
    assert pq.read_table(out(present)).num_rows == 0


def test_a_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell("a\nb")
    assert capsys.readouterr().err == "score: a b\n"


def test_a_run_between_pipes_leaves_nothing(tmp_path: Path) -> None:
    assert process.folder_of(Asked("d", "-", "out.csv")) is None
    assert process.folder_of(Asked("d", "in.csv", str(tmp_path / "out.csv"))) == tmp_path / ".out.csv.scoring"


def test_a_run_that_stopped_before_its_first_row_leaves_nothing_to_go_on_with(present: World) -> None:
    table = rows(40).slice(19)  # the first of these is refused
    assert score(present, table, on_refused="stop") == 1
    assert not out(present).exists()
    assert score(present, table) == 1
    assert len(made(present)) == 21
