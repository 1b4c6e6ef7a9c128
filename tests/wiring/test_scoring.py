from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from muster.settings import Settings
from muster.wiring.scoring import FLAGS, Asked, command, form, own


def test_what_scores_has_a_name_and_a_state_of_its_own() -> None:
    assert own(Settings(home=Path("h"))).gateway_name == "score"
    assert own(Settings(home=Path("h"))).gateway_state == Path("h/score")
    named = own(Settings(home=Path("h"), gateway_name="night", gateway_state=Path("s")))
    assert (named.gateway_name, named.gateway_state) == ("night", Path("s"))


def test_the_command_line_says_all_that_is_asked() -> None:
    asked = Asked("loans", "in.csv", "-", ("id", "name"), reasons=True, workers=3)
    line = command(Settings(home=Path("h"), root="sha256:1"), asked)
    assert line[1:4] == ["-P", "-m", "muster.gateway.batch"]
    for word in ("--home=h", "--root=sha256:1", "--keep=id", "--keep=name", "--reasons", "--workers=3", "--output=-"):
        assert word in line
    assert "--resume" not in line
    assert {name for name in FLAGS if name not in {each.name for each in fields(Settings)}} == set()


def test_a_pipe_is_csv_unless_it_is_said_otherwise() -> None:
    assert form(Asked("d", "a.csv", "-")) == "csv"
    assert form(Asked("d", "a.csv", "-", output_format="arrow")) == "arrow"
    assert form(Asked("d", "a.csv", "b.parquet")) == "parquet"
    with pytest.raises(ValueError, match="xml"):
        form(Asked("d", "a.csv", "-", output_format="xml"))
