"""Sheet: chapters, and what several papers say in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from muster.lifecycle.page.markup import Html, facts, number, short, table, tag, text
from muster.lifecycle.report.measured import measured
from muster.lifecycle.report.story import Piece, Story
from muster.lifecycle.report.subjects import subjects
from muster.records.data import DatasetVersion
from muster.rules.gate.measured import WINDOW


def chapter(title: str, *parts: Html, lead: str = "") -> Html:
    """Return a chapter under its heading."""
    inside = text(*parts)
    for below in (("h4", "h5"), ("h3", "h4"), ("h2", "h3")):  # what is a section elsewhere is a part here
        inside = _renamed(inside, *below)
    return tag("section", tag("h2", title), tag("p", lead) if lead else "", inside)


def under(title: str, *parts: Html) -> Html:
    """Return a part of a chapter under a heading of its own."""
    return text(tag("h2", title), *(_renamed(_renamed(part, "h3", "h4"), "h2", "h3") for part in parts))


def _renamed(part: Html, old: str, new: str) -> Html:
    """Rename an element; text in markup is escaped, so that only elements begin so."""
    return Html(part.replace(f"<{old}", f"<{new}").replace(f"</{old}>", f"</{new}>"))


def gap(what: str) -> Html:
    """Say that something is not in the ledger, and stays to be added by people: nothing is filled in for them."""
    return tag("p", tag("strong", "Not recorded here: ", class_="not-measured"), what, class_="gap")


def pieces(story: Story, *families: str, live: bool | None = None) -> list[Piece]:
    """Return the current evidence of these families of checks; ``live``: only of windows of traffic, or only before."""
    return [
        piece
        for subject in subjects(story)
        for piece in subject.pieces
        if piece.current
        and piece.evidence.check.startswith(tuple(families))
        and live in (None, piece.evidence.sample_role == WINDOW)
    ]


def shown(story: Story, found: Sequence[Piece], otherwise: str) -> Html:
    """Return these pieces of evidence with all their figures, or that there are none."""
    return text(*(measured(story, piece) for piece in found)) if found else gap(otherwise)


def data_used(story: Story) -> Html:
    """Return the dataset versions that the version was made from and measured on, with where they come from."""
    named = {story.version.training, *(evidence.sample for _, evidence in story.evidence)}
    waiting, found = sorted(named), dict[str, DatasetVersion]()
    while waiting:
        dataset = story.datasets.get(waiting.pop())
        if dataset is not None and dataset.digest not in found:
            found[dataset.digest] = dataset
            waiting += [dataset.parent] * bool(dataset.parent)
    rows = [
        (d.name, d.role.value, f"{d.rows:,}", d.source, d.licence, ", ".join(d.sensitive) or "none", short(d.digest))
        for d in sorted(found.values(), key=lambda d: (d.name, d.role.value))
    ]
    heads = ("Data", "Role", "Rows", "Source", "Licence", "Protected attributes", "Digest")
    return table(heads, rows, "Immutable versions, by digest") if rows else gap("the data: no version of it is here")


def signatures(story: Story) -> Html:
    """Return who made the version, who signed it off, and which demands were waived."""
    if story.asked is None:
        return gap(f"who must sign: {story.unasked}")
    known = story.asked.facts
    signed = [
        (a.record.approver, a.record.role, f"{a.record.signed_at:%d %B %Y}", f"{len(a.record.evidence)} records")
        for a in known.approvals
    ]
    waived = [
        (w.record.control, w.record.requested_by, w.person, f"{w.record.expires_at:%d %B %Y}", w.record.reason,
         w.record.compensating_control)
        for w in known.waivers
    ]  # fmt: skip
    return text(
        tag("p", f"Made by {', '.join(sorted(known.authors)) or 'nobody known here'}. People bear pseudonymous ids."),
        table(("Who", "As", "When", "Having seen"), signed, "Sign-offs that count") if signed else gap("a sign-off"),
        table(("Control", "Asked", "Granted", "Until", "Why", "Instead"), waived, "Waivers") if waived else "",
        tag("ul", *(tag("li", f"Does not count: {why}") for why in known.rejected)) if known.rejected else "",
    )


def environment(story: Story) -> Html:
    """Return with what the version was trained, and in what form it is served."""
    known = story.asked.facts if story.asked is not None else None
    named = {}
    for run in known.runs if known else ():
        made = run.record
        where = f"elsewhere: {made.imported}" if made.imported else "in a worker process without keys or network"
        named[f"Run {made.id[:12]}"] = f"{where}; {', '.join(f'{n} {v}' for n, v in sorted(made.environment.items()))}"
    for proof in known.compilations if known else ():
        c = proof.record
        named[f"Served by {c.engine}"] = text(
            short(c.served), f": {c.decisions_differing} of {c.rows:,} decisions differ from the original, "
            f"{c.adversarial_rows:,} rows of them made to find a difference; largest score difference "
            f"{number(c.largest_score_difference)}",
        )  # fmt: skip
    return facts(named) if named else gap("where it was trained, and in what form it is served")


def listed(items: Iterable[str]) -> Html:
    """Return a list."""
    return tag("ul", *(tag("li", item) for item in items))
