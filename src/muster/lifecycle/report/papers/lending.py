"""Fair-lending summary: prohibited inputs, proxies, disparities by group, alternatives tried, reasons given."""

from __future__ import annotations

from collections.abc import Iterator

from muster.lifecycle.page.markup import Html, tag, text
from muster.lifecycle.page.parts import purpose
from muster.lifecycle.report.alternatives import alternatives
from muster.lifecycle.report.page import unclaimed
from muster.lifecycle.report.papers.sheet import chapter, data_used, gap, listed, pieces, shown
from muster.lifecycle.report.story import Story
from muster.lifecycle.report.subjects import FAIRNESS
from muster.records.decision import Reason

TITLE = "Fair-lending summary"

_INPUTS = ("fairness.prohibited_inputs", "fairness.drop_one", "fairness.flip")
_PROXIES = ("fairness.proxy",)


def chapters(story: Story) -> Iterator[Html]:
    """Yield the chapters of the summary."""
    yield purpose(story.use_case)
    yield chapter("In short", _short(story))
    yield chapter("Prohibited inputs", shown(story, pieces(story, *_INPUTS), "whether protected attributes are inputs"))
    yield chapter("Proxies", shown(story, pieces(story, *_PROXIES), "whether inputs stand for protected attributes"))
    rest = [piece for piece in pieces(story, "fairness.") if not piece.evidence.check.startswith((*_INPUTS, *_PROXIES))]
    yield chapter("Outcomes by group", shown(story, rest, "outcomes by group"), lead=FAIRNESS)
    yield alternatives(story)
    reasons = pieces(story, "explanation.")
    yield chapter("Reasons given to those refused", shown(story, reasons, "whether reasons given are the true ones"))
    yield chapter("Business need", shown(story, pieces(story, "performance."), "what the model achieves"))
    yield chapter("Data", data_used(story))
    yield chapter(
        "For counsel",
        tag("p", "Which rule applies to whom, and whether a disparity is justified, is not decided here. Effects tests "
        "of federal and state law differ and changed in 2026."),
        gap("the justification of any disparity above, and why no alternative was taken"),
    )  # fmt: skip
    yield unclaimed(story)


def _short(story: Story) -> Html:
    if story.asked is None:
        return gap(f"a verdict: {story.unasked}")
    library = story.asked.library
    told = [r for r in story.asked.decision.reasons if _about(r, {c.id: c.check for c in library.controls})]
    if not told:
        return gap("any fairness control in the policy")
    return listed(_told(reason) for reason in told)


def _told(reason: Reason) -> Html:
    """Return what is demanded, and apart from it what was found."""
    word = reason.finding.value.replace("-", " ").upper()
    return text(tag("strong", word), f": {reason.statement} ", tag("small", reason.explanation))


def _about(reason: Reason, checks: dict[str, str]) -> bool:
    return checks.get(reason.demand.partition(" ")[0], "").startswith(("fairness.", "explanation."))
