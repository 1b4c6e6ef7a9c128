import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.gateway.chat import events
from muster.gateway.chat.events import Events, event


@given(st.lists(st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), min_size=1)), st.data())
def test_events_come_back_however_their_bytes_are_cut(said: list[str], data: st.DataObject) -> None:
    content = b"".join(event(each) for each in said)
    reader, found, at = Events(), [], 0
    while at < len(content):
        size = data.draw(st.integers(1, 9))
        found += reader.feed(content[at : at + size])
        at += size
    assert found == said


def test_comments_names_and_returns_are_read_over() -> None:
    content = b": ping\r\n\r\nevent: x\r\ndata: one\r\ndata: two\r\n\r\n"
    assert list(Events().feed(content)) == ["one\ntwo"]


def test_the_last_event_needs_no_empty_line() -> None:
    reader = Events()
    assert list(reader.feed(b"data: x")) == []
    assert list(reader.close()) == ["x"]


@pytest.mark.parametrize("content", [b"data: " + b"x" * 100, b"data: xxxxxxxx\n" * 10])
def test_memory_is_bounded(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LARGEST", 50)
    with pytest.raises(ValueError, match="more than 50 bytes"):
        list(Events().feed(content))


def test_an_event_may_have_a_name() -> None:
    assert event(b"{}", "response.created") == b"event: response.created\ndata: {}\n\n"
