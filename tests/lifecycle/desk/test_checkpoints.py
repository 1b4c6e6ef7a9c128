from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.hearing import Heard
from tests.servers.witness import Witness, answering
from tests.walk import Walked

from muster.adapters.telling.anchors import FileAnchor
from muster.adapters.telling.witness import HttpWitness
from muster.lifecycle.desk.checkpoints import DOCUMENT, anchor, anchor_grown, witnessed
from muster.lifecycle.desk.context import Context
from muster.lifecycle.serve.orders import issue
from muster.records.trust import Duty, TrustRoot
from muster.rules.trust import sign_root
from muster.rules.witness.history import notes_in
from muster.settings import read_settings
from muster.wiring.control import signer_of


def with_house(walked: Walked, **parts: object) -> Context:
    context = walked.context("omar")
    return replace(context, house=replace(context.house, notify=Heard(), **parts))


def witnessing(walked: Walked, witness: Witness, needed: int = 1) -> TrustRoot:
    """Name a witness in the next trust root."""
    current = walked.do("admin", "trust show").current
    grants = (*current.grants, witness.grant)
    root = replace(current, version=current.version + 1, grants=grants, witnesses_needed=needed)
    first = next(grant for grant in root.grants if grant.duty is Duty.ROOT)
    document = sign_root(root, [(first, signer_of(read_settings({"home": walked.home}, {}), Duty.ROOT).sign)])
    from muster.lifecycle.desk.action import Upload

    walked.do("admin", "trust publish", document=Upload("root.json", document.encode()))
    return root


@pytest.fixture
def witness(walked: Walked, tmp_path: Path) -> Witness:
    (tmp_path / "witness").mkdir()
    return Witness(
        tmp_path / "witness",
        {"test.example/house": signer_of(read_settings({"home": walked.home}, {}), Duty.LEDGER).key},
    )


@pytest.mark.enable_socket
def test_orders_rest_on_a_checkpoint_that_the_witnesses_saw_and_gateways_ask_for_it(
    walked: Walked, witness: Witness
) -> None:
    witnessing(walked, witness)
    with pytest.raises(PermissionError, match="are the witnesses up"):
        walked.do("omar", "orders issue")
    with answering(witness) as url:
        context = with_house(walked, witnesses=(HttpWitness(url),))
        first = issue(context)
        assert witness.name in first.checkpoint
        assert walked.gateway().refresh().serving(walked.clock()) == ("credit",)
        assert issue(context).number == first.number + 1
        assert walked.gateway().refresh().serving(walked.clock()) == ("credit",)
    assert walked.house.outbox.published(DOCUMENT).decode() != first.checkpoint
    assert witness.name in walked.house.outbox.published(DOCUMENT).decode()


class Fork:
    """A witness that has seen another history."""

    name = "https://witness.example"

    def cosign(self, note: str, consistency: Callable[[int], Sequence[bytes]]) -> str:
        msg = f"it has seen another history than {len(note)} and {consistency}"
        raise PermissionError(msg)


def test_a_witness_that_saw_another_history_raises_an_alarm(walked: Walked) -> None:
    context = with_house(walked, witnesses=(Fork(),))
    witnessed(context)
    (alert,) = context.house.notify.alerts  # type: ignore[attr-defined]
    assert alert.what == "ledger-forked"
    assert "https://witness.example refuses the ledger" in alert.words


def test_the_ledger_is_anchored_when_it_has_grown(walked: Walked, tmp_path: Path) -> None:
    path = tmp_path / "anchors.txt"
    context = with_house(walked, anchors=(FileAnchor(path),))
    size = anchor_grown(context, 0)
    assert anchor_grown(context, size) == size
    walked.do("omar", "orders issue")
    assert anchor_grown(context, size) == size + 1
    assert len(notes_in(path.read_text())) == 2


def test_a_place_that_fails_is_told_and_the_others_keep_it(walked: Walked, tmp_path: Path) -> None:
    good, bad = FileAnchor(tmp_path / "anchors.txt"), FileAnchor(tmp_path / "absent" / "anchors.txt")
    context = with_house(walked, anchors=(good, bad))
    anchor_grown(context, 0)
    assert context.house.notify.names == ["anchor-failed"]  # type: ignore[attr-defined]
    kept = anchor(context)
    assert [bool(each.problem) for each in kept] == [False, True]
    with pytest.raises(OSError, match="kept nowhere: .*absent"):
        anchor(with_house(walked, anchors=(bad,)))


def test_nowhere_to_anchor_is_said(walked: Walked) -> None:
    with pytest.raises(ValueError, match="setting anchors"):
        walked.do("omar", "ledger anchor")
