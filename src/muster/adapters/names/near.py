"""Near: which of the most used names is a slip of the finger away from another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Near:
    """The most used names, by length and by the letters that they are made of.

    Parameters
    ----------
    names
        Most used first.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._lengths: dict[int, list[tuple[int, int, str]]] = {}
        for rank, name in enumerate(names):
            self._lengths.setdefault(len(name), []).append((_letters(name), rank, name))

    def find(self, name: str, distance: int, popular: int) -> Sequence[str]:
        """Return other names within so many edits among the ``popular`` most used, most used first.

        Most are ruled out by their letters: an edit adds or takes away two different ones at the most.
        """
        letters, found = _letters(name), []
        for length in range(len(name) - distance, len(name) + distance + 1):
            for others, rank, other in self._lengths.get(length, ()):
                if (letters ^ others).bit_count() <= 2 * distance and rank < popular and other != name:
                    found.append((rank, other))
        return [other for _, other in sorted(found) if edits(name, other, distance) <= distance]


def edits(one: str, other: str, most: int) -> int:
    """Return the optimal string alignment distance, or anything above ``most`` where it is above that.

    Insertions, deletions, replacements and swaps of neighbours each count one (Boytsov, "Indexing methods for
    approximate dictionary searching", ACM JEA 16, 2011, section 2).
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 < column and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return last[-1]


def _letters(name: str) -> int:
    found = 0
    for letter in name:
        found |= 1 << (ord(letter) & 63)
    return found
