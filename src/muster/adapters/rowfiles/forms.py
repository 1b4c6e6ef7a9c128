"""Forms: which file is which, by its name or its first bytes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final


class Form(StrEnum):
    """How rows are written."""

    PARQUET = "parquet"
    CSV = "csv"
    ARROW = "arrow"
    """Arrow IPC: files are read as files or streams, and written as files; standard output is a stream."""


_ENDINGS: Final = {
    ".parquet": Form.PARQUET,
    ".pq": Form.PARQUET,
    ".csv": Form.CSV,
    ".arrow": Form.ARROW,
    ".arrows": Form.ARROW,
    ".feather": Form.ARROW,
    ".ipc": Form.ARROW,
}


def form_of(path: Path, said: str = "") -> Form:
    """Return the form of a file: as it was said, or by the name's ending; raise ValueError where neither tells."""
    known = ", ".join(form.value for form in Form)
    if said:
        try:
            return Form(said)
        except ValueError:
            msg = f"there is no form {said!r}: files are {known}"
            raise ValueError(msg) from None
    found = _ENDINGS.get(path.suffix.lower())
    if found is None:
        msg = f"{path.name}: its name does not tell what it is: end it in {', '.join(_ENDINGS)}, or say it ({known})"
        raise ValueError(msg)
    return found
