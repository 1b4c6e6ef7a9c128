"""Checks that break one law each: the kit must say which."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from muster.checks.declare import Check, check
from muster.checks.kit import assert_lawful, credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Measurement

counter = itertools.count()


def _figure(sample: Sample, value: float = 0.5, n: int | None = None) -> Measurement:
    return Measurement((Figure("share", value, sample.rows if n is None else n, 0.0, 1.0),), method="By hand.")


def _changing(sample: Sample) -> Measurement:
    sample.raw_scores[:] = 0.25
    return _figure(sample)


def _crashing(sample: Sample) -> Measurement:
    sample.scores  # noqa: B018 - raises where they are not sound
    return _figure(sample, 1 / len(sample.inputs))


BREAKING: dict[str, Callable[[Sample], Measurement]] = {
    "it could not measure the sample": lambda _: Measurement(()),
    "its method is empty": lambda sample: Measurement(_figure(sample).figures),
    "has n = 5000, and there are 2000 rows": lambda sample: _figure(sample, n=5000),
    "is 2.0, outside of 0.0 to 1.0": lambda sample: _figure(sample, 2.0),
    "the same sample gives other figures": lambda sample: _figure(sample, 1 / (2 + next(counter))),
    "in another order give other figures": lambda sample: _figure(sample, float(sample.raw_scores[:1].sum())),
    "it changes the sample": _changing,
    "with no inputs it raises ZeroDivisionError": _crashing,
}


@pytest.mark.parametrize("law", BREAKING)
def test_a_broken_law_is_named(law: str) -> None:
    @check("test.breaking", version=1)
    def breaking(sample: Sample, _: Mapping[str, Any]) -> Measurement:
        """Break a law."""
        return BREAKING[law](sample)

    with pytest.raises(AssertionError) as caught:
        assert_lawful(breaking)
    assert law in str(caught.value)


def _lawful(name: str, version: Any, **more: Any) -> Check:
    @check(name, version=version, **more)
    def lawful(sample: Sample, _: Mapping[str, Any]) -> Measurement:
        """Say a half."""
        return _figure(sample)

    return lawful


@pytest.mark.parametrize(
    ("declared", "law"),
    [
        (_lawful("plain", 1), "name 'plain'"),
        (_lawful("test.no-name", 1), "name 'test.no-name'"),
        (_lawful("test.version", 0), "version 0: a whole number that counts from 1"),
        (_lawful("test.silent", 1, parameters=("of",)), "says nothing of the parameter ``of``"),
        (_lawful("test.lax", 1, parameters=("of",)), "with parameter of of another type it measures all the same"),
    ],
)
def test_a_careless_declaration_is_named(declared: Check, law: str) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_lawful(declared)
    assert law in str(caught.value)


def test_a_lawful_check_gives_its_measurement() -> None:
    assert assert_lawful(_lawful("test.half", 3)).figures[0].value == 0.5


def test_order_may_matter_where_the_author_says_so() -> None:
    @check("test.ordered", version=1)
    def ordered(sample: Sample, _: Mapping[str, Any]) -> Measurement:
        """Take the first score."""
        return _figure(sample, float(sample.raw_scores[:1].sum()))

    assert assert_lawful(ordered, sample=credit_sample(50), order_free=False).figures[0].n == 50
