from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from muster.settings import Settings
from muster.wiring.abroad.checkpoints import bind_anchors, bind_push, bind_witnesses


def clock() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


def test_what_is_not_set_is_not_there() -> None:
    assert (bind_anchors(Settings(), clock), bind_witnesses(Settings()), bind_push(Settings(), print)) == ((), (), None)


def test_places_and_witnesses_are_those_of_the_settings(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef")
    secret.chmod(0o600)
    places = (f"file:{tmp_path}/a", "https://anchors.example")
    settings = Settings(
        anchors=places, witnesses=("https://w.example/",), webhook_secret=secret, push=("https://g.example",)
    )
    assert [anchor.name for anchor in bind_anchors(settings, clock)] == list(places)
    assert [witness.name for witness in bind_witnesses(settings)] == ["https://w.example"]
    assert bind_push(settings, print) is not None


def test_what_cannot_be_used_is_said_at_the_start() -> None:
    for settings in (Settings(anchors=("there",)), Settings(anchors=("https://anchors.example",))):
        with pytest.raises(ValueError, match="anchor|webhook_secret"):
            bind_anchors(settings, clock)
    with pytest.raises(ValueError, match="https"):
        bind_witnesses(Settings(witnesses=("http://w.example",)))
