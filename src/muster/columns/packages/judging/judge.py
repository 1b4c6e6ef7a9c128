"""Judge: the verdict on one reference, from lists of names and a policy's rules; the caller says what time it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.columns.packages.judging.known import Known
from muster.columns.packages.judging.modules import Modules
from muster.columns.packages.judging.spelling import INVISIBLE, skeleton
from muster.columns.packages.judging.words import explain
from muster.columns.packages.names import Lists, NameList, Status, normal
from muster.columns.packages.reference import Reference
from muster.columns.packages.verdict import Judgement
from muster.columns.packages.vocabulary import ordinary, standard
from muster.columns.packages.vocabulary.namespaces import SHARED
from muster.records.language.packages import Ecosystem, PackageRules, Verdict

_MISNAMED = {"sklearn": "scikit-learn"}
"""Names that exist only to say that another is meant, though many install them."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict, the package meant, and what to write instead."""

    verdict: Verdict
    distribution: str = ""
    suggestion: str = ""


class Judge:
    """Judges references by one set of lists and rules, at one time."""

    def __init__(self, lists: Lists, rules: PackageRules, now: datetime) -> None:
        self._lists = lists
        self._rules = rules
        self._now = now
        self._allowed, self._denied = Known(rules.allowed), Known(rules.denied)
        self._first_party = Known(rules.first_party)
        self._modules = Modules(lists)
        self._indexes = tuple(address.rstrip("/").lower() for address in rules.indexes)

    def judge(self, reference: Reference, own: Collection[str] = ()) -> Judgement:
        """Return the verdict on a reference; ``own`` are modules that the same answer or project defines."""
        opinion = self._opinion(reference, own)
        names = self._lists.names.get(reference.ecosystem)
        return Judgement(
            reference,
            opinion.verdict,
            self._rules.action(opinion.verdict),
            opinion.distribution,
            opinion.suggestion,
            explain(reference, opinion.verdict, opinion.distribution, opinion.suggestion, names),
            names.digest if names else "",
            names.taken_at if names else None,
        )

    def _opinion(self, reference: Reference, own: Collection[str]) -> Opinion:
        name = reference.name
        if reference.index and not self._internal(reference.index):
            return Opinion(Verdict.INDEX_OVERRIDE, normal(reference.ecosystem, name))
        if not name:
            return Opinion(Verdict.FINE)
        if odd := self._spelling(reference):
            return odd
        kind = reference.ecosystem
        if self._denied.has(kind, name) or (not reference.installs and self._denied.has(kind, _root(name))):
            return Opinion(Verdict.DENIED, normal(kind, name))
        if self._allowed.has(kind, name):
            return Opinion(Verdict.FINE, normal(kind, name))
        if self._own(reference, own):
            return Opinion(Verdict.FIRST_PARTY)
        if kind is Ecosystem.CONDA:
            return self._conda(name)
        return self._installed(kind, name) if reference.installs else self._imported(reference)

    def _spelling(self, reference: Reference) -> Opinion | None:
        name = reference.name
        if INVISIBLE.search(name):
            return Opinion(Verdict.INVISIBLE, suggestion=INVISIBLE.sub("", name))
        if name.isascii() or ordinary.placeholder(name):
            return None
        meant = skeleton(name)
        names = self._lists.names.get(reference.ecosystem)
        root = normal(reference.ecosystem, _root(meant) if not reference.installs else meant)
        if meant.isascii() and names is not None and root in names:
            return Opinion(Verdict.HOMOGLYPH, root, meant)
        return None

    def _own(self, reference: Reference, own: Collection[str]) -> bool:
        """Whether a name is the asker's, by its root or its npm scope; generated modules are always."""
        module = not reference.installs and reference.ecosystem is Ecosystem.PYPI
        root = _root(reference.name) if module else reference.name
        scope = reference.name.partition("/")[0] if reference.name.startswith("@") else ""
        if any(each and self._first_party.has(reference.ecosystem, each) for each in (root, reference.name, scope)):
            return True
        return module and (root in own or root.endswith(("_pb2", "_pb2_grpc")))

    def _internal(self, index: str) -> bool:
        bare = index.lower().removeprefix("git+").rstrip("/")
        return any(bare == address or bare.startswith((address + "/", address + "@")) for address in self._indexes)

    def _conda(self, name: str) -> Opinion:
        """Judge by conda's own list; without one, what Python's index has is fine and the rest is unknown."""
        if Ecosystem.CONDA in self._lists.names:
            return self._installed(Ecosystem.CONDA, name)
        if ordinary.placeholder(name):
            return Opinion(Verdict.PLACEHOLDER)
        names = self._lists.names.get(Ecosystem.PYPI)
        key = normal(Ecosystem.PYPI, name)
        if key == "python" or (names is not None and key in names and names.rank(key) is not None):
            return Opinion(Verdict.FINE, key)
        return Opinion(Verdict.UNKNOWN, key)

    def _installed(self, kind: Ecosystem, name: str) -> Opinion:
        key = normal(kind, name)
        names = self._lists.names.get(kind)
        if kind is Ecosystem.PYPI and key in _MISNAMED:
            return Opinion(Verdict.IMPORT_NAME, _MISNAMED[key], _MISNAMED[key])
        if kind is Ecosystem.NPM and key in standard.NODE - standard.POLYFILLS:
            return Opinion(Verdict.STANDARD_LIBRARY)
        listed = names if names is not None and key in names else None
        if listed is not None and listed.rank(key) is not None:
            return self._listed(listed, key)
        return self._unranked(kind, name, listed)

    def _unranked(self, kind: Ecosystem, name: str, listed: NameList | None) -> Opinion:
        """Judge a name that hardly anyone installs, or nobody."""
        key = normal(kind, name)
        if listed is None and ordinary.placeholder(name):  # one that somebody registered would be installed
            return Opinion(Verdict.PLACEHOLDER)
        if kind is Ecosystem.PYPI and (other := self._module(name, key)):
            return other
        return self._listed(listed, key) if listed is not None else self._missing(kind, key)

    def _module(self, name: str, key: str) -> Opinion | None:
        """Return the verdict on a name that is not one to install by, but to import by."""
        if name in standard.PYTHON or key in standard.PYTHON:
            return Opinion(Verdict.STANDARD_LIBRARY)
        meant = self._modules.installed_as(name)
        return Opinion(Verdict.IMPORT_NAME, meant, meant) if meant and meant != key else None

    def _imported(self, reference: Reference) -> Opinion:
        name, kind = reference.name, reference.ecosystem
        if kind is Ecosystem.NPM:
            if standard.node(name) or reference.text.startswith("k6/"):
                return Opinion(Verdict.BUILT_IN)
            return Opinion(Verdict.GENERIC) if self._generic(name) else self._installed(kind, name)
        root = _root(name)
        if root in standard.PYTHON:
            return Opinion(Verdict.BUILT_IN)
        if root in ordinary.GENERIC or (name in SHARED and not reference.members):
            return Opinion(Verdict.GENERIC)
        return self._resolved(reference, root)

    def _resolved(self, reference: Reference, root: str) -> Opinion:
        """Judge an import by the distribution that it comes from."""
        names = self._lists.names.get(reference.ecosystem)
        found = self._modules.distribution(reference)
        ranked = bool(found) and names is not None and names.rank(found) is not None
        if not ranked and ordinary.placeholder(root):
            return Opinion(Verdict.PLACEHOLDER)
        return (
            self._found(names, found)
            if found
            else self._missing(reference.ecosystem, normal(reference.ecosystem, root))
        )

    def _found(self, names: NameList | None, key: str) -> Opinion:
        """Judge a distribution that an import comes from, though a partial list may not have it."""
        return self._listed(names, key) if names is not None and key in names else Opinion(Verdict.FINE, key)

    def _generic(self, name: str) -> bool:
        """Whether a bundler's alias is likelier than a package: ``components/Button``."""
        names = self._lists.names.get(Ecosystem.NPM)
        return name in ordinary.GENERIC and (names is None or names.rank(name) is None)

    def _listed(self, names: NameList, key: str) -> Opinion:
        """Judge a name that is on the index: what the index, its age, its licence and its use say."""
        status = names.status(key)
        if status is Status.REMOVED:
            return Opinion(Verdict.REMOVED, key)
        if status is Status.QUARANTINED:
            return Opinion(Verdict.QUARANTINED, key)
        born = names.first_upload(key)
        if born is not None and self._now - born < timedelta(days=self._rules.minimum_age_days):
            return Opinion(Verdict.TOO_NEW, key)
        licence = names.licence(key)
        if self._rules.licences and licence and not self._accepted(licence):
            return Opinion(Verdict.LICENCE, key)
        if names.rank(key) is not None:
            return Opinion(Verdict.FINE, key)
        near = self._near(names, key, 1)
        return Opinion(Verdict.NEAR_MISS, key, near[0]) if near else Opinion(Verdict.OBSCURE, key)

    def _accepted(self, licence: str) -> bool:
        """Whether an SPDX expression leaves a choice that is accepted: any side of OR, every side of AND."""
        bare = licence.replace("(", " ").replace(")", " ")
        accepted = {each.lower() for each in self._rules.licences}
        return any(all(part.strip().lower() in accepted for part in side.split(" AND ")) for side in bare.split(" OR "))

    def _near(self, names: NameList, key: str, distance: int) -> Sequence[str]:
        """Return popular names nearby; of three letters everything is near, and no popular name is very long."""
        return names.near(key, distance, self._rules.popular) if 3 < len(key) <= 80 else ()

    def _missing(self, kind: Ecosystem, key: str) -> Opinion:
        names = self._lists.names.get(kind)
        if names is None:
            return Opinion(Verdict.UNKNOWN, key)
        near = self._near(names, key, 2 if len(key) > 7 else 1)
        stale = self._now - names.taken_at > timedelta(days=self._rules.maximum_list_age_days)
        verdict = Verdict.NONEXISTENT if names.complete and not stale else Verdict.UNKNOWN
        return Opinion(verdict, "", near[0] if near else "")


def _root(name: str) -> str:
    return name.partition(".")[0]
