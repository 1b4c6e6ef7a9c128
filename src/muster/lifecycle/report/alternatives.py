"""Alternatives: what else was tried, on validation rows: the front of worth and disparity, and other thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from muster.lifecycle.page.charts.plane import Guide, Point, Series, plane
from muster.lifecycle.page.markup import Html, exact, short, table, tag, text
from muster.lifecycle.report.story import Story
from muster.records.canonical import digest
from muster.records.governance.search import Candidate, Search
from muster.records.model import Manifest, ModelVersion
from muster.rules.search.alternatives import front, ratio, worth

SHOWN = 12


def alternatives(story: Story) -> Html:
    """Return the section about the newest search for less discriminatory alternatives."""
    if story.search is None:
        none = "No search for a less discriminatory alternative is recorded for this use case."
        return tag("section", tag("h2", "What else was tried"), tag("p", none), id="alternatives")
    recorded, search = story.search
    chosen = chosen_of(search, story.version)
    entry = recorded.entry
    seen = (
        "This version is the candidate marked as chosen."
        if chosen is not None
        else "This version is not among its candidates, so none is marked."
    )
    later = search.candidates[0].unmeasured if search.candidates else ()
    unasked = f" Not measured in the search and left to the assessment: {', '.join(later)}." if later else ""
    about = text(
        f"The newest search tried {len(search.candidates)} models; no held-out row was touched. {seen}{unasked} ",
        "The same candidates on other rows would come out otherwise: the figures above, on held-out rows, are the "
        "ones that count.",
    )
    made = text(
        f"Ledger entry {recorded.seq}, ", short(digest(recorded.raw)), f", {entry.at:%d %B %Y, %H:%M} UTC, by "
        f"{entry.actor}; trained on ", short(search.training), ", held against ", short(search.validation), ".",
    )  # fmt: skip
    parts = [*_front(story, search, chosen), *_thresholds(story, search, chosen)]
    return tag(
        "section", tag("h2", "What else was tried"), tag("p", about), *parts, tag("p", made, class_="note"),
        id="alternatives",
    )  # fmt: skip


def chosen_of(search: Search, version: ModelVersion) -> Candidate | None:
    """Return the candidate that a version is, if it is one.

    It has the same training rows, inputs, learner, target, seed and decision rule, and every parameter that the
    candidate names. A version names all parameters, a candidate those that the space names: the fullest match counts.
    """
    if search.training != version.training:
        return None
    same = [candidate for candidate in search.candidates if _is(candidate, version.manifest)]
    return max(same, key=lambda candidate: len(candidate.recipe.parameters), default=None)


def _is(candidate: Candidate, manifest: Manifest) -> bool:
    tried, made = candidate.recipe, manifest.recipe
    named = {name: made.parameters.get(name) for name in tried.parameters} == dict(tried.parameters)
    return named and candidate.decision == manifest.decision and replace(tried, parameters=made.parameters) == made


def front_of(search: Search) -> list[Candidate]:
    """Return the front by rising impact ratio: as the search recorded it, or worked out for one that did not yet."""
    places = search.front or front(search.candidates)
    return [search.candidates[place] for place in places]


def _front(story: Story, search: Search, chosen: Candidate | None) -> Iterator[Html]:
    best = front_of(search)
    if not best:
        yield tag("p", "No candidate has an impact ratio: the policy asks for none, so there is no front to draw.")
        return
    unit = _unit(story, search)
    others = [c for c in search.candidates if c.impact_ratio is not None and c not in best]
    series = [
        Series("tried", tuple(map(_point, others)), "quiet", "ring"),
        Series("front: none is better in both", tuple(map(_point, best)), "front", "dot", joined=True),
        Series("chosen", tuple(_point(c) for c in [chosen] if c and c.impact_ratio is not None), "chosen", "diamond"),
    ]
    yield plane(
        f"{unit[0].upper()}{unit[1:]} against smallest impact ratio",
        f"{len(best) + len(others)} candidates, {len(best)} of them on the front. Up is worth more, right is less "
        "disparity. The table has the numbers of the front.",
        ("smallest impact ratio of all groups", unit),
        series,
        _limit(story),
    )
    rows = [_row(candidate, chosen) for candidate in _listed(best, chosen)]
    heads = (
        "Inputs and learner",
        "Threshold",
        "AUC",
        "Value",
        "Smallest impact ratio",
        "Open or broken",
        "This version",
    )
    apart = chosen is not None and chosen not in best
    caption = f"The front, {len(rows) - apart} of {len(best)} candidates{', and the chosen one' * apart}"
    yield table(heads, rows, caption)


def _listed(front: Sequence[Candidate], chosen: Candidate | None) -> list[Candidate]:
    step = max(1, -(-len(front) // SHOWN))
    kept = [c for place, c in enumerate(front) if place % step == 0 or place == len(front) - 1 or c == chosen]
    return [*kept, chosen] if chosen is not None and chosen not in front else kept


def _row(candidate: Candidate, chosen: Candidate | None) -> tuple[Html, ...]:
    low = candidate.impact_ratio_low
    return (
        text(f"{candidate.feature_set}, {candidate.learner}"),
        exact(candidate.threshold),
        exact(candidate.auc),
        exact(candidate.value),
        text(
            exact(candidate.impact_ratio),
            *(() if low is None else (" (from ", exact(low), ")")),
            tag("small", f" {candidate.group}"),
        ),
        text("; ".join((*candidate.open_demands, *candidate.broken)) or "none"),
        tag("strong", "chosen", class_="key chosen") if candidate == chosen else text(),
    )


def _point(candidate: Candidate) -> Point:
    told = (
        f"{candidate.feature_set}, {candidate.learner}, threshold {candidate.threshold:g}: "
        f"worth {worth(candidate):,.4g}, smallest impact ratio {ratio(candidate):.3f} ({candidate.group})"
    )
    return Point(ratio(candidate), worth(candidate), told)


def _unit(story: Story, search: Search) -> str:
    value = story.use_case.value
    return "AUC" if value is None or search.candidates[0].value is None else f"{value.currency} per decision"


def _limit(story: Story) -> list[Guide]:
    """Return the strictest limit on impact ratios that the policy sets before release, as a guide across."""
    if story.asked is None:
        return []
    controls = [(r, story.asked.library.control(r.control)) for r in story.asked.policy.requirements]
    values = [
        control.limit.value if requirement.limit is None else requirement.limit
        for requirement, control in controls
        if control is not None and control.limit.figure == "impact_ratio" and requirement.sample_role == "held-out"
    ]
    return [Guide("across", max(values), f"limit {max(values):g}")] if values else []


def _thresholds(story: Story, search: Search, chosen: Candidate | None) -> Iterator[Html]:
    """Draw the chosen model at the other thresholds that were tried."""
    if chosen is None:
        return
    same = sorted((c for c in search.candidates if c.recipe == chosen.recipe), key=lambda c: c.threshold)
    rated = [c for c in same if c.impact_ratio is not None]
    if len(same) < 2:
        return
    used = Guide("across", chosen.threshold, f"threshold in use, {chosen.threshold:g}")
    told = f"The chosen model at {len(same)} thresholds; {chosen.threshold:g} is in use."
    unit = _unit(story, search)
    if chosen.value is not None:
        worths = tuple(Point(c.threshold, worth(c), f"threshold {c.threshold:g}: {worth(c):,.4g}") for c in same)
        series = [Series(unit, worths, joined=True)]
        yield plane(f"Worth by threshold, {unit}", told, ("threshold", unit), series, [used])
    if len(rated) > 1:
        ratios = tuple(
            Point(c.threshold, ratio(c), f"{c.threshold:g}: {ratio(c):.3f} ({c.group})", c.impact_ratio_low, ratio(c))
            for c in rated
        )
        limits = [Guide("upward", guide.value, guide.name) for guide in _limit(story)]
        smallest = Series("smallest of all groups", ratios, "second", "diamond", joined=True)
        yield plane(
            "Smallest impact ratio by threshold", f"{told} Whiskers reach down to the lower ends of the intervals.",
            ("threshold", "smallest impact ratio"), [smallest], [used, *limits],
        )  # fmt: skip
