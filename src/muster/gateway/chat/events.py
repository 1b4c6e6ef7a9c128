"""Server-sent events, as bytes come and go (WHATWG HTML, section 9.2), in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

LARGEST = 4 * 2**20
"""Bytes of one event; a provider that sends more is not heard any further."""

END = "[DONE]"
"""The last event of OpenAI's streams."""


@dataclass(slots=True)
class Events:
    """Takes bytes as they come; gives the data of each event that is complete."""

    _rest: bytearray = field(default_factory=bytearray)
    _data: list[bytes] = field(default_factory=list)
    _held: int = 0

    def feed(self, content: bytes) -> Iterator[str]:
        """Yield the data of each event that ends in these bytes; raise ValueError where one is too large."""
        self._rest += content
        *lines, rest = self._rest.replace(b"\r\n", b"\n").split(b"\n")
        if len(rest) > LARGEST:
            msg = f"the provider sent a line of more than {LARGEST} bytes"
            raise ValueError(msg)
        self._rest = bytearray(rest)
        for line in lines:
            if not line:
                yield from self._flush()
            elif line.startswith(b"data:"):
                self._held += len(line)
                if self._held > LARGEST:
                    msg = f"the provider sent an event of more than {LARGEST} bytes"
                    raise ValueError(msg)
                self._data.append(bytes(line[5:].removeprefix(b" ")))

    def close(self) -> Iterator[str]:
        """Yield the last event, where the stream ended without an empty line."""
        yield from self.feed(b"\n\n")

    def _flush(self) -> Iterator[str]:
        if self._data:
            data = b"\n".join(self._data)
            self._data, self._held = [], 0
            yield data.decode("utf-8", "replace")


def event(data: bytes | str, name: str = "") -> bytes:
    """Write one event; data is one line, as compact JSON is."""
    content = data.encode() if isinstance(data, str) else data
    return (b"event: " + name.encode() + b"\n" if name else b"") + b"data: " + content + b"\n\n"
