from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import VERSION, Scene, refused, released

from muster.lifecycle.dossier.collect import collect
from muster.lifecycle.dossier.page import page, standing
from muster.lifecycle.dossier.story import tell
from muster.records.decision import Question

QUESTION = Question(VERSION, "loans", "production")
VOID = {"meta"}


def shown(scene: Scene) -> str:
    return page(tell(collect(scene.as_("auditor"), QUESTION), scene.house.verify)).decode()


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    scene = released(tmp_path_factory.mktemp("released"))
    yield shown(scene)
    scene.close()


class _Reader(HTMLParser):
    """Checks that elements nest, and gathers what a browser would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def test_it_is_well_formed_and_runs_and_loads_nothing(text: str) -> None:
    found = read(text)

    assert not found.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not {name for name in found.attributes if name.startswith("on")} | found.attributes & {"src", "style"}
    assert all(link.startswith("#") for link in re.findall('href="([^"]*)"', text))
    assert "default-src 'none'" in text.replace("&#x27;", "'")
    assert "http:" not in text
    assert "https:" not in text


def test_it_can_be_read_aloud_and_found_one_s_way_in(text: str) -> None:
    assert '<html lang="en">' in text
    assert text.count("<h1>") == 1
    assert text.count("<table>") == text.count("<caption>")
    assert '<th scope="col">' in text
    assert text.count('role="img"') == text.count("aria-label=") - text.count("<nav") > 0


def test_it_says_what_was_found_by_whom_on_what(text: str) -> None:
    plain = re.sub(r"<[^>]+>", " ", text)

    for said in (
        "released",
        "whole 95 % interval",
        "0.78 to 0.82",
        "ann",
        "CC BY 4.0",
        "DeLong &lt;1988&gt;",
        "mlflow:loans/1",
        "9 more figures",
        "What monitoring showed",
        "What is not claimed",
        "RMF MEASURE 2.11",
        "1 entries were made without a server",
    ):
        assert said in plain, said


def test_everything_that_people_wrote_is_escaped(text: str) -> None:
    assert "Fairness is &lt;measured&gt;." in text
    assert "<measured>" not in text
    assert "<1988>" not in text


@pytest.mark.parametrize(
    ("walk", "word"),
    [
        (lambda scene: scene.train(0.6), "refused"),
        (lambda scene: scene.train(), "waiting"),
        (lambda scene: (scene.train(), scene.enrol(), scene.sign_off()), "allowed"),
        (lambda scene: (scene.train(), scene.enrol(), scene.sign_off(), scene.release()), "released"),
        (
            lambda scene: (scene.train(), scene.enrol(), scene.sign_off(), scene.revoke(scene.release().package)),
            "revoked",
        ),
        (lambda scene: (scene.train(0.6), scene.waive(), scene.enrol(), scene.sign_off(), scene.release()), "released"),
    ],
)
def test_the_answer_is_one_word(walk: Callable[[Scene], object], word: str, tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    walk(scene)
    scene.decide()
    story = tell(collect(scene.as_("auditor"), QUESTION), scene.house.verify)
    scene.close()

    assert standing(story)[0] == word
    read(page(story).decode())


def test_a_refusal_names_what_is_open(tmp_path: Path) -> None:
    scene = refused(tmp_path)
    text = shown(scene)
    scene.close()

    assert "The gate refuses: 2 of" in text
    demanded = text[text.index('id="demands"') :]
    met = demanded.index("The version is registered for")
    assert max(demanded.index(">not met<"), demanded.index(">missing<")) < met
    assert "Nobody has signed it off." in text
    assert "It was never deployed." in text
