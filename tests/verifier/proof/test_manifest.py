"""A manifest names just the members that there are, as they are, and what they answer."""

from __future__ import annotations

from typing import Any

import pytest

from muster.records.canonical import canonical, digest
from muster.verifier.proof.manifest import FORMAT, check_manifest

REST = {"a.json": b"1", "b.json": b"22"}
ASKED = {"version": "v", "use_case": "loans", "environment": "production", "scope": "serve"}


def lines(rest: dict[str, bytes]) -> list[dict[str, Any]]:
    return [{"name": name, "digest": digest(raw), "size": len(raw)} for name, raw in rest.items()]


def made(rest: dict[str, bytes] = REST, **changes: Any) -> dict[str, bytes]:
    said = {"format": FORMAT, "deployment": "d", "questions": [ASKED], "members": lines(REST), **changes}
    return {"manifest.json": canonical(said), **rest}


def test_a_manifest_of_just_these_members_is_taken() -> None:
    assert check_manifest(made()) == ("d", [ASKED])
    assert check_manifest(made(questions=[ASKED, ASKED]))[1] == [ASKED, ASKED]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (made({"a.json": b"1"}), "b.json is in the manifest, but not in the dossier"),
        (made({**REST, "b.json": b"33"}), "b.json is not what the manifest says: it was changed"),
        (made({**REST, "c.json": b""}), "does not list exactly the members"),
        (made(members=lines({"a.json": b"1"})), "does not list exactly the members"),
        (made(members=lines(REST)[::-1]), "does not list exactly the members"),
        (made(members=[*lines(REST)[:1], {**lines(REST)[1], "size": 3}]), "does not list exactly the members"),
        (made(format="muster-dossier-v2"), "does not list exactly the members"),
        (made(note="verified by the bank"), "does not list exactly the members"),
        (made(questions=[]), "questions are none"),
        (made(questions=[{**ASKED, "answer": "allow"}]), "questions are none"),
        (made(questions=[ASKED, {"version": "v"}]), "questions are none"),
        (made({"b.json": b"22", "a.json": b"1"}), "the members are not in their order"),
        ({**REST, **made({})}, "the members are not in their order"),
    ],
)
def test_one_that_is_not_is_refused(members: dict[str, bytes], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_manifest(members)
