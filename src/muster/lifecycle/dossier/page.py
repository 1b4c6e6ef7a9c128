"""The page: a dossier for reading, on paper, on a screen or a phone; no scripts, nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence

from muster.lifecycle.dossier.findings import clauses, evidence, monitoring
from muster.lifecycle.dossier.history import data, entries, lineage, people, serving
from muster.lifecycle.dossier.rest import rest
from muster.lifecycle.dossier.signing.tools import tools
from muster.lifecycle.dossier.story import Story
from muster.lifecycle.page.document import document
from muster.lifecycle.page.markup import Html, short, tag, text
from muster.lifecycle.page.parts import demands, header, purpose
from muster.lifecycle.report.papers.write import PAPERS
from muster.records.decision import SETTLED, Finding, Verdict
from muster.records.evidence import Evidence
from muster.records.model import Run
from muster.rules.gate.measured import WINDOW


def page(story: Story, papers: Sequence[str] = (), up: str = "") -> bytes:
    """Return the HTML of a dossier.

    Parameters
    ----------
    papers
        Names of the members that are papers about the version.
    up
        What leads from this page to the root of the archive.
    """
    title = f"Dossier: {story.version.model} for {story.use_case.id}"
    first = (_short(story), purpose(story.use_case), demands(story.policy, story.decision))
    parts = (people, evidence, monitoring, lineage, data, serving, rest, tools, clauses, _limits, entries)
    sections = [part(story) for part in parts]
    main = tag("main", *first, *sections)
    about = story.version, story.collected.question, story.use_case
    head = header("muster dossier", *about, standing(story))
    return document(title, head, _contents(papers, up), main, foot(story))


def standing(story: Story) -> tuple[str, str]:
    """Return the answer in one word, and in a sentence."""
    if story.revocations:
        return "revoked", f"A release was signed and then withdrawn: {story.revocations[-1].reason}"
    if story.release is not None:
        issued, until = f"{story.release.issued_at:%d %B %Y}", f"{story.release.expires_at:%d %B %Y}"
        waived = sum(reason.finding.value == "waived" for reason in story.decision.reasons)
        how = f"met, but for {waived} that was waived" if waived else "met"
        return "released", f"Everything that the policy demands was {how}. Signed on {issued}, good until {until}."
    open_demands = sum(reason.finding not in SETTLED for reason in story.decision.reasons)
    if story.decision.verdict is Verdict.WAIT:
        return "waiting", "Everything that is measured is met; people have still to sign."
    if story.decision.verdict is Verdict.ALLOW:
        return "allowed", "The gate allows it; no release has been signed."
    return "refused", f"The gate refuses: {open_demands} of {len(story.decision.reasons)} demands are not met."


def _limits(story: Story) -> Html:
    data_said = sorted({d.source for d in story.datasets})
    claims = (
        "That the model is fair, unbiased or right: only what was measured, on the data named here, at these limits.",
        "That outcomes in the data are the truth about people; of what others decided, only agreement is measured.",
        f"That the data is more than its makers say: {'; '.join(data_said) or 'none is named'}.",
        "That laws are complied with. Controls name clauses that they help to answer: engineering, not legal advice.",
        "That figures hold for other people, places or times than those of the samples.",
        "That nothing else about the version is in the ledger. Ask for all of it, and for its newest checkpoint.",
    )
    return tag(
        "section", tag("h2", "What is not claimed"), tag("ul", *(tag("li", claim) for claim in claims)), id="not"
    )


def _short(story: Story) -> Html:
    """Return the whole in a few sentences, for who reads no further."""
    found = [reason.finding for reason in story.decision.reasons]
    counts = [f"{found.count(each)} {each.value.replace('-', ' ')}" for each in Finding if each in found]
    people = sorted({f"{said.approver} ({said.role})" for _, said in story.approvals})
    makers = sorted({recorded.entry.person for recorded, _ in story.of(Run)})
    windows = sum(measured.sample_role == WINDOW for _, measured in story.of(Evidence))
    names = sorted({d.name for _, o in story.orders for d in o.deployments if d.version == story.version.digest})
    facts_told = (
        f"The policy “{story.policy.id}” makes {len(found)} demands: {', '.join(counts)}.",
        f"Made by {', '.join(makers) or 'nobody known here'}; signed off by {', '.join(people) or 'nobody'}.",
        f"It has answered as {', '.join(names)}." if names else "It has never answered anybody.",
        f"On live traffic, {windows} measurements were taken since."
        if windows
        else "Nothing was measured on live traffic yet.",
    )
    return tag("section", tag("h2", "In short"), tag("ul", *(tag("li", told) for told in facts_told)), id="short")


def _contents(papers: Sequence[str], up: str) -> Html:
    """Return where things are on the page, and the papers beside it."""
    places = [
        ("demands", "What was demanded"),
        ("people", "Who signed"),
        ("measured", "What was measured"),
        ("lineage", "How it was made"),
        ("serving", "Where it serves"),
        ("not", "What is not claimed"),
        ("entries", "The entries"),
    ]
    here = [tag("li", tag("a", words, href=f"#{place}")) for place, words in places]
    parts = [tag("p", "On this page", class_="kicker"), tag("ul", *here)]
    if papers:
        parts += [tag("p", "Papers beside it", class_="kicker"), tag("ul", *_papers(papers, up))]
    return tag("nav", *parts, aria_label="Contents")


def _papers(papers: Sequence[str], up: str) -> list[Html]:
    """Return each paper by its title, in every form that it has."""
    forms: dict[str, list[str]] = {}
    for name in papers:
        forms.setdefault(name.rpartition("/")[2].partition(".")[0], []).append(name)
    titles = {paper.value: title for paper, (title, _) in PAPERS.items()}
    return [
        tag(
            "li",
            titles[paper],
            *(text(" ", tag("a", name.rpartition(".")[2].upper(), href=f"{up}{name}")) for name in names),
        )
        for paper, names in forms.items()
    ]


def foot(story: Story) -> Html:
    """Return what a reader must know about the page itself."""
    size = story.collected.checkpoint.split("\n")[1]
    return tag(
        "footer",
        tag("p", "This page is unsigned, for reading. What counts are the entries beside it; prove them with"),
        tag("pre", "python verify.py DOSSIER.zip --root sha256:..."),
        tag("p", f"The fingerprint comes from those who run the ledger, by another way. Ledger of {size} entries."),
        tag("p", text("Policy ", short(story.decision.policy), ", library ", short(story.decision.library), ".")),
    )
