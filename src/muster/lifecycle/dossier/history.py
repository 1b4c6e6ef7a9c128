"""History: people, lineage, data, serving, and the list of all entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from muster.lifecycle.dossier.story import Story
from muster.lifecycle.page.markup import Html, facts, number, settings, short, table, tag, text
from muster.records.canonical import digest
from muster.records.decision import Waiver
from muster.records.entry import LOCAL, Recorded
from muster.records.model import Compilation, Run


def people(story: Story) -> Html:
    """Return who made, signed off and waived."""
    makers = sorted({recorded.entry.actor for recorded, _ in story.of(Run)})
    signed = [
        (
            a.approver,
            a.role,
            f"{a.signed_at:%d %B %Y, %H:%M} UTC",
            f"{len(a.evidence)} pieces of evidence",
            _on(story, a),
            _comment(story, recorded),
        )
        for recorded, a in story.approvals
    ]
    waived = [
        (
            w.control,
            f"{w.requested_by} asked, {r.entry.actor} granted",
            f"{w.expires_at:%d %B %Y}",
            w.reason,
            w.compensating_control,
        )
        for r, w in story.of(Waiver)
    ]
    return tag(
        "section",
        tag("h2", "Who signed"),
        tag("p", f"Trained by {', '.join(makers) or 'nobody known here'}. People are named by pseudonymous ids."),
        table(
            ("Who", "As", "When", "Having seen", "For", "Comment"), signed, "Sign-offs, each with the person's own key"
        )
        if signed
        else tag("p", "Nobody has signed it off."),
        table(("Control", "People", "Until", "Why", "Instead"), waived, "Waivers") if waived else "",
        id="people",
    )


def _on(story: Story, approval: Any) -> str:
    asked = approval.question
    policy = "this policy" if approval.policy == story.decision.policy else "another version of the policy"
    return f"{asked.scope} in {asked.environment}, under {policy}"


def _comment(story: Story, recorded: Recorded) -> str:
    """Say whether there is a comment: its words are personal data, and stay out of a page that nobody can call back."""
    sealed = recorded.entry.body.get("comment")
    if not sealed:
        return "none"
    return "sealed in this dossier" if sealed in story.collected.sealed else "erased"


def lineage(story: Story) -> Html:
    """Return how the version was made, and that the served form decides as the original."""
    manifest, recipe, rule = story.version.manifest, story.version.manifest.recipe, story.version.manifest.decision
    side = rule.favourable.value.replace("-", " ")
    named: dict[str, Any] = {
        "Learner": f"{recipe.learner}, seed {recipe.seed}; {settings(recipe.parameters)}",
        "Predicts": f"{recipe.target} = {recipe.positive}",
        "Inputs": ", ".join(recipe.inputs),
        "Decision": f"{rule.favourable_label} when the score is {side} {rule.threshold:g}, else {rule.adverse_label}",
        "Files": text(*(text(name, " ", short(value), " ") for name, value in sorted(manifest.files.items()))),
        "Trained on": short(story.version.training),
        "Registry": story.version.registry or "none",
    }
    for _, run in story.of(Run):
        named[f"Run {run.id}"] = (
            f"{run.tracking or 'not tracked'}; {settings(run.metrics)}; {settings(run.environment)}"
        )
    for _, proof in story.of(Compilation):
        named[f"Served form ({proof.engine})"] = text(
            short(proof.served),
            f" {proof.decisions_differing} of {proof.rows:,} decisions differ, "
            f"{proof.adversarial_rows:,} of the rows adversarial; "
            f"largest score difference {number(proof.largest_score_difference)}",
        )
    return tag("section", tag("h2", "How it was made"), facts(named), id="lineage")


def data(story: Story) -> Html:
    """Return the data, its sources and licences."""
    rows = [
        (d.name, d.role.value, f"{d.rows:,}", d.source, d.licence, ", ".join(d.sensitive) or "none", short(d.digest))
        for d in story.datasets
    ]
    heads = ("Data", "Role", "Rows", "Source", "Licence", "Sensitive columns", "Digest")
    shown = table(heads, rows, "Immutable versions, by digest") if rows else tag("p", "No dataset version is recorded.")
    return tag("section", tag("h2", "The data"), shown, id="data")


def serving(story: Story) -> Html:
    """Return the orders that changed where the version answers."""
    mine = story.version.digest
    rows = [
        (
            f"{orders.issued_at:%d %B %Y, %H:%M} UTC",
            orders.group,
            str(orders.number),
            ", ".join(f"{d.name} ({d.share:.0%})" for d in orders.deployments if d.version == mine) or "not deployed",
        )
        for _, orders in story.orders
    ]
    heads = ("When", "Gateways", "Orders", "Deployed as")
    shown = (
        table(heads, rows, "Signed orders to gateways that changed it") if rows else tag("p", "It was never deployed.")
    )
    return tag("section", tag("h2", "Where it serves"), shown, id="serving")


def entries(story: Story) -> Html:
    """Return the list of all entries of the dossier."""
    listed = story.collected.entries
    rows = [
        (str(r.seq), f"{r.entry.at:%Y-%m-%d %H:%M:%S}", r.entry.actor, r.entry.kind, short(digest(r.raw)))
        for r in listed
    ]
    shown = table(("Entry", "When (UTC)", "Who", "What", "Digest"), rows, f"{len(rows)} ledger entries, each proven")
    return tag("section", tag("h2", "The entries"), *_local(listed), shown, id="entries")


def _local(listed: Iterable[Recorded]) -> list[Html]:
    said = sum(recorded.entry.actor.startswith(LOCAL) for recorded in listed)
    words = f"{said} entries were made without a server: whoever had the files said the name, nothing authenticated it."
    return [tag("p", words, class_="note")] if said else []
