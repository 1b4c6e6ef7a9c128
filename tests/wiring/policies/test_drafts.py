from pathlib import Path

import pytest

from muster.wiring.policies.drafts import read_controls, read_draft, schema_of

CHILD = """\
id: credit-eu
extends: consumer-credit
applies_to: {jurisdictions: [EU]}
requirements: [{control: impact-ratio-sex, limit: 0.9}]
"""


@pytest.fixture
def child(tmp_path: Path) -> Path:
    (tmp_path / "eu.yaml").write_text(CHILD, encoding="utf-8")
    return tmp_path / "eu.yaml"


def test_a_file_that_extends_a_shipped_policy_says_where_each_line_is_from(child: Path) -> None:
    draft = read_draft(child, read_controls(None))
    assert draft.faults == ()
    assert draft.digest.startswith("sha256:")
    lines = {words.strip(): origin for words, origin in draft.lines}
    assert lines["acting in EU"] == f"{child}, line 3"
    assert lines["domain consumer-credit"].startswith("consumer-credit.yaml as shipped, line ")
    assert next(origin for words, origin in lines.items() if "impact-ratio-sex" in words) == f"{child}, line 4"
    assert next(origin for words, origin in lines.items() if "guards" in words) == "as nothing else is said"


def test_a_policy_beside_it_goes_before_a_shipped_one(child: Path) -> None:
    mine = CHILD.replace("credit-eu", "mine").replace("consumer-credit", "mortgage") + "release_life_days: 7\n"
    (child.parent / "consumer-credit.yaml").write_text(mine, encoding="utf-8")
    lines = dict(read_draft(child, read_controls(None)).lines)
    assert lines["A release is good for 7 days."] == f"{child.parent / 'consumer-credit.yaml'}, line 5"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("../consumer-credit", "is no plain name"),
        ("no-such", "there is no policy file no-such.yaml beside"),
        ("eu", "extend each other in a circle"),
    ],
)
def test_a_policy_reads_no_file_elsewhere(child: Path, other: str, said: str) -> None:
    child.write_text(CHILD.replace("consumer-credit", other), encoding="utf-8")
    (fault,) = read_draft(child, read_controls(None)).faults
    assert fault.startswith(f"{child}, line 2: extends: ")
    assert said in fault


def test_controls_come_from_a_file_where_one_is_given(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text("name: small\ncontrols: []\n", encoding="utf-8")
    with pytest.raises(ValueError, match="it has no controls"):
        read_controls(tmp_path / "small.yaml")


def test_the_schema_lets_a_policy_leave_out_what_it_inherits() -> None:
    found = schema_of("policy")
    assert found["required"] == ["id"]
    assert "parents" not in found["properties"]
    assert {"required": ["extends"]} in found["anyOf"]
