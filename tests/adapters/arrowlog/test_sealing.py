from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.adapters.arrowlog.blocks import REFUSALS, SOURCE, block
from tests.rules.scene import key

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.arrowlog.sealing import STATE, SUFFIX, Sealer
from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.adapters.signatures import verify
from muster.ports.log import Sealing, Stream
from muster.records.access.alert import Suspicious
from muster.records.trust import Duty, KeyGrant

PEN = key("gateway-log")
SEALING = Sealing((KeyGrant(Duty.GATEWAY_LOG, PEN.key, name="g1"),))
EAGER = Rolling(linger_s=0.0, segment_bytes=1)


class Place:
    """A log, and the state of the gateway that writes it."""

    def __init__(self, folder: Path) -> None:
        self.log, self.state = folder / "log", folder / "state"

    def sealer(self, name: str = "g1") -> Sealer:
        return Sealer(PEN, name, self.log, self.state, lambda: datetime(2026, 11, 23, tzinfo=UTC))

    def write(self, *starts: int, rolling: Rolling = EAGER) -> None:
        log = ArrowLog(self.log, rolling, self.sealer())
        for start in starts:
            log.append(SOURCE, block(start, 2))
            log.flush()
        log.close()

    def read(self, sealing: Sealing | None = SEALING) -> list[int]:
        batches = ArrowLogReader(self.log, verify).batches("loans", sealing=sealing)
        return [int(value) for batch in batches for value in batch.column("decision_id").to_pylist()]

    @property
    def segments(self) -> list[Path]:
        return sorted(self.log.rglob("*.arrows"))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr("muster.adapters.arrowlog.reader.SEALED_WITHIN_S", 0.0)
    made = Place(tmp_path)
    made.write(0, 10, 20)
    return made


def test_each_closed_segment_is_sealed_and_what_is_read_is_what_was_sealed(place: Place) -> None:
    assert [path.with_name(path.name + SUFFIX).is_file() for path in place.segments] == [True] * 3
    assert place.read() == place.read(None) == [0, 1, 10, 11, 20, 21]
    place.write(30)  # another life goes on with the same chain
    assert place.read() == [0, 1, 10, 11, 20, 21, 30, 31]


def test_an_altered_segment_is_refused(place: Place) -> None:
    content = bytearray(place.segments[1].read_bytes())
    content[len(content) // 2] ^= 1
    place.segments[1].write_bytes(content)
    with pytest.raises(Suspicious, match="was altered since gateway g1 sealed it"):
        place.read()


def test_a_missing_segment_is_refused_unless_it_was_removed_for_its_age(place: Place) -> None:
    name = place.segments[0].relative_to(place.log).as_posix()
    place.segments[0].unlink()
    with pytest.raises(Suspicious, match=f"{name} of the log is sealed and not there"):
        place.read()
    assert place.read(Sealing(SEALING.signers, frozenset([name]))) == [10, 11, 20, 21]


def test_a_segment_that_vanished_with_its_seal_is_refused(place: Place) -> None:
    first = place.segments[1]
    first.with_name(first.name + SUFFIX).unlink()
    first.unlink()
    with pytest.raises(Suspicious, match="seal 2 is missing"):
        place.read()


def test_segments_that_changed_places_are_refused(place: Place) -> None:
    one, two, _ = place.segments
    spare = one.with_name("spare")
    for source, target in ((one, spare), (two, one), (spare, two)):
        source.rename(target)
    with pytest.raises(Suspicious, match="was altered"):
        place.read()


def test_a_segment_that_somebody_added_is_refused(place: Place) -> None:
    added = place.segments[-1]
    shutil.copy(added, added.with_name("9" * 20 + "-abc-000009.2-rows.arrows"))
    with pytest.raises(Suspicious, match="carries no seal"):
        place.read()


def test_an_unsigned_log_is_refused_where_it_must_be_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.adapters.arrowlog.reader.SEALED_WITHIN_S", 0.0)
    log = ArrowLog(tmp_path / "log", EAGER)
    log.append(SOURCE, block(0))
    log.close()
    assert Place(tmp_path).read(None) == [0]
    with pytest.raises(Suspicious, match="carries no seal"):
        Place(tmp_path).read()
    with pytest.raises(PermissionError, match="cannot verify seals"):
        list(ArrowLogReader(tmp_path / "log").batches("loans", sealing=SEALING))


def test_what_grows_still_is_left_out_until_it_is_sealed(place: Place) -> None:
    log = ArrowLog(place.log, Rolling(linger_s=0.0), place.sealer())
    log.append(SOURCE, block(30))
    log.flush()
    assert place.read() == [0, 1, 10, 11, 20, 21]
    assert place.read(None)[-1] == 30
    log.close()
    assert place.read()[-1] == 30


def test_what_a_killed_gateway_left_is_sealed_when_it_starts_again_and_nothing_else(place: Place) -> None:
    log = ArrowLog(place.log, Rolling(linger_s=0.0), place.sealer())
    log.append(SOURCE, block(30))
    log.append(REFUSALS, {"request_id": ["r"], "at": [0], "guard": ["g"], "reason": ["no"], "rows": [1]})
    log.flush()
    crashed = Place(place.log.parent / "crashed")
    shutil.copytree(place.log, crashed.log)
    shutil.copytree(place.state, crashed.state)
    log.close()
    growing = sorted(crashed.log.rglob("*.open"))
    assert len(growing) == 2
    slipped_in = growing[0].with_name("8" * 20 + "-abc-000008.open")
    shutil.copy(growing[0], slipped_in)
    with growing[0].open("ab") as file:
        file.write(b"torn")  # a batch that was never acknowledged
    crashed.write(40)
    assert crashed.read() == [0, 1, 10, 11, 20, 21, 30, 40, 41]
    assert sorted(crashed.log.rglob("*.open")) == [slipped_in]


@pytest.mark.parametrize("moment", ["before the seal", "before it was remembered"])
def test_a_crash_at_any_moment_of_sealing_is_made_good(place: Place, moment: str) -> None:
    before = (place.state / STATE).read_bytes()
    place.write(30)
    newest = place.segments[-1]
    grew = newest.with_name(newest.name.split(".")[0] + ".open").relative_to(place.log).as_posix()
    remembered = before.replace(b'"growing":[]', b'"growing":["%s"]' % grew.encode())
    (place.state / STATE).write_bytes(remembered)
    if moment == "before the seal":
        newest.with_name(newest.name + SUFFIX).unlink()
    place.write(40)
    assert place.read() == [0, 1, 10, 11, 20, 21, 30, 31, 40, 41]


def test_a_segment_that_came_to_nothing_is_forgotten(place: Place) -> None:
    sealer = place.sealer()
    sealer.opened(place.log / "d-loans" / "decisions" / "never.open")
    place.sealer().recover()
    assert b'"growing":[]' in (place.state / STATE).read_bytes()


def test_a_damaged_memory_of_the_chain_is_an_error_at_the_start(place: Place) -> None:
    (place.state / STATE).write_text("nonsense")
    with pytest.raises(ValueError, match="is damaged"):
        place.sealer()


def pieces(reader: ArrowLogReader, since: datetime, known: dict[str, str]) -> list[int]:
    found = []
    for piece in reader.pieces("loans", Stream.DECISIONS, SEALING, since, known):
        found += [int(value) for _, batch in piece.read() for value in batch.column("decision_id").to_pylist()]
        known[piece.name] = piece.mark
    return found


def test_what_is_new_is_read_once_it_is_sealed_and_what_a_seal_says_is_old_is_not(place: Place) -> None:
    reader, known = ArrowLogReader(place.log, verify), dict[str, str]()
    closed_at = datetime(2026, 11, 23, tzinfo=UTC)
    assert pieces(reader, closed_at, known) == [0, 1, 10, 11, 20, 21]
    log = ArrowLog(place.log, Rolling(linger_s=0.0), place.sealer())
    log.append(SOURCE, block(30, 2))
    log.flush()
    assert pieces(reader, closed_at, known) == []
    log.close()
    assert pieces(reader, closed_at, known) == [30, 31]
    assert pieces(ArrowLogReader(place.log, verify), closed_at + timedelta(hours=1), {}) == []


def test_every_look_holds_all_seals_against_each_other(place: Place) -> None:
    reader, known = ArrowLogReader(place.log, verify), dict[str, str]()
    since = datetime(2026, 11, 23, tzinfo=UTC)
    pieces(reader, since, known)
    (first, second, _) = place.segments
    seal = second.with_name(second.name + SUFFIX)
    kept = seal.read_bytes()
    seal.write_bytes(first.with_name(first.name + SUFFIX).read_bytes())
    with pytest.raises(Suspicious, match="there twice"):
        pieces(reader, since, known)
    seal.write_bytes(kept.replace(b"a", b"b", 1))
    with pytest.raises(Suspicious, match="seal"):
        pieces(reader, since, known)
    seal.write_bytes(kept)
    assert pieces(reader, since, known) == []
    other = replace(SEALING, signers=(replace(SEALING.signers[0], key=key("another").key),))
    with pytest.raises(Suspicious, match="signed by no gateway-log key"):
        list(reader.pieces("loans", Stream.DECISIONS, other, since, known))
