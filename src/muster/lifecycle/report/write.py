"""Write a report: what was measured about a model version, for those who decide about it and those who check them."""

from __future__ import annotations

from muster.lifecycle.desk.action import Download, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.report.page import page
from muster.lifecycle.report.story import tell


@view("model report")
def report(context: Context, version: str, environment: str = "production", scope: str = "serve") -> Download:
    """Write all that was measured about a version into one HTML page with charts, and what the gate makes of it.

    Every figure leads to the ledger entry that holds it. The page runs and loads nothing; it prints, and fits a phone.

    Parameters
    ----------
    version
        Digest of the model version, or its beginning.
    environment, scope
        Whose policy its figures are held against.

    Raises
    ------
    LookupError
        If the version is not known.
    """
    context.house.ledger.refresh()
    found = find_version(context, version)
    context.progress("reading evidence, and asking the gate")
    story = tell(context, found, environment, scope)
    context.progress(f"writing {len(story.evidence)} evidence records")
    name = f"report-{found.use_case}-{found.digest.removeprefix('sha256:')[:12]}.html"
    return Download(name, page(story), "text/html; charset=utf-8")
