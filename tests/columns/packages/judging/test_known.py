from __future__ import annotations

from muster.columns.packages.judging.known import Known
from muster.records.language.packages import Ecosystem


def test_names_are_known_in_any_spelling_and_in_the_ecosystem_that_they_name() -> None:
    known = Known(("Foo_Bar", "npm:@acme/ui"))
    assert known.has(Ecosystem.PYPI, "foo.bar")
    assert known.has(Ecosystem.NPM, "FOO_BAR")
    assert known.has(Ecosystem.NPM, "@Acme/UI")
    assert not known.has(Ecosystem.PYPI, "@acme/ui")
