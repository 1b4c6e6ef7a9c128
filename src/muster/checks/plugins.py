"""Checks by third parties: found by entry point, loaded when first asked for, and never able to break anything else.

A distribution names its checks in the entry point group ``muster.checks``; the name of the entry point is the name of
the check. A plugin that does not load, or gives something else than it names, is broken: its checks are unknown, the
reason is kept, and all other checks work. A plugin cannot take the place of a known check.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points

from muster.checks.declare import Check

GROUP = "muster.checks"
"""The entry point group."""


@dataclass(frozen=True, slots=True)
class Plugins:
    """Checks that installed distributions name; build it with :meth:`found`."""

    offered: Mapping[str, EntryPoint]
    """By name of the check; nothing of them is imported yet."""
    refused: Mapping[str, str]
    """Why a name is not offered: it is taken, or two distributions claim it."""
    _loaded: dict[str, Check | str] = field(default_factory=dict)
    """What loading gave: a check, or why there is none. A broken plugin is not tried twice."""

    @classmethod
    def found(cls, taken: Collection[str], points: Iterable[EntryPoint] | None = None) -> Plugins:
        """Read the entry points of what is installed, importing nothing.

        Parameters
        ----------
        taken
            Names that no plugin may have.
        points
            Entry points to use instead of those installed.
        """
        claims: dict[str, list[EntryPoint]] = {}
        for point in entry_points(group=GROUP) if points is None else points:
            # One distribution can be seen twice, when it is installed and also on the path.
            if point not in claims.setdefault(point.name, []):
                claims[point.name].append(point)
        refused = {name: _refusal(name, claiming, taken) for name, claiming in claims.items()}
        return cls(
            {name: claiming[0] for name, claiming in claims.items() if not refused[name]},
            {name: reason for name, reason in refused.items() if reason},
        )

    def find(self, name: str) -> Check | str | None:
        """Return the check of that name; the reason why it is unknown; or None where nobody names it."""
        if name not in self.offered:
            return self.refused.get(name)
        if name not in self._loaded:
            self._loaded[name] = _load(self.offered[name])
        return self._loaded[name]


def origin(point: EntryPoint) -> str:
    """Name the distribution of an entry point with its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else f"an unnamed distribution ({point.value})"


def _refusal(name: str, claiming: list[EntryPoint], taken: Collection[str]) -> str:
    owners = " and ".join(sorted(origin(point) for point in claiming))
    if name in taken:
        return f"{owners} may not replace the check {name}: its author must give it another name"
    if len(claiming) > 1:
        return f"{owners} both name a check {name}: uninstall one of them"
    return ""


def _load(point: EntryPoint) -> Check | str:
    came_with = origin(point)
    try:
        loaded = point.load()
    except (Exception, SystemExit) as problem:  # noqa: BLE001 - a plugin may fail in any way, and it fails alone
        return f"{came_with} does not load: {type(problem).__name__}: {problem}"
    if not isinstance(loaded, Check):
        return f"{came_with} gives {type(loaded).__name__} as {point.name}: declare a function with @check(...)"
    if loaded.name != point.name:
        return f"{came_with} gives the check {loaded.name} as {point.name}: both names must be the same"
    return replace(loaded, origin=came_with)
