"""A policy that extends another: resolved when it is read, with the file and line of every field."""

from __future__ import annotations

import pytest

from muster.adapters.yamlfiles.document import Place
from muster.adapters.yamlfiles.policies import PolicyFile, lint, read_policy, read_policy_file
from muster.records.governance.terms import LapseAction
from muster.rules.gate.decide import record_digest

PARENT = """\
id: credit
environment: production
statement: It is fair.
applies_to: {domains: [consumer-credit]}
library: small
requirements:
  - control: fair
    limit: 0.8
  - control: useful
sign_offs:
  - role: risk-analyst
on_lapse:
  action: suspend
"""

CHILD = """\
id: credit-eu
extends: credit
applies_to: {jurisdictions: [EU]}
requirements:
  - control: fair
    limit: 0.9
  - control: explained
sign_offs:
  - role: executive
on_lapse:
  grace_hours: 4
"""

SISTER = "id: sister\nextends: credit\nrelease_life_days: 30\n"


def files(**texts: str) -> PolicyFile:
    """Read ``child`` among files of these names."""

    def find(name: str) -> tuple[str, str]:
        if name not in texts:
            msg = f"no {name} is here"
            raise LookupError(msg)
        return texts[name], f"{name}.yaml"

    return read_policy_file(texts["child"], "child.yaml", find=find)


def test_a_child_says_only_what_is_other() -> None:
    found = files(child=CHILD, credit=PARENT).policy
    assert (found.id, found.environment, found.library) == ("credit-eu", "production", "small")
    assert (found.applies_to.domains, found.applies_to.jurisdictions) == (("consumer-credit",), ("EU",))
    asked = [(each.control, each.limit) for each in found.requirements]
    assert asked == [("fair", 0.9), ("useful", None), ("explained", None)]
    assert [each.role.value for each in found.sign_offs] == ["risk-analyst", "executive"]
    assert found.on_lapse is not None
    assert (found.on_lapse.action, found.on_lapse.grace_hours) == (LapseAction.SUSPEND, 4.0)


def test_it_names_its_parent_by_digest() -> None:
    assert files(child=CHILD, credit=PARENT).policy.parents == (record_digest(read_policy(PARENT, "credit.yaml")),)


def test_every_field_has_the_file_and_line_where_it_was_said() -> None:
    document = files(child=CHILD, credit=PARENT).document
    assert document.place("policy.environment") == Place("credit.yaml", 2)
    assert document.place("policy.requirements[0].limit") == Place("child.yaml", 6)
    assert document.place("policy.requirements[1].control") == Place("credit.yaml", 9)
    assert document.place("policy.requirements[2].control") == Place("child.yaml", 7)
    assert document.place("policy.requirements[2].limit") == Place("child.yaml", 7)


def test_what_is_wrong_in_a_parent_is_said_of_the_parent() -> None:
    wrong = PARENT.replace("- control: useful", "- {control: useful, limit: x}")
    with pytest.raises(ValueError, match=r"^credit\.yaml, line 9: requirements\[1\]\.limit: expected float"):
        files(child="id: c\nextends: credit\n", credit=wrong)


def test_grandparents_count() -> None:
    found = files(child="id: c\nextends: middle\n", middle=CHILD, credit=PARENT).policy
    assert found.requirements[0].limit == 0.9
    assert found.environment == "production"


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"child": "id: a\nextends: child\n"}, "child.yaml and child.yaml extend each other in a circle"),
        (
            {"child": "id: a\nextends: other\n", "other": "id: b\nextends: child\n"},
            r"other.yaml, line 2: extends: other.yaml and child.yaml extend each other in a circle",
        ),
        ({"child": "id: a\nextends: other\n"}, "child.yaml, line 2: extends: no other is here"),
        ({"child": "extends: credit\n", "credit": PARENT}, "still needs an id of its own"),
        ({"child": "id: a\nextends: [1]\n"}, "name another policy file"),
        ({"child": "id: a\nextends: []\n"}, "name another policy file"),
        ({"child": "id: a\nextends: l\n", "l": "- a\n"}, "l.yaml holds no policy"),
        ({"child": PARENT + "parents: [a]\n"}, "worked out from extends; remove it"),
    ],
)
def test_what_cannot_be_resolved_names_the_files(texts: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        files(**texts)


def test_parents_that_disagree_leave_it_to_the_child() -> None:
    other = SISTER.replace("sister", "brother").replace("30", "60")
    both = "id: a\nextends: [sister, brother]\n"
    with pytest.raises(ValueError, match=r"sister.yaml and brother.yaml say different things of release_life_days"):
        files(child=both, sister=SISTER, brother=other, credit=PARENT)
    settled = files(child=both + "release_life_days: 45\n", sister=SISTER, brother=other, credit=PARENT).policy
    assert settled.release_life_days == 45
    assert len(settled.parents) == 2


def test_parents_that_disagree_about_one_limit_are_found() -> None:
    strict = "id: strict\nextends: credit\nrequirements: [{control: fair, limit: 0.95}]\n"
    both = "id: a\nextends: [credit, strict]\n"
    with pytest.raises(ValueError, match=r"say different things of requirements\.fair\.limit"):
        files(child=both, strict=strict, credit=PARENT)
    settled = files(child=both + "requirements: [{control: fair, limit: 0.9}]\n", strict=strict, credit=PARENT).policy
    assert settled.requirements[0].limit == 0.9


def test_one_file_alone_extends_nothing() -> None:
    with pytest.raises(ValueError, match="there is only this one file"):
        read_policy(CHILD, "child.yaml")


def test_lint_tells_everything_that_is_wrong() -> None:
    broken = PARENT.replace("environment: production", 'environment: ""')
    broken = broken.replace("action: suspend", "action: suspend\n  grace_hours: -1")
    assert lint(broken, "credit.yaml") == (
        "credit.yaml, line 2: environment: may not be empty",
        "credit.yaml, line 14: on_lapse.grace_hours: is -1: it must be 0 or more, and at most 876,000",
    )
    assert lint(PARENT, "credit.yaml") == ()
    assert "line 1: not YAML" in lint("[", "credit.yaml")[0]
