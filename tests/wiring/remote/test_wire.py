from __future__ import annotations

import errno
import os

import pytest

from muster.lifecycle.catalogue import CATALOGUE
from muster.ports.executor import TaskFailed
from muster.ports.ledger import Conflict
from muster.wiring.remote.wire import LONGEST_WORDS, error_of, method_of, path_of, refused, status_of, words_of


@pytest.mark.parametrize(
    "error",
    [PermissionError("no"), LookupError("no"), ValueError("no"), Conflict("no"), TaskFailed("no"), OSError("no")],
)
def test_errors_survive_the_journey(error: Exception) -> None:
    back = error_of(status_of(error), words_of(error))
    assert (type(back), words_of(back)) == (type(error), "no")


def test_a_file_that_may_not_be_written_is_no_refusal() -> None:
    error = PermissionError(errno.EACCES, "Permission denied", "/store")
    assert not refused(error)
    assert status_of(error) == 503


def test_a_full_disk_has_a_status_of_its_own() -> None:
    assert status_of(OSError(errno.ENOSPC, "No space left on device")) == 507


def test_what_nobody_foresaw_is_an_internal_error() -> None:
    assert status_of(ZeroDivisionError("x")) == 500
    assert isinstance(error_of(500, "x"), RuntimeError)


def test_a_key_error_says_its_words_without_quotes() -> None:
    assert words_of(KeyError("no blob x")) == "no blob x"
    assert words_of(ValueError()) == "ValueError"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a"),
            "a: No space left on device; free some space and try again",
        ),
        (
            OSError(errno.EROFS, os.strerror(errno.EROFS), "a"),
            "a: Read-only file system; choose a folder that can be written",
        ),
        (OSError(errno.ENOSPC, "blob x: full; free some"), "blob x: full; free some"),
        (OSError("one text"), "one text"),
        (ValueError("[" * 9000), "[" * LONGEST_WORDS + " ..."),
    ],
)
def test_what_the_system_says_comes_with_a_next_step_and_ends(error: Exception, said: str) -> None:
    assert words_of(error) == said


def test_names_become_paths() -> None:
    assert path_of("use-case register") == "/api/use-case/register"


def test_views_are_got_and_actions_are_posted() -> None:
    assert method_of(CATALOGUE["ledger show"]) == "GET"
    assert method_of(CATALOGUE["actor add"]) == "POST"
