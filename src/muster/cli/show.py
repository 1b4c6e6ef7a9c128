"""Show a result: as JSON for machines, as a file where it is one, else in a form that fits its type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from muster.cli.session import Session
from muster.cli.written import write_new
from muster.lifecycle.desk.action import Download
from muster.records.decision import Decision, Verdict

ALLOWED, REFUSED, UNDECIDED = 0, 1, 2
"""Exit codes: done or allowed; refused; could not tell."""


def show(result: Any, session: Session) -> int:
    """Show a result and return the exit code that it means: 1 for a decision that does not allow, else 0."""
    if isinstance(result, Download):
        _keep(result, session)
    elif session.only_digest:
        for each in result if isinstance(result, tuple) else (result,):
            print(each.digest)
    elif session.as_json:
        from muster.wiring.remote.client import encode_result

        print(_escaped(json.dumps(encode_result(result), indent=2, ensure_ascii=False)))
    else:
        # Loaded here: renderers draw with rich, which a command that prints JSON need not wait for.
        from muster.cli.render.screen import put

        put(result, decision_in(result), session.screen)
    decision = decision_in(result)
    return ALLOWED if decision is None or decision.verdict is Verdict.ALLOW else REFUSED


def _escaped(written: str) -> str:
    """Escape what JSON may hold and a terminal obeys: the same JSON, in other letters."""
    if written.replace("\n", "").isprintable():
        return written
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in written)


def decision_in(result: Any) -> Decision | None:
    """Return the decision that a result is, or has in a field called ``decision``."""
    found = getattr(result, "decision", result)
    return found if isinstance(found, Decision) else None


def _keep(download: Download, session: Session) -> None:
    # The name is what somebody else suggests: only its last part is taken, and never over a file that is there.
    path = session.output or Path(Path(download.name).name or "download")
    try:
        write_new(path, download.content, replace=session.force)
    except FileExistsError:
        msg = f"{path} exists already and was left alone: name another file with --output, or replace it with --force"
        raise FileExistsError(msg) from None
    if session.as_json:
        print(json.dumps({"written": str(path), "bytes": len(download.content)}))
    else:
        session.screen.print(f"written: {path} ({len(download.content):,} bytes)", markup=False)
