import pyarrow as pa
import pytest

from muster.columns.window import MODEL_SAID, PEOPLE_SAID, Joined, decisions_of, join_known, with_people, with_personal

MINE, OTHER = "sha256:11", "sha256:22"


def logged(*rows: tuple[str, str, float]) -> pa.RecordBatch:
    ids, versions, ages = zip(*rows, strict=True)
    return pa.record_batch(
        {
            "decision_id": list(ids),
            "version": pa.array(versions).dictionary_encode(),
            "score": [0.1] * len(ids),
            "favourable": [True] * len(ids),
            "latency": [1] * len(ids),
            "input.age": list(ages),
        }
    )


BATCHES = [logged(("d2", MINE, 40.0), ("d1", MINE, 30.0)), logged(("d3", OTHER, 50.0)), logged(("d4", MINE, 60.0))]


def join_outcomes(batches: list[pa.RecordBatch], outcomes: pa.Table, *, version: str, prefix: str) -> Joined:
    return join_known(decisions_of(batches, version=version, prefix=prefix), outcomes)


def test_outcomes_meet_their_decisions_in_a_fixed_order() -> None:
    outcomes = pa.table({"decision_id": ["d4", "d1", "zz"], "default": [1, 0, 0], "sex": ["f", "m", "m"]})
    joined = join_outcomes(BATCHES, outcomes, version=MINE, prefix="input.")
    assert joined.table.to_pylist() == [
        {"decision_id": "d1", "score": 0.1, "favourable": True, "age": 30.0, "default": 0, "sex": "m"},
        {"decision_id": "d4", "score": 0.1, "favourable": True, "age": 60.0, "default": 1, "sex": "f"},
    ]
    assert (joined.without_outcome, joined.unknown_decisions) == (1, 1)


def test_what_the_model_was_given_stands_against_later_data() -> None:
    outcomes = pa.table({"decision_id": ["d1"], "age": [99.0], "default": [0]})
    assert join_outcomes(BATCHES, outcomes, version=MINE, prefix="input.").table["age"].to_pylist() == [30.0]


def test_a_decision_has_one_outcome() -> None:
    twice = pa.table({"decision_id": ["d1", "d1"], "default": [0, 1]})
    with pytest.raises(ValueError, match="each decision has one outcome"):
        join_outcomes(BATCHES, twice, version=MINE, prefix="input.")
    with pytest.raises(ValueError, match="no column 'decision_id'"):
        join_outcomes(BATCHES, pa.table({"id": ["d1"]}), version=MINE, prefix="input.")


def test_an_empty_window_is_an_error() -> None:
    outcomes = pa.table({"decision_id": ["d1"], "default": [0]})
    with pytest.raises(ValueError, match="holds no decision of version sha256:33"):
        join_outcomes(BATCHES, outcomes, version="sha256:33", prefix="input.")


def test_what_was_left_to_a_person_says_nothing_of_the_model() -> None:
    left = logged(("d5", MINE, 20.0), ("d6", MINE, 25.0))
    left = left.set_column(3, "favourable", pa.array([None, True]))
    outcomes = pa.table({"decision_id": ["d5", "d6"], "default": [0, 1]})
    joined = join_outcomes([left], outcomes, version=MINE, prefix="input.")
    assert joined.table["decision_id"].to_pylist() == ["d6"]
    assert (joined.referred, joined.without_outcome, joined.unknown_decisions) == (1, 0, 0)


def apart(*rows: tuple[str, str, str]) -> pa.RecordBatch:
    ids, versions, sexes = zip(*rows, strict=True)
    return pa.record_batch({"decision_id": list(ids), "version": list(versions), "input.sex": list(sexes)})


def test_inputs_that_are_kept_apart_are_joined_where_they_are_known_of_every_decision() -> None:
    decisions = decisions_of(BATCHES, version=MINE, prefix="input.")
    kept = [apart(("d1", MINE, "f"), ("d2", MINE, "m"), ("d3", OTHER, "m")), apart(("d4", MINE, "f"))]
    table, absent = with_personal(decisions, kept, version=MINE, prefix="input.")
    assert absent == 0
    found = {row["decision_id"]: (row["age"], row["sex"]) for row in table.to_pylist()}
    assert found == {"d1": (30.0, "f"), "d2": (40.0, "m"), "d4": (60.0, "f")}


@pytest.mark.parametrize(("kept", "gone"), [([], 3), ([apart(("d1", MINE, "f"))], 2), ([apart(("d1", OTHER, "f"))], 3)])
def test_what_is_known_of_some_decisions_only_is_not_joined(kept: list[pa.RecordBatch], gone: int) -> None:
    decisions = decisions_of(BATCHES, version=MINE, prefix="input.")
    table, absent = with_personal(decisions, kept, version=MINE, prefix="input.")
    assert (table.column_names, absent) == (decisions.column_names, gone)


def test_an_input_that_some_decisions_were_logged_without_is_absent_and_not_missing() -> None:
    without = BATCHES[0].select(["decision_id", "version", "score", "favourable"])
    assert "age" not in decisions_of([without, BATCHES[2]], version=MINE, prefix="input.").column_names
    assert "age" not in decisions_of(BATCHES, version=MINE, prefix="input.", inputs=["sex"]).column_names


def test_what_people_said_stands_beside_what_the_model_said() -> None:
    left = logged(("d5", MINE, 20.0), ("d6", MINE, 25.0), ("d7", MINE, 30.0))
    left = left.set_column(3, "favourable", pa.array([None, True, False]))
    decisions = decisions_of([left], version=MINE, prefix="input.")
    known = pa.table({"decision_id": ["d7"], "sex": ["f"], "age": [1.0]})
    table = with_people(decisions, known, {"d5": "yes", "d6": "no"}, ("yes", "no", "ask"))
    assert [(row[MODEL_SAID], row[PEOPLE_SAID], row["sex"], row["age"]) for row in table.to_pylist()] == [
        ("ask", "yes", None, 20.0),
        ("yes", "no", None, 25.0),
        ("no", None, "f", 30.0),
    ]
