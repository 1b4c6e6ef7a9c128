"""Write a dossier: for a supervisor, an auditor or a court, who trust nobody here and need nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from muster.lifecycle.desk.action import Download, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.dossier.about import orders
from muster.lifecycle.dossier.archive import pack
from muster.lifecycle.dossier.collect import Collected, collect
from muster.lifecycle.dossier.deployment import overview
from muster.lifecycle.dossier.page import page
from muster.lifecycle.dossier.signing.attest import pem
from muster.lifecycle.dossier.story import Story, narrowed, tell
from muster.lifecycle.report.papers.write import Form, Paper, written
from muster.lifecycle.report.story import tell as measured
from muster.records.canonical import canonical
from muster.records.decision import Question
from muster.verifier.join import joined


@view("dossier write")
def write(
    context: Context, version: str, use_case: str = "", environment: str = "production", scope: str = "serve"
) -> Download:
    """Write everything about a version into one zip file, which `python verify.py` inside it verifies offline.

    The same ledger gives the same bytes. A version that was refused gets one too, with the decision and its reasons.

    Parameters
    ----------
    version
        Digest of the model version, or its beginning.
    use_case
        By default the one that the version is registered for.
    environment, scope
        The question that the dossier answers.

    Raises
    ------
    LookupError
        If the version is not known, is not for this use case, or the gate was never asked.
    """
    context.house.ledger.refresh()
    found = find_version(context, version)
    if use_case not in {"", found.use_case}:
        msg = f"version {found.digest} is registered for use case {found.use_case!r}, not for {use_case!r}"
        raise LookupError(msg)
    current_root(context)  # the chain must hold before anything is said in its name
    question = Question(found.digest, found.use_case, environment, scope)
    context.progress("collecting ledger entries and their proofs")
    collected = collect(context, question)
    story = tell(collected, context.house.verify)
    papers = dict(_papers(context, story, "papers/"))
    context.progress(f"writing {len(collected.entries)} entries")
    members = _members(collected) | papers | {"dossier.html": page(story, tuple(papers))}
    name = f"dossier-{found.use_case}-{found.digest.removeprefix('sha256:')[:12]}.zip"
    return Download(name, pack(collected.questions, members), "application/zip")


@view("dossier deployment")
def deployment(context: Context, name: str) -> Download:
    """Write everything about a deployment into one zip file: every version that answered under its name, and when.

    It is verified as the dossier of a version is.

    Parameters
    ----------
    name
        Of the deployment, as clients ask for it.

    Raises
    ------
    LookupError
        If nothing was ever deployed under that name.
    """
    context.house.ledger.refresh()
    current_root(context)
    told = orders(context, (), name)
    served = [d for _, order in told for d in order.deployments if d.name == name]
    questions = tuple(dict.fromkeys(Question(d.version, d.use_case, d.environment, d.scope) for d in served))
    if not questions:
        msg = f"nothing was ever deployed as {name!r}; `muster deployment list` shows what is"
        raise LookupError(msg)
    context.progress(f"collecting ledger entries about {len(questions)} of its versions, and their proofs")
    collected = collect(context, *questions, deployment=name)
    stories = [tell(narrowed(collected, question), context.house.verify) for question in questions]
    members = _members(collected)
    pages = {}
    for number, story in enumerate(stories, 1):
        papers = dict(_papers(context, story, f"papers/{number}/"))
        pages[f"versions/{number}.html"] = page(story, tuple(papers), up="../")
        members |= papers
    context.progress(f"writing {len(collected.entries)} entries")
    members |= pages | {"dossier.html": overview(collected, stories, tuple(pages))}
    return Download(f"dossier-{name}.zip", pack(questions, members, name), "application/zip")


def _papers(context: Context, story: Story, folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the papers about a version, as of the last entry of the ledger: so the same ledger gives the same bytes."""
    ledger = context.house.ledger
    newest = next(iter(ledger.read(start=ledger.size - 1))).entry.at
    asked = story.collected.question
    context.progress("writing papers")
    then = replace(context, house=replace(context.house, clock=lambda: newest))
    told = measured(then, story.version, asked.environment, asked.scope)
    for paper in Paper:
        for form in Form if context.house.typeset is not None else (Form.HTML,):
            yield f"{folder}{paper.value}.{form.value}", written(then, told, paper, form)


def _members(collected: Collected) -> dict[str, bytes]:
    return {
        "checkpoint.txt": collected.checkpoint.encode(),
        "consistency.json": canonical(collected.continuations),
        "proofs.json": canonical(collected.paths),
        "verify.py": joined().encode(),
        **({"witnessed.txt": collected.witnessed.encode()} if collected.witnessed else {}),
        **{f"attestations/{name}": bundle for name, bundle in collected.attestations.items()},
        **{f"entries/{recorded.seq:08d}.json": recorded.raw for recorded in collected.entries},
        **{f"releases/{place}.json": package for place, package in enumerate(collected.packages, 1)},
        **{f"sealed/{name.removeprefix('sha256:')}": content for name, content in collected.sealed.items()},
        **{f"keys/{key.id[:12]}.pem": pem(key).encode() for key in collected.keys},
        **{f"roots/{place}.json": text.encode() for place, text in enumerate(collected.documents, 1)},
    }
