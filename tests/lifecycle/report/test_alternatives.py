from __future__ import annotations

from dataclasses import replace

from tests.lifecycle.page.reading import plain, read
from tests.lifecycle.report.scene import CANDIDATES, candidate

from muster.lifecycle.report.alternatives import alternatives, chosen_of, front_of
from muster.lifecycle.report.story import Story


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


def test_the_front_is_the_recorded_one_and_worked_out_for_searches_that_did_not_record_it(story: Story) -> None:
    assert story.search is not None
    _, search = story.search
    assert front_of(search) == [CANDIDATES[0], CANDIDATES[1]]
    assert front_of(replace(search, front=(2,))) == [CANDIDATES[2]]


def test_what_a_search_could_not_measure_and_what_a_candidate_breaks_is_told(story: Story) -> None:
    assert story.search is not None
    entry, search = story.search
    first = replace(CANDIDATES[0], unmeasured=("reasons-faithful",), broken=("auc at-least 0.8: 0.75",))
    said = plain(alternatives(replace(story, search=(entry, replace(search, candidates=(first, *CANDIDATES[1:]))))))
    assert "Not measured in the search and left to the assessment: reasons-faithful." in said
    assert "auc at-least 0.8: 0.75" in said
