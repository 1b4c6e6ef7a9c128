from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.lifecycle.page.reading import plain, read
from tests.lifecycle.report.scene import Scene, known, story_of

from muster.lifecycle.page.markup import text
from muster.lifecycle.report.page import page, verdict
from muster.lifecycle.report.story import Story


@pytest.fixture(scope="module")
def shown(story: Story) -> str:
    return page(story).decode()


def test_it_is_well_formed_and_runs_and_loads_nothing(shown: str) -> None:
    found = read(shown)

    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert not {"src", "style"} & {name for name, _ in found.attributes}
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert all(place.startswith("#") for place in found.all("href"))


def test_it_can_be_read_aloud_and_found_one_s_way_in(shown: str) -> None:
    found = read(shown)
    places = found.all("id")

    assert shown.count("<h1>") == 1
    assert len(places) == len(set(places))
    assert {place[1:] for place in found.all("href")} <= set(places)
    assert shown.count("<table>") == shown.count("<caption>") > 5
    assert found.tags.count("svg") == found.all("role").count("img") == shown.count("<desc>") > 5
    assert all(value for value in found.all("aria-label"))


def test_every_figure_of_every_record_stands_on_the_page_exactly(story: Story, shown: str) -> None:
    values = {float(value) for value in read(shown).all("value")}

    for _, evidence in story.evidence:
        for figure in evidence.figures:
            assert {float(v) for v in (figure.value, figure.low, figure.high) if v is not None} <= values


def test_sections_come_in_the_order_of_a_reader_s_questions(shown: str) -> None:
    assert re.findall(r"<h2>([^<]+)</h2>", shown) == [
        "What the gate says",
        "What it is for",
        "How it was made",
        "Performance",
        "Calibration",
        "Fairness by AGE",
        "Fairness, over all attributes",
        "Prohibited inputs and proxies",
        "Robustness",
        "Drift",
        "Other checks",
        "What else was tried",
        "What is not claimed",
    ]


def test_the_verdict_comes_with_every_reason_what_is_open_first(story: Story, shown: str) -> None:
    assert story.asked is not None
    findings = re.findall(r'class="finding ([a-z-]+)"', verdict(story))
    done = [finding in {"met", "waived"} for finding in findings]

    assert len(findings) == len(story.asked.decision.reasons)
    assert done == sorted(done)
    assert '<strong class="stamp waiting">waiting</strong>' in shown
    for reason in story.asked.decision.reasons:
        assert text(reason.explanation) in shown


def test_what_was_replaced_is_folded_and_what_nobody_measured_is_named(shown: str) -> None:
    assert "1 replaced by newer measurements" in shown
    assert "Anything about explanation or data: nothing was measured" in shown
    assert not re.search("unbiased|debias", shown)


def test_a_refusal_and_a_house_without_a_policy_are_told(story: Story, tmp_path: Path) -> None:
    scene = Scene(tmp_path / "refused")
    scene.train(0.6)
    told = story_of(scene)
    refused = page(told).decode()
    scene.close()
    other = known(tmp_path / "other")
    unasked = page(story_of(other, "nowhere")).decode()
    other.close()

    assert '<strong class="stamp refused">refused</strong>' in refused
    assert told.asked is not None
    assert f"2 of {len(told.asked.decision.reasons)} demands are not met." in plain(refused)
    assert "The gate cannot be asked: use case &#x27;loans&#x27; in &#x27;nowhere&#x27;" in unasked
    assert "Against the limit" not in unasked.partition("</style>")[2]
    assert "nothing was measured" in page(replace(story, evidence=())).decode()
