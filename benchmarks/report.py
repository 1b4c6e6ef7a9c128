"""How benchmarks speak: a table for people, then one line of JSON for machines, always the last."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path


def machine() -> dict[str, object]:
    """Describe where the figures were taken; the load says how far to trust them."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "processor": _chip(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _chip() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lay rows out under their columns: text to the left, numbers to the right."""
    cells = [[_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    right = [all(isinstance(row[place], int | float) for row in rows) for place in range(len(columns))]

    def line(texts: Sequence[str]) -> str:
        parts = zip(texts, widths, right, strict=True)
        return "  ".join(text.rjust(width) if numeric else text.ljust(width) for text, width, numeric in parts).rstrip()

    return "\n".join([title, "", line(columns), line(["-" * width for width in widths]), *map(line, cells), ""])


def _text(cell: object) -> str:
    return (
        f"{cell:,.4g}"
        if isinstance(cell, float) and abs(cell) < 1000
        else f"{cell:,.0f}"
        if isinstance(cell, float)
        else str(cell)
    )


def close(bench: str, figures: Mapping[str, float]) -> None:
    """Print the last line: the named figures and the machine."""
    rounded = {name: float(f"{value:.4g}") for name, value in figures.items()}
    print(json.dumps({"bench": bench, "figures": rounded, "machine": machine()}))
