from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.rules.scene import key

from muster.adapters.signatures import verify
from muster.records.access.alert import Suspicious
from muster.records.trust import Duty, KeyGrant
from muster.rules.witness.seals import (
    CHANGED,
    OpenedSeal,
    SegmentSeal,
    open_seal,
    require_chains,
    worker_name,
    write_seal,
)

PEN = key("gateway-log")
GRANT = KeyGrant(Duty.GATEWAY_LOG, PEN.key, name="g1")
FIRST = SegmentSeal("g1", 1, "d-loans/decisions/a.arrows", "sha256:a", 3, "", datetime(2026, 11, 23, tzinfo=UTC))


def chain(count: int, gateway: str = "g1") -> list[OpenedSeal]:
    made: list[OpenedSeal] = []
    for number in range(1, count + 1):
        previous = made[-1].digest if made else ""
        said = replace(FIRST, gateway=gateway, number=number, segment=f"{gateway}/{number}", previous=previous)
        _, named = write_seal(said, PEN.key, PEN.sign)
        made.append(OpenedSeal(said, named))
    return made


def test_a_seal_is_opened_with_the_key_of_its_gateway_only() -> None:
    text, named = write_seal(FIRST, PEN.key, PEN.sign)
    assert open_seal(text, [GRANT], verify) == OpenedSeal(FIRST, named)
    assert open_seal(text, [replace(GRANT, name="")], verify).seal == FIRST
    other = KeyGrant(Duty.GATEWAY_LOG, key("gateway-log-2").key, name="g1")
    for grants in ([other], [replace(GRANT, name="g2")], []):
        with pytest.raises(Suspicious, match="signed by no gateway-log key") as refused:
            open_seal(text, grants, verify)
        assert refused.value.what == CHANGED
    with pytest.raises(Suspicious, match="cannot be read"):
        open_seal("nonsense", [GRANT], verify)


def test_the_seals_of_each_gateway_are_a_chain_in_whatever_order_they_are_found() -> None:
    seals = require_chains([*reversed(chain(4)), *chain(2, "g2")])
    assert sorted(seals) == ["g1/1", "g1/2", "g1/3", "g1/4", "g2/1", "g2/2"]
    assert require_chains([]) == {}


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_seal_that_is_missing_at_the_beginning_or_in_the_middle_is_noticed(lost: int) -> None:
    left = [opened for place, opened in enumerate(chain(4)) if place != lost]
    with pytest.raises(Suspicious, match=f"seal {lost + 1} is missing"):
        require_chains(left)


def test_what_was_removed_for_its_age_may_be_missing_at_the_beginning_only() -> None:
    seals = chain(4)
    assert len(require_chains(seals[2:], ["g1/1"])) == 2
    with pytest.raises(Suspicious, match="seal 2 is missing"):
        require_chains([seals[0], *seals[2:]], ["g1/1"])


def test_a_seal_that_is_doubled_or_of_another_chain_is_noticed() -> None:
    seals = chain(3)
    with pytest.raises(Suspicious, match="is there twice"):
        require_chains([*seals, seals[1]])
    strange = OpenedSeal(replace(seals[1].seal, previous="sha256:other"), "sha256:x")
    with pytest.raises(Suspicious, match="does not follow"):
        require_chains([seals[0], strange, seals[2]])


def test_workers_of_a_gateway_seal_by_its_key_and_nobody_elses() -> None:
    said = replace(FIRST, gateway=worker_name("g1", 2))
    text, _ = write_seal(said, PEN.key, PEN.sign)
    assert open_seal(text, [GRANT], verify).seal == said
    for name in ("g", "g1#", "g2", "g1#2#3"):
        with pytest.raises(Suspicious):
            open_seal(text, [replace(GRANT, name=name)], verify)
    text, _ = write_seal(replace(FIRST, gateway="g1#x"), PEN.key, PEN.sign)
    with pytest.raises(Suspicious):
        open_seal(text, [GRANT], verify)
