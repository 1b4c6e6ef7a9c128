from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.rules.scene import NOW, ROOT, grant, key

from muster.adapters.signatures import verify
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.trust import Duty, KeyGrant, TrustRoot
from muster.rules.ceremony.changes import Changes, next_root
from muster.rules.ceremony.paper import (
    Paper,
    document_in,
    drafted_paper,
    paper_text,
    read_against,
    read_paper,
    with_signature,
)
from muster.rules.envelope import envelope_text, seal
from muster.rules.trust import ROOT_TYPE, fingerprint, follow_root, sign_root

PINNED = fingerprint(ROOT)
FIRST = sign_root(ROOT, [(KeyGrant(Duty.ROOT, key("root").key), key("root").sign)])
SHARED = Changes(granted=(grant(Duty.ROOT, "root-2"), grant(Duty.ROOT, "root-3")), threshold=2)


def drafted(changes: Changes = SHARED, current: TrustRoot = ROOT) -> Paper:
    return drafted_paper([FIRST], current, next_root(current, changes, NOW))


def signed(paper: Paper, *names: str) -> Paper:
    for name in names:
        paper = with_signature(paper, read_against(paper, PINNED, verify), key(name).key, key(name).sign)
    return paper


def test_a_paper_goes_round_until_enough_have_signed() -> None:
    paper = read_paper(paper_text(drafted()))
    seen = []
    for name in ("root-3", "root"):
        seen.append(read_against(paper, PINNED, verify).lacking)
        paper = read_paper(paper_text(signed(paper, name)))
    assert seen == [
        (
            "version 1: 0 of the 1 signatures that its root keys must give",
            "version 2: 0 of the 2 signatures that its root keys must give",
        ),
        (
            "version 1: 0 of the 1 signatures that its root keys must give",
            "version 2: 1 of the 2 signatures that its root keys must give",
        ),
    ]
    assert read_against(paper, PINNED, verify).lacking == ()
    chain = [FIRST, document_in(paper_text(paper))]
    assert follow_root(PINNED, chain, verify, NOW).threshold == 2


def test_nobody_signs_twice_and_no_stranger_at_all() -> None:
    once = signed(drafted(), "root-2")
    with pytest.raises(PermissionError, match="has signed this draft already"):
        signed(once, "root-2")
    with pytest.raises(PermissionError, match="is no root key: neither version 1 nor the draft names it"):
        signed(once, "release")


def test_a_paper_on_a_forged_chain_is_not_read() -> None:
    forged = replace(ROOT, grants=(*ROOT.grants, grant(Duty.ROOT, "eve")))
    pen = key("eve")
    text = envelope_text(seal(ROOT_TYPE, canonical(encode(forged)), [(pen.key, pen.sign)]))
    paper = drafted_paper([text], forged, next_root(forged, Changes(), NOW))
    with pytest.raises(PermissionError, match="wrong or forged root"):
        read_against(paper, PINNED, verify)


@pytest.mark.parametrize("changes", [{"version": 3}, {"version": 1}, {"origin": "elsewhere.example/house"}])
def test_what_is_not_the_next_version_of_this_root_is_not_read(changes: dict[str, object]) -> None:
    wrong = replace(next_root(ROOT, SHARED, NOW), **changes)  # type: ignore[arg-type]
    with pytest.raises(PermissionError, match="draft it again from the newest chain"):
        read_against(drafted_paper([FIRST], ROOT, wrong), PINNED, verify)


def test_what_the_words_do_not_say_is_not_signed() -> None:
    paper = drafted()
    hidden = {**encode(next_root(ROOT, SHARED, NOW)), "also": "trust eve"}
    paper = replace(paper, envelope=seal(ROOT_TYPE, canonical(hidden), []))
    with pytest.raises((PermissionError, ValueError), match="also|beside"):
        read_against(paper, PINNED, verify)


def test_the_words_in_the_file_are_for_readers_and_not_believed() -> None:
    paper = replace(drafted(), words=("nothing changes",))
    reading = read_against(paper, PINNED, verify)
    assert reading.drafted.threshold == 2
    assert reading.digest == read_against(drafted(), PINNED, verify).digest


def test_an_expired_root_may_be_followed_by_a_new_one() -> None:
    late = NOW + timedelta(days=800)
    paper = drafted_paper([FIRST], ROOT, next_root(ROOT, Changes(), late))
    assert signed(paper, "root").envelope.signatures


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"chain": []}', json.dumps({"chain": [], "envelope": 3})])
def test_what_is_no_paper_and_no_document_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        document_in(text)
    with pytest.raises(ValueError, match="."):
        read_paper(text)


def test_a_bare_document_is_taken_too() -> None:
    assert document_in(FIRST) == FIRST
