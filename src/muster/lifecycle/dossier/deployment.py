"""Deployment: the first page of a dossier of everything that answered under one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from muster.lifecycle.dossier.collect import Collected
from muster.lifecycle.dossier.history import entries
from muster.lifecycle.dossier.page import foot, standing
from muster.lifecycle.dossier.rest import said, what, when
from muster.lifecycle.dossier.story import Story
from muster.lifecycle.page.document import document
from muster.lifecycle.page.markup import Html, facts, short, table, tag, text

CALLED = ("alert.", "incident.", "standing.", "deployment.", "lapse.", "release.revoked", "hold.")
"""Beginnings of the kinds that are told on the first page: what happened while it answered."""


def overview(collected: Collected, stories: Sequence[Story], pages: Sequence[str]) -> bytes:
    """Return the HTML of the first page.

    Parameters
    ----------
    collected
        Everything in the dossier.
    stories, pages
        Of each version that answered, and the member that tells all about it.
    """
    whole = replace(stories[-1], collected=collected)
    parts = (_versions(stories, pages), _traffic(collected, stories), _happened(collected), entries(whole))
    title = f"Dossier: the deployment {collected.deployment}"
    return document(title, _header(collected, stories), tag("main", *parts), foot(whole))


def _header(collected: Collected, stories: Sequence[Story]) -> Html:
    newest = stories[-1]
    return tag(
        "header",
        tag("p", "muster dossier of a deployment", class_="kicker"),
        tag("h1", collected.deployment),
        tag("p", f"Which model versions answered as “{collected.deployment}”, and why was each allowed to?"),
        tag(
            "p", f"{len(stories)} version{'s' * (len(stories) > 1)}, for: {newest.use_case.purpose}", class_="question"
        ),
    )


def _versions(stories: Sequence[Story], pages: Sequence[str]) -> Html:
    rows = []
    for story, page in zip(stories, pages, strict=True):
        word, sentence = standing(story)
        asked = story.collected.question
        named = text(story.version.model, " ", short(asked.version), " ", tag("a", "read its page", href=page))
        how = f"{asked.scope} in {asked.environment}"
        rows.append((named, how, tag("strong", word, class_=f"finding {word}"), sentence))
    heads = ("Version", "To", "Its release", "Because")
    return tag(
        "section",
        tag("h2", "What answered"),
        table(heads, rows, "Versions, in the order in which they were first deployed"),
        id="versions",
    )


def _traffic(collected: Collected, stories: Sequence[Story]) -> Html:
    """Return how traffic was split, order by order."""
    told = {recorded.seq: orders for story in stories for recorded, orders in story.orders}
    rows = []
    for _, orders in sorted(told.items()):
        own = [d for d in orders.deployments if d.name == collected.deployment]
        split = (text(short(d.version), f" {d.share:.0%}", f" ({d.scope})" * (d.scope != "serve"), " ") for d in own)
        when = f"{orders.issued_at:%d %B %Y, %H:%M} UTC"
        rows.append((when, orders.group, str(orders.number), text(*split) if own else "nothing answers"))
    heads = ("From", "Gateways", "Orders", "Traffic goes to")
    return tag("section", tag("h2", "Traffic over time"), table(heads, rows, "Signed orders"), id="serving")


def _happened(collected: Collected) -> Html:
    rows = [
        (when(recorded), what(recorded), facts(dict(said(recorded))))
        for recorded in collected.entries
        if recorded.entry.kind.startswith(CALLED)
    ]
    nothing = tag("p", "No alert, incident or change of standing is recorded.")
    shown = table(("When", "What", "It says"), rows, f"{len(rows)} entries") if rows else nothing
    return tag("section", tag("h2", "What happened meanwhile"), shown, id="meanwhile")
