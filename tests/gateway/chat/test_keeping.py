import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from tests.gateway.chat.scene import NOW, Provider, World, chat_chunks

from muster.columns.packages.reference import Means, Reference
from muster.columns.packages.verdict import Judgement
from muster.gateway.chat.hosted import Answered
from muster.gateway.chat.keeping import Keeper
from muster.guards.stream import Finding
from muster.ports.log import Source, Stream
from muster.records.language.packages import Action, Ecosystem, Verdict


class Log:
    def __init__(self) -> None:
        self.rows: list[tuple[Source, Mapping[str, Sequence[Any]]]] = []
        self.full = False

    def append(self, source: Source, rows: Mapping[str, Sequence[Any]], apart: Any = None) -> None:
        assert apart is None
        if self.full:
            msg = "disk full"
            raise OSError(msg)
        self.rows.append((source, rows))

    def append_row(self, source: Source, row: tuple[Any, ...], apart: Any = None) -> None:
        raise NotImplementedError

    def flush(self) -> None: ...

    def hasten(self, seconds: Mapping[str, float]) -> None: ...

    def pressure(self, rows: int = 0) -> float:
        return float(self.full) + rows * 0

    def close(self) -> None: ...


def answered(*findings: Finding) -> Answered:
    world = World(Provider(chat_chunks("x\n")))

    async def asks() -> None:
        async with world.client() as client:
            await client.chat.completions.create(model="coder", messages=[{"role": "user", "content": "x"}])

    asyncio.run(asks())
    return Answered(
        **{name: getattr(world.kept[0], name) for name in Answered.__slots__ if name != "findings"}, findings=findings
    )


def test_an_answer_is_a_row_that_names_packages_and_nothing_else() -> None:
    reference = Reference(Ecosystem.PYPI, Means.COMMAND, "lang-python", "lang-python", 0, 1, 3)
    judgement = Judgement(reference, Verdict.NONEXISTENT, Action.BLOCK)
    found = Finding("packages", "nonexistent", Action.BLOCK, "secret words", 3, judgement)
    log, told = Log(), list[str]()
    Keeper(log, lambda: NOW, told.append).keep(answered(found, Finding("secrets", "key", Action.REDACT, "secret", 1)))
    ((source, row),) = log.rows
    assert source.stream is Stream.ANSWERS
    assert row["findings"] == [["packages nonexistent block pypi:lang-python", "secrets key redact"]]
    assert row["outcome"] == ["answered"]
    assert "secret words" not in repr(row)


def test_what_the_log_cannot_take_waits_and_holds_up_the_next() -> None:
    log, told = Log(), list[str]()
    keeper = Keeper(log, lambda: NOW, told.append)
    log.full = True
    keeper.keep(answered())
    assert "disk full" in told[0]
    with pytest.raises(OSError, match="disk full"):
        keeper.catch_up()
    log.full = False
    keeper.catch_up()
    assert len(log.rows) == 1
