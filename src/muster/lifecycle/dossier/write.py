"""Write a dossier: for a supervisor, an auditor or a court, who trust nobody here and need nothing of ours."""

from __future__ import annotations

from importlib import resources

from muster.lifecycle.desk.action import Download, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.dossier.archive import pack
from muster.lifecycle.dossier.collect import Collected, collect
from muster.lifecycle.dossier.page import page
from muster.lifecycle.dossier.story import tell
from muster.records.canonical import canonical
from muster.records.decision import Question


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
    context.progress(f"writing {len(collected.entries)} entries")
    shown = page(tell(collected, context.house.verify))
    name = f"dossier-{found.use_case}-{found.digest.removeprefix('sha256:')[:12]}.zip"
    return Download(name, pack(question, _members(collected, shown)), "application/zip")


def _members(collected: Collected, shown: bytes) -> dict[str, bytes]:
    verifier = resources.files("muster").joinpath("assets", "verify.py").read_bytes()
    return {
        "checkpoint.txt": collected.checkpoint.encode(),
        "consistency.json": canonical(collected.continuations),
        "dossier.html": shown,
        "proofs.json": canonical(collected.paths),
        "verify.py": verifier,
        **{f"attestations/{name}": bundle for name, bundle in collected.attestations.items()},
        **{f"entries/{recorded.seq:08d}.json": recorded.raw for recorded in collected.entries},
        **{f"releases/{place}.json": package for place, package in enumerate(collected.packages, 1)},
        **{f"sealed/{name.removeprefix('sha256:')}": content for name, content in collected.sealed.items()},
        **{f"roots/{place}.json": text.encode() for place, text in enumerate(collected.documents, 1)},
    }
