"""Settings: every field of :class:`muster.settings.Settings`, in the words below it."""

from __future__ import annotations

import dataclasses

from docs.reference.glossary import said

from muster.settings import ENVIRONMENT_ONLY, Settings

HEAD = """# Settings

Written by `./run docs` from the code. A setting is read from a flag (`--name`, where the command has it), from the
environment (`MUSTER_NAME`), from `muster.toml` in the home (`name = ...`), in this order; else it has its default. A
name that nobody knows is an error.

| Setting | Environment | In the file | Default | What it says |
|---|---|---|---|---|
"""


def settings() -> str:
    """Return the page."""
    words = said(Settings)
    return HEAD + "".join(_row(field, words.get(field.name, "")) for field in dataclasses.fields(Settings))


def _row(field: dataclasses.Field[object], words: str) -> str:
    in_file = "no" if field.name in ENVIRONMENT_ONLY else "yes"
    default = "" if field.default in (None, "", ()) else f"`{field.default}`"
    return f"| `{field.name}` | `MUSTER_{field.name.upper()}` | {in_file} | {default} | {words.removeprefix('. ')} |\n"
