from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.lifecycle.page.reading import plain, read
from tests.lifecycle.report.scene import CANDIDATES, candidate

from muster.lifecycle.report.alternatives import alternatives, chosen_of, front_of, worth
from muster.lifecycle.report.story import Story
from muster.records.model import Candidate

places = st.integers(0, 6).map(float)
tried = st.lists(st.builds(candidate, st.floats(0, 1), places, st.none() | places.map(lambda v: v / 10)), max_size=12)


def better(one: Candidate, other: Candidate) -> bool:
    mine, theirs = (one.impact_ratio, worth(one)), (other.impact_ratio, worth(other))
    return mine != theirs and mine[0] >= theirs[0] and mine[1] >= theirs[1]  # type: ignore[operator]


@given(tried)
def test_on_the_front_are_just_those_that_nothing_beats(candidates: list[Candidate]) -> None:
    rated = [one for one in candidates if one.impact_ratio is not None]
    front = front_of(candidates)

    assert [worth(one) for one in front] == sorted((worth(one) for one in front), reverse=True)
    for one in rated:
        assert (one in front) == (not any(better(other, one) for other in rated))


def test_the_version_is_marked_among_what_was_tried(story: Story) -> None:
    said = alternatives(story)

    read(said)
    assert said.count('class="mark chosen"') == 1
    assert said.count('class="mark dot front"') == 2
    assert said.count('class="mark ring quiet"') == 1
    assert "tried 4 models" in plain(said)
    assert "This version is the candidate marked as chosen." in plain(said)
    assert "The front, 2 of 2 candidates" in plain(said)
    assert "threshold in use, 0.5" in plain(said)
    assert "income &lt;b&gt;" in said


def test_a_version_names_all_parameters_and_a_candidate_those_of_the_space(story: Story) -> None:
    assert story.search is not None
    recipe = story.version.manifest.recipe
    fuller = replace(recipe, parameters={"C": 1.0})
    settled = replace(story.version.manifest, recipe=replace(recipe, parameters={"C": 1.0, "max_iter": 9}))
    version = replace(story.version, manifest=settled)
    search = replace(story.search[1], candidates=(*CANDIDATES, candidate(0.5, 1.0, 0.9, recipe=fuller)))

    assert chosen_of(search, version) == search.candidates[-1]
    assert chosen_of(search, replace(version, training="sha256:other")) is None
    assert chosen_of(replace(search, candidates=CANDIDATES[1:]), version) is None
    other = candidate(0.5, 1.0, 0.9, recipe=replace(recipe, parameters={"C": 2.0}))
    assert chosen_of(replace(search, candidates=(other,)), version) is None


def test_what_is_not_there_is_said(story: Story) -> None:
    assert story.search is not None
    entry, search = story.search
    bare = replace(search, candidates=(candidate(0.2, None, None),))
    elsewhere = replace(search, candidates=CANDIDATES[1:])

    assert "No search for a less discriminatory alternative" in alternatives(replace(story, search=None))
    assert "No candidate has an impact ratio" in alternatives(replace(story, search=(entry, bare)))
    unmarked = alternatives(replace(story, search=(entry, elsewhere)))
    assert "not among its candidates" in unmarked
    assert 'class="mark chosen"' not in unmarked
