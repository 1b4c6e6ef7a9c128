from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.chat.scene import LineGuard

from muster.gateway.chat import guarding
from muster.gateway.chat.guarding import FAILED, Guarded
from muster.gateway.chat.pieces import Call, CallPart, Finish, Incoming, Outgoing, Refusal, Text, Usage
from muster.guards.stream import Released


def passed(guarded: Guarded, *pieces: Incoming) -> list[Outgoing]:
    def all_of() -> Iterator[Outgoing]:
        for piece in pieces:
            yield from guarded.feed(piece)
        yield from guarded.close()

    return list(all_of())


def text(pieces: list[Outgoing]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))


@given(st.text("ab \n", max_size=60), st.data())
def test_harmless_text_comes_out_as_it_went_in(said: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(said)))
    out = passed(Guarded(lambda: (LineGuard(), LineGuard())), Text(0, said[:cut]), Text(0, said[cut:]))
    assert text(out) == said


def test_guards_work_one_after_the_other() -> None:
    class Doubt(LineGuard):
        def feed(self, text: str) -> Released:
            return super().feed(text.replace("changed", "evil"))

    out = passed(Guarded(lambda: (LineGuard(), Doubt())), Text(0, "odd\n"))
    assert out[-2:] == [Refusal(0, "evil is not allowed"), Finish(0, "content_filter")]


def test_choices_have_guards_of_their_own() -> None:
    out = passed(Guarded(lambda: (LineGuard(),)), Text(0, "ev"), Text(1, "il\n"), Text(0, "en\n"), Text(1, "x"))
    assert Refusal(0, "evil is not allowed") not in out
    assert text(out) == "il\neven\nx"


def test_nothing_follows_a_refusal() -> None:
    guarded = Guarded(lambda: (LineGuard(),))
    out = passed(guarded, Text(0, "evil\n"), Text(0, "more\n"), CallPart(0, 0, "c", "f", "{}"), Finish(0, "stop"))
    assert out == [Refusal(0, "evil is not allowed"), Finish(0, "content_filter")]


def test_what_was_held_at_the_end_is_judged_too() -> None:
    out = passed(Guarded(lambda: (LineGuard(),)), Text(0, "fine\nevil"), Finish(0, "stop"))
    assert out == [Text(0, "fine\n"), Refusal(0, "evil is not allowed"), Finish(0, "content_filter")]


def test_calls_wait_for_the_end_and_are_whole() -> None:
    parts = (CallPart(0, 1, "b", "g", "{"), CallPart(0, 0, "a", "f", "{}"), CallPart(0, 1, "", "", "}"))
    out = passed(Guarded(lambda: (LineGuard(),)), *parts, Finish(0, "tool_calls"))
    assert out == [Call(0, 0, "a", "f", "{}"), Call(0, 1, "b", "g", "{}"), Finish(0, "tool_calls")]


def test_no_call_passes_where_one_is_stopped() -> None:
    parts = (CallPart(0, 0, "a", "f", "evil"), CallPart(0, 1, "b", "g", "{}"))
    out = passed(Guarded(lambda: (LineGuard(),)), *parts, Finish(0, "tool_calls"))
    assert out == [Refusal(0, "f may not do that"), Finish(0, "content_filter")]


def test_a_guard_that_throws_has_refused() -> None:
    guarded = Guarded(lambda: (LineGuard(),))
    assert passed(guarded, Text(0, "throw\n")) == [Refusal(0, FAILED), Finish(0, "content_filter")]
    assert guarded.failures == ["RuntimeError"]


def test_usage_passes_and_a_provider_that_ends_early_is_ended() -> None:
    out = passed(Guarded(lambda: (LineGuard(),)), Text(0, "x"), Usage(1, 2))
    assert out == [Usage(1, 2), Text(0, "x"), Finish(0, "stop")]


def test_what_is_held_when_a_provider_breaks_off_is_left_out() -> None:
    guarded = Guarded(lambda: (LineGuard(),))
    assert list(guarded.feed(Text(0, "fine\nhalf"))) == [Text(0, "fine\n")]
    refusal, end = guarded.abandon()
    assert isinstance(refusal, Refusal)
    assert end == Finish(0, "content_filter")
    assert list(guarded.close()) == []


@pytest.mark.parametrize("limit", ["LARGEST_CALL", "MOST_CALLS"])
def test_calls_cannot_fill_the_memory(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, limit, 2)
    guarded = Guarded(lambda: (LineGuard(),))
    out = passed(guarded, *(CallPart(0, place, "", "f", "xxx") for place in range(9)))
    assert out == [Refusal(0, "a tool call is larger than can be judged"), Finish(0, "content_filter")]


def test_choices_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "MOST_CHOICES", 2)
    out = passed(Guarded(lambda: (LineGuard(),)), *(Text(number, "x\n") for number in range(9)))
    assert {piece.choice for piece in out if not isinstance(piece, Usage)} == {0, 1}


def test_what_no_guard_reads_of_a_call_can_carry_no_text() -> None:
    out = passed(Guarded(lambda: (LineGuard(),)), CallPart(0, 0, "pip install x", "f", "{}"), Finish(0, "tool_calls"))
    assert out == [Call(0, 0, "call_0_0", "f", "{}"), Finish(0, "tool_calls")]
    for name in ("", "pip install x", "f\n"):
        out = passed(Guarded(lambda: (LineGuard(),)), CallPart(0, 0, "c", name, "{}"), Finish(0, "tool_calls"))
        assert out == [Refusal(0, "a tool call has a name that no tool has"), Finish(0, "content_filter")]
