from __future__ import annotations

import re
from dataclasses import replace

from muster.lifecycle.page.markup import tag, text
from muster.lifecycle.report.papers.sheet import chapter, data_used, environment, pieces, shown, signatures, under
from muster.lifecycle.report.story import Story


def test_headings_inside_a_chapter_are_below_its_own() -> None:
    made = chapter("One", under("Part", tag("section", tag("h2", "<h2"), tag("h3", "Check"))))
    assert re.findall("<(h[2-5])>", made) == ["h2", "h3", "h4", "h5"]
    assert "&lt;h2" in made


def test_pieces_are_those_of_the_family_and_the_time(story: Story) -> None:
    assert {piece.evidence.check for piece in pieces(story, "performance.")} >= {"performance.calibration"}
    live = pieces(story, "", live=True)
    assert {piece.evidence.sample_role for piece in live} == {"window"}
    assert len(live) + len(pieces(story, "", live=False)) == len(pieces(story, ""))
    assert all(piece.current for piece in pieces(story, ""))


def test_what_is_not_known_is_said_and_not_filled_in(story: Story) -> None:
    assert "Not recorded here: " in shown(story, [], "any figure")
    unasked = replace(story, asked=None, unasked="no policy covers it", datasets={})
    for made in (signatures(unasked), data_used(unasked), environment(unasked)):
        assert "Not recorded here: " in made
    assert "no policy covers it" in signatures(unasked)


def test_data_comes_with_what_it_is_a_part_of(story: Story) -> None:
    made = data_used(story)
    assert text(story.datasets[story.version.training].source) in made
    assert "training" in made
