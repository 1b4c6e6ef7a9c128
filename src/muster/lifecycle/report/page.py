"""The page: the report of a model version, from the verdict down to every figure."""

from __future__ import annotations

from muster.lifecycle.page.document import document
from muster.lifecycle.page.markup import Html, facts, settings, short, tag, text
from muster.lifecycle.page.parts import header, purpose, reasons
from muster.lifecycle.report.alternatives import alternatives
from muster.lifecycle.report.measured import anchor, measured, title
from muster.lifecycle.report.story import Story
from muster.lifecycle.report.subjects import Subject, subjects, unmeasured
from muster.records.canonical import digest
from muster.records.decision import SETTLED, Reason, Verdict

WORDS = {
    Verdict.ALLOW: ("allowed", "Everything that the policy demands is met or waived."),
    Verdict.WAIT: ("waiting", "Everything that is measured is met; people have still to sign."),
    Verdict.REFUSE: ("refused", ""),
}


def page(story: Story) -> bytes:
    """Return the HTML of a report."""
    found = subjects(story)
    sections = [
        verdict(story),
        purpose(story.use_case),
        making(story),
        *(_section(story, subject) for subject in found),
        alternatives(story),
        unclaimed(story),
    ]
    name = f"Report: {story.version.model} for {story.version.use_case}"
    head = header("Assessment report", story.version, story.question, story.use_case, _answer(story))
    return document(name, head, _contents(found), tag("main", *sections), _footer(story))


def verdict(story: Story) -> Html:
    """Return what the gate says now, with a reason for every demand; what is open comes first."""
    heading = tag("h2", "What the gate says")
    if story.asked is None:
        return tag("section", heading, tag("p", f"The gate cannot be asked: {story.unasked}."), id="verdict")
    decision, policy = story.asked.decision, story.asked.policy
    shown = {digest(recorded.raw) for recorded, _ in story.evidence}
    when = f"Asked on {decision.at:%d %B %Y, %H:%M} UTC, rules version {decision.rules}"
    found = reasons(policy, decision, when, lambda reason: text(reason.explanation, _links(reason, shown)))
    return tag("section", heading, found, id="verdict")


def _links(reason: Reason, shown: set[str]) -> Html:
    places = [entry for entry in reason.evidence if entry in shown]
    links = (text(" ", tag("a", "figures", href=f"#{anchor(entry)}")) for entry in places)
    return text(*links)


def _answer(story: Story) -> tuple[str, str]:
    if story.asked is None:
        return "unknown", "No gate can be asked."
    decision = story.asked.decision
    word, sentence = WORDS[decision.verdict]
    open_demands = sum(reason.finding not in SETTLED for reason in decision.reasons)
    return word, sentence or f"{open_demands} of {len(decision.reasons)} demands are not met."


def _contents(found: list[Subject]) -> Html:
    places = [("verdict", "Verdict"), ("purpose", "Purpose"), ("making", "Making")]
    places += [(subject.id, subject.title) for subject in found]
    places += [("alternatives", "What else was tried"), ("not", "What is not claimed")]
    items = (tag("li", tag("a", words, href=f"#{place}")) for place, words in places)
    return tag("nav", tag("ul", *items), aria_label="Contents")


def making(story: Story) -> Html:
    """Return how the version was made."""
    manifest = story.version.manifest
    recipe, rule = manifest.recipe, manifest.decision
    side = rule.favourable.value.replace("-", " ")
    data = story.datasets.get(story.version.training)
    source = f"{data.name}, {data.rows:,} rows, {data.source} ({data.licence}) " if data else ""
    named = {
        "Learner": f"{recipe.learner}, seed {recipe.seed}; {settings(recipe.parameters)}",
        "Predicts": f"{recipe.target} = {recipe.positive}",
        "Inputs": f"{len(recipe.inputs)}: {', '.join(recipe.inputs)}",
        "Decision": f"{rule.favourable_label} when the score is {side} {rule.threshold:g}, else {rule.adverse_label}",
        "Trained on": text(source, short(story.version.training)),
        "Registered": f"{story.registered.entry.at:%d %B %Y, %H:%M} UTC, by {story.registered.entry.actor}, "
        f"ledger entry {story.registered.seq}",
    }
    return tag("section", tag("h2", "How it was made"), facts(named), id="making")


def _section(story: Story, subject: Subject) -> Html:
    current = [measured(story, piece) for piece in subject.pieces if piece.current]
    older = [measured(story, piece) for piece in subject.pieces if not piece.current]
    folded = tag("details", tag("summary", f"{len(older)} replaced by newer measurements"), *older) if older else ""
    return tag("section", tag("h2", subject.title), tag("p", subject.lead), *current, folded, id=subject.id)


def unclaimed(story: Story) -> Html:
    """Return what nobody should read out of the figures."""
    missing = unmeasured(story)
    claims = [
        "That the model is fair or right: only what was measured, on the samples named here, at these limits.",
        "That outcomes in the data are the truth about people; of what others decided, only agreement is measured.",
        "That figures hold for other people, places or times than those of the samples.",
        "That laws are complied with: controls help to answer clauses; they are engineering, not legal advice.",
    ]
    if missing:
        claims.insert(0, f"Anything about {_joined(missing)}: nothing was measured about that on this version.")
    return tag("section", tag("h2", "What is not claimed"), tag("ul", *(tag("li", c) for c in claims)), id="not")


def _joined(names: list[str]) -> str:
    said = [name[0].lower() + name[1:] for name in names]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"


def _footer(story: Story) -> Html:
    checks = len({title(evidence.check) for _, evidence in story.evidence})
    written = (
        f"Written {story.at:%d %B %Y, %H:%M} UTC from {len(story.evidence)} evidence records of {checks} checks; "
        f"ledger of {story.size:,} entries. This page is unsigned, for reading: what counts are the entries."
    )
    return tag(
        "footer",
        tag("p", written),
        tag("p", "Look an entry up with"),
        tag("pre", f"muster model evidence {story.question.version[:19]} --json\nmuster ledger prove ENTRY"),
    )  # fmt: skip
