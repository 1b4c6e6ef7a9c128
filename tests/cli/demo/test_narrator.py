import pytest

from muster.cli.demo.narrator import Narrator, short


def test_a_command_stands_before_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    class Desk:
        def call(self, name: str, arguments: object, progress: object) -> str:  # noqa: ARG002 - the shape of a desk
            return name.upper()

    narrator = Narrator()
    assert narrator.call("mia", Desk(), "dataset list", "dataset list", {}) == "DATASET LIST"
    assert "mia$ muster dataset list" in capsys.readouterr().out


def test_words_in_brackets_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    Narrator().say("interval [0.8, 0.9]")
    assert "[0.8, 0.9]" in capsys.readouterr().out


def test_a_short_digest_is_its_beginning() -> None:
    assert short("sha256:" + "ab" * 32) == "ab" * 6
