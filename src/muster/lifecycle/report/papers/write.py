"""Write a paper: a model card, Annex IV, a validation report or a fair-lending summary, as HTML or PDF."""

from __future__ import annotations

import re
from enum import StrEnum

from muster.lifecycle.desk.action import Download, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.page.document import document
from muster.lifecycle.page.markup import Html, tag
from muster.lifecycle.page.typeset import typeset
from muster.lifecycle.report.papers import annex, card, lending, validation
from muster.lifecycle.report.story import Story, tell

_LINK = re.compile(' ?<a href="#([^"]+)">[^<]*</a>')


class Paper(StrEnum):
    """What is written."""

    MODEL_CARD = "model-card"
    ANNEX_IV = "annex-iv"
    VALIDATION = "validation"
    FAIR_LENDING = "fair-lending"


class Form(StrEnum):
    """As what."""

    HTML = "html"
    PDF = "pdf"


MEDIA = {Form.HTML: "text/html; charset=utf-8", Form.PDF: "application/pdf"}

PAPERS = {
    Paper.MODEL_CARD: (card.TITLE, card.chapters),
    Paper.ANNEX_IV: (annex.TITLE, annex.chapters),
    Paper.VALIDATION: (validation.TITLE, validation.chapters),
    Paper.FAIR_LENDING: (lending.TITLE, lending.chapters),
}


@view("model paper")
def paper(
    context: Context,
    version: str,
    paper: Paper = Paper.MODEL_CARD,
    form: Form = Form.HTML,
    environment: str = "production",
    scope: str = "serve",
) -> Download:
    """Write a paper about a version, from the ledger: for a supervisor, a validator, counsel, or whoever is new to it.

    What the ledger does not know is named as not recorded, and stays to be added. It is engineering input, not legal
    advice. PDF needs the extra `report` where the control plane runs.

    Parameters
    ----------
    version
        Digest of the model version, or its beginning.
    paper
        model-card; annex-iv (EU AI Act); validation (headings of SR 26-2); or fair-lending.
    form
        html or pdf.
    environment, scope
        Whose policy its figures are held against.

    Raises
    ------
    LookupError
        If the version is not known, or this installation cannot make PDF.
    """
    if form is Form.PDF and context.house.typeset is None:
        msg = "PDF cannot be made here: install the extra `report` of muster (typst), or ask for html and print that"
        raise LookupError(msg)
    context.house.ledger.refresh()
    found = find_version(context, version)
    context.progress("reading evidence, and asking the gate")
    story = tell(context, found, environment, scope)
    context.progress("setting pages" if form is Form.PDF else "writing")
    name = f"{paper.value}-{found.use_case}-{found.digest.removeprefix('sha256:')[:12]}.{form.value}"
    return Download(name, written(context, story, paper, form), MEDIA[form])


def written(context: Context, story: Story, paper: Paper, form: Form) -> bytes:
    """Return a paper; PDF only where this installation can set it (``context.house.typeset``)."""
    title, make = PAPERS[paper]
    parts = (_header(story, title), _linked(tag("main", *make(story))), _footer(story))
    full = f"{title}: {story.version.model} for {story.version.use_case}"
    typesetting = context.house.typeset
    if form is Form.HTML or typesetting is None:
        return document(full, *parts)
    return typesetting(typeset(full, story.at, *parts))


def _linked(main: Html) -> Html:
    """Leave links out that lead to what this paper does not show."""
    return Html(_LINK.sub(lambda found: found[0] if f'id="{found[1]}"' in main else "", main))


def _header(story: Story, title: str) -> Html:
    question = story.question
    verdict = story.asked.decision.verdict.value if story.asked is not None else "cannot be asked"
    asked = f"May it {question.scope} “{story.use_case.purpose}” in {question.environment}? The gate: {verdict}."
    return tag(
        "header",
        tag("p", title, class_="kicker"),
        tag("h1", story.version.model),
        tag("p", asked, class_="question"),
        tag("p", "Version ", tag("code", question.version), class_="version"),
    )


def _footer(story: Story) -> Html:
    written = (
        f"Written {story.at:%d %B %Y, %H:%M} UTC from a ledger of {story.size:,} entries. Engineering input, not legal "
        "advice. This paper is unsigned, for reading: what counts are the entries, and a dossier proves them."
    )
    return tag("footer", tag("p", written))
