"""``./run check``: every static check, two at a time; one line each, and the output of those that fail.

Each check is configured once, in pyproject.toml; pre-commit and CI call the names below and nothing else.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

CHECKS: dict[str, tuple[str, ...]] = {
    # The slow ones first, so that two lanes end together.
    "types": ("mypy", "--no-error-summary"),
    "house": ("python", "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "tests/house"),
    "imports": ("lint-imports", "--no-logo"),
    "docstrings": ("interrogate", "src", "-v", "--omit-covered-files"),
    "lint": ("ruff", "check", "--quiet", "--output-format=concise"),
    "format": ("ruff", "format", "--check"),
    "unused": ("vulture",),
    "spelling": ("typos",),
}
"""Name of each check and its command line."""


class Outcome(NamedTuple):
    """What one check said."""

    name: str
    passed: bool
    seconds: float
    output: str


def run(name: str) -> Outcome:
    """Run one check by its name."""
    tool, *arguments = CHECKS[name]
    begun = time.perf_counter()
    done = subprocess.run(
        [BIN / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return Outcome(name, done.returncode == 0, time.perf_counter() - begun, (done.stdout + done.stderr).strip())


def main(names: list[str]) -> int:
    """Run the named checks, or all; return 0 if all passed, 1 if one failed, 2 if a name is unknown."""
    if unknown := [name for name in names if name not in CHECKS]:
        print(f"no check is called {', '.join(unknown)}; there are {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    failed = []
    with ThreadPoolExecutor(max_workers=2) as lanes:
        for done in as_completed([lanes.submit(run, name) for name in CHECKS if not names or name in names]):
            outcome = done.result()
            print(f"{outcome.name:<11} {'ok' if outcome.passed else 'FAILED':<7} {outcome.seconds:5.1f} s", flush=True)
            if not outcome.passed:
                failed.append(outcome)
    for outcome in failed:
        print(f"\n--- {outcome.name} ---\n{outcome.output}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
