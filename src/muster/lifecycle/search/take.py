"""Take: a candidate of the newest search is trained as it stands there, and becomes a version."""

from __future__ import annotations

from muster.lifecycle.desk.action import CATALOGUE, action
from muster.lifecycle.desk.context import Context
from muster.records.governance.search import Candidate, Search
from muster.records.model import ModelVersion
from muster.records.people import Role
from muster.records.purpose import UseCase


@action("model train-candidate", roles=(Role.ML_ENGINEER,))
def take(context: Context, use_case: str, model: str, place: int = 1) -> ModelVersion:
    """Train a candidate of the newest search of a use case, as `model train` does with its recipe and rule.

    Parameters
    ----------
    use_case
        Id of a registered use case.
    model
        Name under which its versions are registered.
    place
        Which candidate: 1 is the best.
    """
    context.house.ledger.refresh()
    context.latest(UseCase, f"use-case:{use_case}")
    searches = context.history(Search, f"use-case:{use_case}")
    if not searches:
        msg = f"no search is recorded for use case {use_case!r}: `muster model search` makes one"
        raise LookupError(msg)
    search = searches[-1][1]
    chosen = _chosen(search, place)
    context.progress(f"candidate {place} of {len(search.candidates)}: {chosen.learner} on {chosen.feature_set}")
    # Stages do not import each other: what training is, the catalogue knows.
    train = CATALOGUE["model train"].function
    version: ModelVersion = train(context, use_case, model, search.training, chosen.recipe, chosen.decision)
    return version


def _chosen(search: Search, place: int) -> Candidate:
    if not 1 <= place <= len(search.candidates):
        msg = f"the newest search has the candidates 1 to {len(search.candidates)}, there is none at place {place}"
        raise LookupError(msg)
    return search.candidates[place - 1]
