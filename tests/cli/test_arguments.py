from __future__ import annotations

import io
import sys
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from muster.cli.arguments import described, parameters_of, prose, values_of
from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.action import Action, Effect, Parameter, Upload
from muster.records.model import DecisionRule
from muster.records.people import Role


def _act(**hints: Any) -> Action:
    parameters = tuple(Parameter(name, hint, required=True) for name, hint in hints.items())
    return Action("thing do", Effect.ACTS, frozenset(), lambda context: context, parameters)


def test_texts_of_parameters_come_from_the_docstring() -> None:
    texts = described(CATALOGUE["actor add"].description)
    assert texts["id"].startswith("A pseudonymous id")
    assert set(texts) == {"id", "roles", "responsible", "days"}
    both = described(CATALOGUE["ledger show"].description)
    assert both["subject"] == both["kind"] == "Only entries about this subject, or of this kind."


def test_help_is_the_prose_before_the_sections() -> None:
    assert "Parameters" not in prose(CATALOGUE["actor add"].description)
    assert prose("One.\n\nTwo.\n\nRaises\n------\nValueError\n    If so.") == "One.\n\nTwo."
    assert described("One.") == {}


def test_what_must_be_given_is_an_argument_and_the_rest_an_option() -> None:
    found = {p.name: p.annotation.__metadata__[0] for p in parameters_of(CATALOGUE["actor add"])}
    kinds = {name: type(info).__name__ for name, info in found.items()}
    options = dict.fromkeys(("roles", "responsible", "days"), "OptionInfo")
    assert kinds == {"id": "ArgumentInfo", **options}


def test_files_are_read_where_the_action_takes_files(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"a\n1\n")
    (tmp_path / "rule.yaml").write_text("threshold: 0.2\nfavourable: below\n")
    asked = _act(table=Upload, rule=DecisionRule, roles=tuple[Role, ...], n=int, flag=bool)
    typed = {
        "table": str(tmp_path / "rows.csv"),
        "rule": str(tmp_path / "rule.yaml"),
        "roles": ["owner,admin"],
        "n": "3",
        "flag": True,
    }
    values = values_of(asked, typed)
    assert values["table"] == Upload("rows.csv", b"a\n1\n")
    assert values["rule"]["threshold"] == 0.2
    assert (values["roles"], values["n"], values["flag"]) == (["owner", "admin"], 3, True)


def test_what_was_not_typed_is_left_to_the_default() -> None:
    assert values_of(CATALOGUE["ledger show"], {"subject": None, "kind": None, "last": None}) == {}


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class _Stdin:
        buffer = io.BytesIO(b"a: 1\n")

    monkeypatch.setattr(sys, "stdin", _Stdin)
    assert values_of(_act(values=Mapping[str, Any]), {"values": "-"}) == {"values": {"a": 1}}


def test_a_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_bytes(b"a: \xff\n")
    with pytest.raises(ValueError, match=r"rule.yaml: not UTF-8 text \(byte 3\)"):
        values_of(_act(rule=DecisionRule), {"rule": str(tmp_path / "rule.yaml")})


def test_every_argument_and_option_of_every_action_is_explained() -> None:
    bare = []
    for asked in CATALOGUE.values():
        for parameter in parameters_of(asked):
            (_, shown) = typing.get_args(parameter.annotation)
            if not shown.help:
                bare.append(f"{asked.name}: {parameter.name}")
    assert bare == []


def test_words_of_a_docstring_come_before_those_that_many_share() -> None:
    (name, _, *_) = parameters_of(CATALOGUE["deployment set"])
    assert typing.get_args(name.annotation)[1].help == "Of the deployment: clients ask for this model name."
