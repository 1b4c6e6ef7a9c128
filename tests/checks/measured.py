from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome


def figures_of(check: str, sample: Sample, **parameters: object) -> dict[tuple[str, str], Figure]:
    """Measure what must be measurable, and return each figure by its name and group."""
    found = measure(check, sample, parameters)
    assert found.outcome is Outcome.MEASURED, found.reason
    return {(figure.name, figure.group): figure for figure in found.figures}
