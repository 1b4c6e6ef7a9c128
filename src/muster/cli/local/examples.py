"""Examples: the files of the two stories that the demo plays, to be read, changed and walked by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.written import write_new
from muster.wiring import shipped

QUESTIONNAIRES = {
    f"{name}.yaml": f"questionnaires/{name}.yaml"
    for name in ("impact-assessment", "independent-validation", "go-live-checklist")
}
"""What people are asked by hand, in every example."""

EXAMPLES = {
    "consumer-credit": {
        "use-case.yaml": "stories/consumer-credit.yaml",
        "first-recipe.yaml": "stories/consumer-credit-first.yaml",
        "search.yaml": "stories/consumer-credit-search.yaml",
        "policy.yaml": "policies/consumer-credit.yaml",
        "reasons.yaml": "reasons/consumer-credit.yaml",
        "controls.yaml": "controls/controls.yaml",
        "contract.yaml": "contracts/taiwan-credit-default.yaml",
        **QUESTIONNAIRES,
        "clients.parquet": "data/taiwan_credit_default.parquet",
        "DATA.md": "data/README.md",
    },
    "mortgage": {
        "use-case.yaml": "stories/mortgage.yaml",
        "first-recipe.yaml": "stories/mortgage-first.yaml",
        "search.yaml": "stories/mortgage-search.yaml",
        "policy.yaml": "policies/mortgage.yaml",
        "reasons.yaml": "reasons/mortgage.yaml",
        "controls.yaml": "controls/controls.yaml",
        "contract.yaml": "contracts/boston-mortgage-decisions.yaml",
        **QUESTIONNAIRES,
        "applications.parquet": "",
    },
    "code-generation": {
        "use-case.yaml": "stories/code-generation.yaml",
        "hosted.yaml": "stories/code-generation-hosted.yaml",
        "policy.yaml": "policies/code-generation.yaml",
        "controls.yaml": "controls/controls.yaml",
        "prompts.yaml": "prompts/code.yaml",
        "canaries.yaml": "prompts/canaries.yaml",
        **QUESTIONNAIRES,
    },
}
"""Each example: the name of a file in the user's folder, and the shipped file; empty: from the data's own package."""


@local("example")
def example(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which one: " + " or ".join(EXAMPLES) + ".")] = "",
    into: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the files go; made where it is missing.")
    ] = Path(),
) -> int:
    """Copy the files of an example here: use case, recipe, search, policy, reasons, controls, forms, data.

    Nothing that is there already is replaced.
    """
    if not name:
        msg = f"which example? There are {', '.join(EXAMPLES)}: muster example {next(iter(EXAMPLES))}"
        raise ValueError(msg)
    if name not in EXAMPLES:
        msg = f"no example is called {name!r}; there are {', '.join(EXAMPLES)}"
        raise ValueError(msg)
    readers = {into / file: _reader(source) for file, source in EXAMPLES[name].items()}
    if taken := sorted(str(path) for path in readers if path.exists()):
        msg = f"{', '.join(taken)}: there already and left alone, nothing was written: name another folder with --into"
        raise FileExistsError(msg)
    # All is read before anything is written: an example that lacks its data is not left behind half.
    contents = {path: read() for path, read in readers.items()}
    into.mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        _write(path, content, contents)
    for path, content in contents.items():
        session.screen.print(f"written: {path} ({len(content):,} bytes)", markup=False, soft_wrap=True)
    begin = f"What next: muster use-case register {into / 'use-case.yaml'}, by an owner, an engineer or a risk analyst"
    session.screen.print(begin, markup=False, soft_wrap=True)
    return 0


def _write(path: Path, content: bytes, all_of_them: Iterable[Path]) -> None:
    """Write one file; where that fails, take away those that were written before it: none stood there."""
    try:
        write_new(path, content)
    except BaseException:
        for other in itertools.takewhile(lambda other: other != path, all_of_them):
            other.unlink()
        raise


def _reader(source: str) -> Callable[[], bytes]:
    return partial(_shipped, source) if source else _mortgages


def _shipped(source: str) -> bytes:
    return shipped.upload(source).content


def _mortgages() -> bytes:
    try:
        return shipped.boston_mortgages().content
    except ImportError as error:
        raise RuntimeError(str(error)) from None
