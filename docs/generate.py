"""``./run docs``: write the reference pages that come from code, so that they cannot disagree with it.

With ``--check`` nothing is written; the exit code says whether the pages are current.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from docs.reference.checks import checks
from docs.reference.commands import commands
from docs.reference.controls import controls
from docs.reference.formats import formats, openapi, schemas
from docs.reference.glossary import glossary
from docs.reference.settings import settings

PAGES: dict[str, Callable[[], str]] = {
    "checks.md": checks,
    "commands.md": commands,
    "controls.md": controls,
    "formats.md": formats,
    "glossary.md": glossary,
    "openapi.json": openapi,
    "settings.md": settings,
    **schemas(),
}
"""File name in docs/reference, and what writes it."""


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them; return 0 if they are current, 1 if not."""
    folder = Path(__file__).parent / "reference"
    stale = []
    for name, write in PAGES.items():
        path, text = folder / name, write()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/reference/{name}")
    if stale and "--check" in arguments:
        print(f"out of date: {', '.join(stale)}. Call ./run docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
