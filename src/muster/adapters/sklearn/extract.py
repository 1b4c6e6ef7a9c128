"""Extract: a fitted model to its encodings and form, free of scikit-learn; refuses what it does not know exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from muster.adapters.sklearn.reading.classifiers import probability
from muster.adapters.sklearn.reading.gathering import Gathering
from muster.adapters.sklearn.reading.settling import settled
from muster.adapters.sklearn.reading.track import Grow, begun
from muster.columns.encoding.mixes import Mix
from muster.columns.encoding.sets import Extra
from muster.columns.forms import Form, Trees
from muster.columns.plan import Encoding
from muster.records.data import Column, ColumnType

Booster = Callable[[Any], tuple[Trees, Sequence[Extra]]]
_NONE: Mapping[str, Booster] = MappingProxyType({})


def extract(
    model: Any, inputs: Sequence[Column], boosters: Mapping[str, Booster] = _NONE
) -> tuple[tuple[Encoding, ...], Form, tuple[Mix, ...]]:
    """Return the encodings of the inputs, what the model computes of them, and what is mixed of them before.

    Parameters
    ----------
    boosters
        By the full name of a class of another library, what reads its trees, and what they ask beside their
        columns.

    Raises
    ------
    ValueError
        Where it is no model of two classes that is known exactly, with the part that is not; or does not read these
        inputs.
    """
    known = {column.name: column for column in inputs}
    names = [str(name) for name in getattr(model, "feature_names_in_", known)]
    width = getattr(model, "n_features_in_", 0) or len(known)  # CatBoost's pickles forget it and say 0
    if sorted(names) != sorted(known) or width != len(known):
        msg = f"the model reads {', '.join(names)} and does not read the inputs that were declared: {', '.join(known)}"
        raise ValueError(msg)
    categories: dict[str, list[str]] = {name: [] for name in names if known[name].type is ColumnType.CATEGORY}
    while True:
        gathering = Gathering(boosters)
        try:
            probability(gathering, model, [begun(known[name], categories.get(name, ())) for name in names])
        except Grow as grown:
            name, found = grown.args
            categories[name] += [text for text in dict.fromkeys(found) if text not in categories[name]]
            continue
        encodings, mixes = settled(gathering.tracks, [known[name] for name in names], categories)
        return encodings, gathering.form, mixes
