"""Small lists of names, held in memory, for whatever is judged by them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from muster.columns.packages.names import Claim, Lists, Status
from muster.records.language.packages import Ecosystem

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TAKEN = datetime(2026, 11, 20, tzinfo=UTC)


def apart(one: str, other: str) -> int:
    """Return how many edits lie between two words; a swap of neighbours counts one (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != against)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


@dataclass(frozen=True)
class Names:
    """A list of names; ``ranks`` has every name, with None where it is not ranked."""

    ecosystem: Ecosystem
    ranks: Mapping[str, int | None]
    complete: bool = True
    taken_at: datetime = TAKEN
    uploads: Mapping[str, datetime] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return "sha256:" + hashlib.sha256("\n".join(sorted(self.ranks)).encode()).hexdigest()

    def __contains__(self, name: str) -> bool:
        return name in self.ranks

    def rank(self, name: str) -> int | None:
        return self.ranks.get(name)

    def first_upload(self, name: str) -> datetime | None:
        return self.uploads.get(name)

    def status(self, name: str) -> Status:
        return self.statuses.get(name, Status.LISTED)

    def licence(self, name: str) -> str:
        return self.licences.get(name, "")

    def near(self, name: str, distance: int, popular: int) -> Sequence[str]:
        ranked = sorted((rank, each) for each, rank in self.ranks.items() if rank is not None and rank <= popular)
        return [each for _, each in ranked if each != name and apart(each, name) <= distance]


@dataclass(frozen=True)
class Imports:
    """A map of imports."""

    claims: Mapping[str, Sequence[Claim]]
    digest: str = "sha256:" + "0" * 64

    def distributions(self, module: str) -> Sequence[Claim]:
        return self.claims.get(module, ())


_RANKED = """requests numpy pandas flask django scikit-learn pyyaml pillow beautifulsoup4 opencv-python httpx rich torch
langchain google-cloud-storage opentelemetry-api opentelemetry-sdk python-dotenv typing-extensions matplotlib attrs
protobuf apache-airflow pydantic fastapi setuptools pytest sqlalchemy transformers psycopg2-binary types-requests"""
RANKED = _RANKED.split()
KNOWN = "obscure-thing plain-thing brand-new-thing gone-thing held-thing copyleft-thing foo"
_NPM = "react lodash express axios chalk typescript @types/node left-pad vite create-vite next create-react-app"
NPM = _NPM.split()

IMPORTS = {
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dotenv": "python-dotenv",
    "google.cloud.storage": "google-cloud-storage",
    "psycopg2": "psycopg2-binary",
    "attr": "attrs",
}


def python_names(**changes: object) -> Names:
    """Return a list of Python's index: names in the order of their rank, then some that are not ranked."""
    ranks: dict[str, int | None] = {name: place for place, name in enumerate(RANKED, 1)}
    ranks.update(dict.fromkeys(KNOWN.split()))
    given: dict[str, object] = {
        "uploads": {
            "brand-new-thing": datetime(2026, 11, 18, tzinfo=UTC),
            "requests": datetime(2011, 2, 14, tzinfo=UTC),
        },
        "statuses": {"gone-thing": Status.REMOVED, "held-thing": Status.QUARANTINED},
        "licences": {"copyleft-thing": "AGPL-3.0-only", "requests": "Apache-2.0", "rich": "MIT OR GPL-2.0-only"},
    }
    return Names(Ecosystem.PYPI, **{"ranks": ranks, **given, **changes})  # type: ignore[arg-type]


def small(**changes: object) -> Lists:
    """Return lists of both indexes and a map of imports; changes are to the list of Python's."""
    ranks: dict[str, int | None] = {name: place for place, name in enumerate(NPM, 1)}
    npm = Names(Ecosystem.NPM, {**ranks, "obscure-js-thing": None})
    claims = {module: [Claim(name, RANKED.index(name) + 1)] for module, name in IMPORTS.items()}
    return Lists({Ecosystem.PYPI: python_names(**changes), Ecosystem.NPM: npm}, Imports(claims))
