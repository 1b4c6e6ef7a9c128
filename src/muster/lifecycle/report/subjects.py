"""Subjects: evidence in the order in which a reader asks: does it work, for whom, by what, how well does it hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from muster.lifecycle.page.limits import limits_on
from muster.lifecycle.page.markup import said
from muster.lifecycle.report.story import Piece, Story
from muster.records.canonical import canonical
from muster.records.evidence import Evidence
from muster.rules.gate.measured import WINDOW

FAIRNESS = (
    "Figures of groups, small ones too, with how far chance alone could move them. They say what was measured on these "
    "rows; why groups differ, and whether that is justified, is for people to assess."
)

LEADS = {
    "performance": ("Performance", "How well it tells outcomes apart, and what its decisions come to."),
    "calibration": ("Calibration", "Whether, of people scored 0.2, one in five turns out so."),
    "fairness": ("Fairness, over all attributes", FAIRNESS),
    "proxies": (
        "Prohibited inputs and proxies",
        "Whether protected attributes are inputs, or can be read off the inputs, and what would change without them.",
    ),
    "explanation": ("Explanation", "Whether the reasons given for decisions are the reasons that made them."),
    "robustness": ("Robustness", "What happens to decisions when inputs are wrong, missing or extreme."),
    "data": ("Data", "Whether the rows that it was measured on can carry the figures."),
    "drift": ("Drift", "Whether people and scores in production still look like those that it was assessed on."),
    "other": ("Other checks", "Measured by checks of third parties."),
}
"""Subjects in their order, each with its title and what it answers; fairness by attribute stands before fairness."""

_CALIBRATION = {"performance.calibration", "performance.reliability"}
_PROXIES = {f"fairness.{name}" for name in ("proxy", "prohibited_inputs", "drop_one", "flip")}


@dataclass(frozen=True, slots=True)
class Subject:
    """A section of the report."""

    id: str
    title: str
    lead: str
    pieces: list[Piece] = field(default_factory=list)


def subjects(story: Story) -> list[Subject]:
    """Sort all evidence by subject, in order of :data:`LEADS`; every record stands under exactly one."""
    found: dict[tuple[int, str], Subject] = {}
    order = list(LEADS)
    for piece in _pieces(story):
        name, attribute = _subject_of(piece.evidence)
        key = (order.index(name), attribute or "\uffff")  # attributes first, what has none last
        title, lead = LEADS[name]
        if attribute:
            title = f"Fairness by {attribute}"
        found.setdefault(key, Subject(f"subject-{len(found) + 1}", title, lead)).pieces.append(piece)
    for subject in found.values():
        subject.pieces.sort(key=lambda piece: piece.evidence.sample_role == WINDOW)  # before release first
    return [found[key] for key in sorted(found)]


def unmeasured(story: Story) -> list[str]:
    """Return the titles of subjects on which there is no evidence at all; what is not measured is not claimed."""
    known = {_subject_of(evidence)[0] for _, evidence in story.evidence}
    return [title for name, (title, _) in LEADS.items() if name not in known | {"other"}]


def _pieces(story: Story) -> Iterable[Piece]:
    newest = {_same(evidence): recorded.seq for recorded, evidence in story.evidence}
    for recorded, evidence in story.evidence:
        limits = () if story.asked is None else limits_on(story.asked.policy, story.asked.library, evidence)
        yield Piece(recorded, evidence, tuple(limits), newest[_same(evidence)] == recorded.seq)


def _same(evidence: Evidence) -> tuple[str, str, str, bytes]:
    """Return what newer evidence must share to take the place of older."""
    return evidence.check, evidence.sample_role, evidence.sample_name, canonical(evidence.parameters)


def _subject_of(evidence: Evidence) -> tuple[str, str]:
    """Return the subject, and the attribute if it is fairness by one."""
    if evidence.check in _CALIBRATION:
        return "calibration", ""
    if evidence.check in _PROXIES:
        return "proxies", ""
    family = evidence.check.partition(".")[0]
    if family == "fairness":
        return family, said(evidence.parameters.get("attribute") or "")
    return (family if family in LEADS else "other"), ""
