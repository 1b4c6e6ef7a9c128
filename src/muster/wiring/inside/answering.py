"""Answering: a process behind walls that holds one model of another library and scores rows until it is ended.

Run by ``muster.adapters.sandbox.serving`` as ``python -I -m muster.wiring.inside.answering WALLS``. The first frame
that it reads is the container; its first answer says what it is kept from, or why it cannot serve. Then each frame is
an Arrow stream of rows, answered with one float64 a row, or with the number of a row that the model does not score.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from muster.adapters.sandbox.frames import FAILED, HEAD, READY, REFUSED, SCORES
from muster.adapters.sandbox.walls import Limits, raise_walls


def main() -> int:
    """Serve until the pipe ends; return the exit code."""
    # Libraries print what they like; the protocol gets descriptors that they do not know.
    answers = os.fdopen(os.dup(1), "wb")
    requests = os.fdopen(os.dup(0), "rb")
    os.dup2(2, 1)
    given = json.loads(sys.argv[1])
    try:
        walls = raise_walls(
            Path(given["package"]), Path(given["folder"]), Limits(**given["limits"]), best_effort=given["best_effort"]
        )
        answer = opened(_read(requests))
    except Exception as error:  # noqa: BLE001 - whatever a model file raises must reach the operator
        _say(answers, FAILED, f"{type(error).__name__}: {error}"[:2000].encode())
        return 1
    _say(answers, READY, json.dumps(walls).encode())
    while payload := _read(requests):
        _say(answers, *answer(payload))
    return 0


def opened(content: bytes) -> Callable[[bytes], tuple[bytes, bytes]]:
    """Open the model of a container and return what answers frames of rows.

    Raises
    ------
    ValueError, PermissionError
        Where the container or the model in it is not what it should be.
    """
    from muster.columns.original.container import opened as contained  # only now: the walls stand
    from muster.columns.original.passing import from_wire
    from muster.columns.original.rows import Unscored, scored
    from muster.wiring.inside.models import opened as model_of

    held = contained(content)
    model = model_of(held.manifest, held.files.__getitem__, lambda _: None)

    def answer(payload: bytes) -> tuple[bytes, bytes]:
        found: Any = scored(model.scores, from_wire(payload))
        if isinstance(found, Unscored):  # why is not said: the words of a library may repeat a value
            return REFUSED, struct.pack("<q", -1 if found.row is None else found.row)
        return SCORES, found.tobytes()

    return answer


def _read(stream: IO[bytes]) -> bytes:
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return b""
    size, _ = HEAD.unpack(head)
    return stream.read(size)


def _say(stream: IO[bytes], kind: bytes, content: bytes) -> None:
    stream.write(HEAD.pack(len(content), kind) + content)
    stream.flush()


if __name__ == "__main__":
    sys.exit(main())
