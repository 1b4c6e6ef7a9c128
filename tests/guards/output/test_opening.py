from __future__ import annotations

import pytest
from tests.columns.packages.lists import NOW, small

from muster.guards.output.opening import open_guards
from muster.records.language.answers import AnswerRules
from muster.records.language.packages import Action, PackageRules


def test_every_guard_is_off_until_the_rules_ask_for_it() -> None:
    assert open_guards(AnswerRules(), small(), NOW) == ()


def test_guards_stand_in_one_order() -> None:
    rules = AnswerRules(PackageRules(), Action.BLOCK, Action.REDACT, Action.ANNOTATE, Action.BLOCK)
    names = [guard.name for guard in open_guards(rules, small(), NOW)]
    assert names == ["secrets", "personal", "licences", "commands", "packages"]


def test_without_lists_nothing_is_answered_where_packages_are_guarded() -> None:
    with pytest.raises(PermissionError, match="no list of names"):
        open_guards(AnswerRules(PackageRules()), None, NOW)
    assert len(open_guards(AnswerRules(secrets=Action.BLOCK), None, NOW)) == 1
