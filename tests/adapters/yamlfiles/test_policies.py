from collections.abc import Callable
from typing import Any

import pytest
import yaml

from muster.adapters.assets import asset
from muster.adapters.yamlfiles.policies import read_library, read_policy
from muster.records.governance.clauses import Confidence
from muster.records.people import Role
from muster.records.policy import Comparison, Meets

POLICY = """\
id: credit
environment: production
statement: It is fair.
applies_to: {domains: [consumer-credit]}
library: small
requirements:
  - control: fair
    limit: 0.9
  - control: fair
    sample_role: window
sign_offs:
  - role: risk-analyst
"""

LIBRARY = """\
name: small
controls:
  - id: fair
    statement: Groups are treated alike.
    check: fairness.impact_ratio
    parameters: {attribute: AGE}
    limit: {figure: impact_ratio, comparison: at-least, value: 0.8, meets: interval, minimum_n: 30}
    clauses: [RULE 1]
clauses:
  - {id: RULE 1, summary: Be fair., source: a book, status: voluntary, confidence: unverified}
"""


def test_a_policy_reads() -> None:
    policy = read_policy(POLICY, "credit.yaml", read_library(LIBRARY, "small.yaml"))
    assert policy.sign_offs[0].role is Role.RISK_ANALYST
    assert [(wanted.control, wanted.limit, wanted.sample_role) for wanted in policy.requirements] == [
        ("fair", 0.9, "held-out"),
        ("fair", None, "window"),
    ]


def test_a_library_reads() -> None:
    library = read_library(LIBRARY, "small.yaml")
    control = library.control("fair")
    assert control is not None
    assert (control.limit.comparison, control.limit.meets) == (Comparison.AT_LEAST, Meets.INTERVAL)
    assert library.clauses[0].confidence is Confidence.UNVERIFIED


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("limit: 0.9", "limit: high", "credit.yaml, line 8: requirements[0].limit: expected float, got 'high'"),
        ("role: risk-analyst", "role: riskanalyst", "line 12: sign_offs[0].role: 'riskanalyst' is none of ml-engineer"),
        ("statement: It is fair.\n", "", "line 1: missing statement"),
        ("environment:", "enviroment:", "line 1: missing environment"),
        ("limit: 0.9", "limt: 0.9", "line 8: requirements[0].limt: unknown field limt; known are control, limit"),
        ("limit: 0.9", "limt: 0.9", "did you mean limit?"),
        (
            "control: fair\n    limit",
            "control: fare\n    limit",
            "line 7: requirements[0].control: library small has no control 'fare'; did you mean fair?",
        ),
        ("control: fair\n    limit", "control: zzz\n    limit", "known are fair"),
        ("library: small", "library: large", "line 5: library: the controls are to come from 'large'"),
        ("    sample_role: window\n", "", "line 9: requirements[1]: fair on held-out samples stands 2 times"),
        ("id: credit", 'id: " "', "line 1: id: may not be empty"),
        (
            "  - role: risk-analyst",
            "  - role: risk-analyst\n    count: 0",
            "line 13: sign_offs[0].count: at least one person",
        ),
        (
            "  - role: risk-analyst",
            "  - role: owner\n  - role: owner",
            "line 13: sign_offs[1]: the sign-off of role owner stands 2 times",
        ),
        ("id: credit", "id: credit\nrelease_life_days: 0", "line 2: release_life_days: must be more than 0"),
        ("id: credit", "id: credit\nunknown_category: guess", "line 2: unknown_category: 'guess' is neither"),
        ("id: credit", "id: credit\noutside_range: guess", "line 2: outside_range: 'guess' is neither"),
        ("id: credit", "id: credit\noriginals: guess", "line 2: originals: 'guess' is neither"),
        (
            "domains: [consumer-credit]",
            "domains: consumer-credit",
            "line 4: applies_to.domains: expected a list, got str",
        ),
    ],
)
def test_a_broken_policy_says_where_and_what_next(old: str, new: str, fault: str) -> None:
    assert old in POLICY
    with pytest.raises(ValueError, match=r"^credit\.yaml") as refused:
        read_policy(POLICY.replace(old, new, 1), "credit.yaml", read_library(LIBRARY, "small.yaml"))
    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("unknown: redact", "unkown: redact", "actions.unkown: no verdict is called 'unkown'; did you mean unknown?"),
        ("unknown: redact", "unknown: drop", "actions.unknown: 'drop' is none of block, redact, annotate, allow"),
        ("popular: 5000", "popular: -1", "answers.packages.popular: may not be negative"),
        ("minimum_age_days", "minimum_age_day", "unknown field minimum_age_day;"),
        ("secrets: redact", "secrets: hide", "answers.secrets: 'hide' is none of"),
        ("requests_per_minute: 600", "requests_per_minute: -6", "budget.requests_per_minute: may not be negative"),
        ("maximum_age_days: 2", "maximum_age_days: 0", "requirements[1].maximum_age_days: must be more than 0"),
    ],
)
def test_what_a_policy_says_of_answers_is_checked_by_line_and_field(old: str, new: str, fault: str) -> None:
    text = asset("policies/code-generation.yaml").decode()
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(ValueError, match=f"^code.yaml, line {line}: ") as told:
        read_policy(text.replace(old, new, 1), "code.yaml")
    assert fault in str(told.value)


def test_a_policy_that_demands_nothing_is_refused() -> None:
    document = yaml.safe_load(POLICY) | {"requirements": []}
    with pytest.raises(ValueError, match="a policy that demands nothing allows nothing"):
        read_policy(yaml.safe_dump(document), "credit.yaml")


def test_a_list_is_no_policy() -> None:
    with pytest.raises(ValueError, match=r"credit\.yaml, line 1: expected an object, got list"):
        read_policy("- a\n", "credit.yaml")


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no controls": (lambda it: it["controls"].clear(), "has no controls"),
    "twice": (lambda it: it["controls"].append(it["controls"][0]), "control fair stands 2 times"),
    "clause": (
        lambda it: it["controls"][0].update(clauses=["RULE 2"]),
        "does not describe clause 'RULE 2'; did you mean RULE 1?",
    ),
    "far clause": (lambda it: it["controls"][0].update(clauses=["X"]), "add it under clauses"),
    "equal interval": (lambda it: it["controls"][0]["limit"].update(comparison="equals"), "write meets: point"),
    "negative n": (lambda it: it["controls"][0]["limit"].update(minimum_n=-1), "minimum_n may not be negative"),
    "no figure": (lambda it: it["controls"][0]["limit"].update(figure=""), "names no figure"),
    "no check": (lambda it: it["controls"][0].update(check=""), "controls[0].check: may not be empty"),
    "no name": (lambda it: it.update(name=""), "name: may not be empty"),
    "limit as text": (
        lambda it: it["controls"][0]["limit"].update(value="0.8"),
        "controls[0].limit.value: expected float",
    ),
    "limit not finite": (
        lambda it: it["controls"][0]["limit"].update(value=float("inf")),
        "limit.value: expected float, got '.inf'",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_broken_library_says_where_and_what_next(change: str) -> None:
    document = yaml.safe_load(LIBRARY)
    edit, fault = CHANGES[change]
    edit(document)
    text = yaml.dump(document, Dumper=_plain(), sort_keys=False)
    with pytest.raises(ValueError, match=r"^small\.yaml") as refused:
        read_library(text, "small.yaml")
    assert fault in str(refused.value)


def _plain() -> type[yaml.SafeDumper]:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, _data: object) -> bool:
            return True

    return Plain
