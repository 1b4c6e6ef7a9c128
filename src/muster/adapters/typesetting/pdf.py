"""PDF: typst makes it; it comes with the extra ``report``, and with fonts of its own."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable

LIBRARY = "typst"


def typesetter() -> Callable[[str], bytes] | None:
    """Return what makes PDF of a source for typst; None where the extra ``report`` is not installed."""
    return _pdf if importlib.util.find_spec(LIBRARY) is not None else None


def _pdf(source: str) -> bytes:
    """Make PDF: of these words alone, with the fonts that typst brings, so that it is the same on every machine.

    Raises
    ------
    RuntimeError
        If typst does not understand the source, which is then a fault of ours.
    """
    typst = importlib.import_module(LIBRARY)
    made: bytes = typst.compile(source.encode(), format="pdf", ignore_system_fonts=True)
    return made
