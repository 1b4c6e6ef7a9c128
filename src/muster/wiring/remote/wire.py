"""How control plane and clients talk over HTTP: paths, statuses, and errors that survive the journey."""

from __future__ import annotations

import errno
import os
from typing import Final, get_args

from muster.lifecycle.desk.action import Action, Effect, Upload
from muster.ports.executor import TaskFailed
from muster.ports.ledger import Conflict

LINES: Final = "application/x-ndjson"
"""Media type of an answer in lines: ``{"progress": ...}`` as the work goes on, then one ``result`` or ``error``."""

ARGUMENTS: Final = "arguments"
"""Part of a multipart body that holds the JSON arguments; each other part is an upload."""

LONGEST_WORDS: Final = 4000
"""Characters of an error that are told."""

INTERNAL: Final = "something went wrong inside the control plane; its log says what"

_STATUS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (Conflict, 409),
    (TaskFailed, 502),
    (LookupError, 404),
    (ValueError, 422),
    (OSError, 503),
)
_FULL: Final = 507
_STEPS: Final[dict[int, str]] = {
    errno.ENOENT: "; is the name right, seen from this folder?",
    errno.EEXIST: "; it was left alone: name another, or move it away",
    errno.EISDIR: "; name a file in it",
    errno.ENOSPC: "; free some space and try again",
    errno.EDQUOT: "; ask for a larger quota and try again",
    errno.EACCES: "; check who may read and write there",
    errno.EPERM: "; check who may read and write there",
    errno.EROFS: "; choose a folder that can be written",
}
_DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_MEANING: Final[dict[int, type[Exception]]] = {
    401: PermissionError,
    403: PermissionError,
    404: LookupError,
    409: Conflict,
    413: ValueError,
    422: ValueError,
    502: TaskFailed,
    503: OSError,
    _FULL: OSError,
}


def path_of(name: str) -> str:
    """Return the path of an action: ``use-case register`` answers at ``/api/use-case/register``."""
    return "/api/" + name.replace(" ", "/")


def method_of(action: Action) -> str:
    """Return GET for a view that a query can ask, POST for everything else."""
    return "GET" if action.effect is Effect.READS and not uploads_of(action) else "POST"


def uploads_of(action: Action) -> tuple[str, ...]:
    """Return the names of the parameters that take files."""
    return tuple(p.name for p in action.parameters if Upload in {p.type, *get_args(p.type)})


def refused(error: BaseException) -> bool:
    """Whether an error says that somebody may not: a PermissionError of ours, and not one of the file system."""
    return isinstance(error, PermissionError) and error.errno is None


def status_of(error: Exception) -> int:
    """Return the HTTP status that tells of this error."""
    if refused(error):
        return 403
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return _FULL
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def words_of(error: BaseException) -> str:
    """Return what an error says, to people: what, where and what next; not longer than anybody would read."""
    if isinstance(error, OSError) and error.strerror:
        said = _words_of_system(error)
    elif isinstance(error, KeyError) and error.args:  # its own text would be in quotes
        said = str(error.args[0])
    else:
        said = str(error)
    # An error may repeat what was sent, however long that was.
    return (said if len(said) <= LONGEST_WORDS else f"{said[:LONGEST_WORDS]} ...") or type(error).__name__


def _words_of_system(error: OSError) -> str:
    """Return where and what, and the next step where whoever raised it did not say one."""
    where = f"{error.filename}: " if error.filename else ""
    number = error.errno or 0
    step = _STEPS.get(number, "") if error.strerror == os.strerror(number) else ""
    return f"{where}{error.strerror}{step}"


def error_of(status: int, words: str) -> Exception:
    """Return the builtin error that a status stands for, so that callers see the same as in local mode."""
    return _MEANING.get(status, RuntimeError)(words)
