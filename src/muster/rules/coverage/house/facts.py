"""All facts that objectives may name, each with the function that works it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from muster.rules.coverage.house import deciding, recorded, serving
from muster.rules.coverage.house.known import Known, Shown

FACTS: Mapping[str, Callable[[Known], Shown]] = MappingProxyType(
    {
        function.__name__.replace("_", "-"): function
        for function in (
            deciding.registered,
            deciding.tiered,
            deciding.duties_separated,
            deciding.signed_off,
            deciding.waivers_sound,
            deciding.validated,
            deciding.evidence_young,
            recorded.valued,
            recorded.data_named,
            recorded.alternatives_sought,
            recorded.fair_in_production,
            recorded.windows_measured,
            recorded.files_admitted,
            recorded.made_here,
            recorded.provider_named,
            serving.released,
            serving.tried_beside,
            serving.inputs_guarded,
            serving.answers_guarded,
            serving.packages_guarded,
            serving.secrets_guarded,
            serving.ledger_proven,
        )
    }
)
"""By name, such as ``duties-separated``."""
