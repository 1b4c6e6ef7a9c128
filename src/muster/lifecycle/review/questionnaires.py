"""Questionnaires: adopted as data, answered by people about a version; answers are evidence with author and expiry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from muster.lifecycle.desk.action import Download, action, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.reach.cover import require_one_for
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.review.words import read, sealed
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.decision import Question
from muster.records.entry import person_of
from muster.records.evidence import ATTESTED, Evidence, Outcome
from muster.records.governance.reviews import Answers, AnswerType, Questionnaire
from muster.records.model import ModelVersion
from muster.records.people import Role
from muster.rules.gate.facts import gather
from muster.rules.reviews.questionnaires import faults, figures, read_answers

ANSWERERS = (Role.OWNER, Role.VALIDATOR, Role.RISK_ANALYST, Role.EXECUTIVE, Role.OPERATOR, Role.ML_ENGINEER)


@dataclass(frozen=True, slots=True)
class QuestionnaireLine:
    """A questionnaire in force."""

    id: str
    statement: str
    questions: int
    answered_by: tuple[str, ...]
    life_days: float
    independent: bool
    check: str
    """Check that controls name to ask for its answers, on samples of the role ``attested``."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody answered about a version."""

    questionnaire: str
    version: str
    author: str
    at: datetime
    valid_until: datetime
    state: str
    """``good``, ``expired``, or ``replaced`` by newer answers."""
    blocking_answers: tuple[str, ...]
    answers: Mapping[str, Any]


@action("questionnaire adopt", roles=(Role.RISK_ANALYST, Role.VALIDATOR))
def adopt(context: Context, questionnaire: Questionnaire) -> QuestionnaireLine:
    """Adopt a questionnaire; it replaces the earlier one of the same id. Muster ships three (`muster example`).

    Parameters
    ----------
    questionnaire
        Its sections and questions, who may answer, and how long answers hold.
    """
    if fault := next(faults(questionnaire), None):
        msg = f"questionnaire {questionnaire.id!r}: {fault[0]}: {fault[1]}"
        raise ValueError(msg)
    context.record(questionnaire)
    return _line(questionnaire)


@view("questionnaire list")
def listed(context: Context) -> tuple[QuestionnaireLine, ...]:
    """List the questionnaires in force."""
    context.house.ledger.refresh()
    return tuple(_line(each) for each in {each.id: each for _, each in context.history(Questionnaire)}.values())


@view("questionnaire show")
def show(context: Context, questionnaire: str) -> Questionnaire:
    """Show a questionnaire with all its questions.

    Parameters
    ----------
    questionnaire
        Its id, such as impact-assessment.
    """
    context.house.ledger.refresh()
    return context.latest(Questionnaire, f"questionnaire:{questionnaire}")


@view("questionnaire form")
def form(context: Context, questionnaire: str) -> Download:
    """Return a file to be filled in: every question, with what it takes for an answer.

    Parameters
    ----------
    questionnaire
        Its id, such as impact-assessment.
    """
    found = show(context, questionnaire)
    lines = [f"# {found.statement}", f"# Then: muster questionnaire answer {found.id} VERSION THIS-FILE", ""]
    for section in found.sections:
        lines.append(f"# {section.title}")
        for item in section.questions:
            takes = {AnswerType.YES_NO: "true or false", AnswerType.CHOICE: " or ".join(item.choices)}
            more = "" if item.required else "; may be left empty"
            lines += [f"# {item.asks} ({takes.get(item.type, item.type.value)}{more})", f"{item.id}:", ""]
    return Download(f"{found.id}.answers.yaml", "\n".join(lines).encode(), "application/yaml")


@action("questionnaire answer", roles=ANSWERERS)
def answer(context: Context, questionnaire: str, version: str, answers: Mapping[str, Any]) -> Answered:
    """Answer a questionnaire about a version; the answers are evidence that policies can ask for.

    Parameters
    ----------
    questionnaire
        Its id, such as impact-assessment.
    answers
        By question; `muster questionnaire form` writes a file to fill in. What is said in words is sealed, so that it
        can be erased.

    Raises
    ------
    PermissionError
        If it is for people of other roles to answer; for service accounts it never is. If it wants somebody who had no
        hand in the version, and you had.
    ValueError
        With every answer that is missing or does not fit.
    """
    basis = context.basis()
    template = context.latest(Questionnaire, f"questionnaire:{questionnaire}")
    found = find_version(context, version)
    _require_may_answer(context, template, found)
    plain, words = read_answers(template, answers)
    now = context.house.clock()
    name = digest(canonical(encode(template)))
    kept = {question: sealed(context, said) for question, said in words.items()}
    given = Answers(found.digest, template.id, name, plain, now + timedelta(days=template.life_days), kept)
    evidence = Evidence(
        version=found.digest,
        check=_check(template),
        check_version=1,
        parameters={},
        sample=digest(canonical(encode(given))),
        sample_name=template.id,
        sample_role=ATTESTED,
        figures=figures(template, plain, words),
        outcome=Outcome.MEASURED,
        method=f"Answers of {person_of(context.identity.actor)} to the questionnaire {template.id} ({name[:19]}).",
        valid_until=given.valid_until,
        independent=template.independent,
    )
    context.record(given, evidence, expect=basis)
    return answered(context, found.digest)[-1]


@view("questionnaire answers", roles=(*ANSWERERS, Role.AUDITOR, Role.ADMIN))
def answered(context: Context, version: str) -> tuple[Answered, ...]:
    """Show what was answered about a version, by whom and until when it holds, oldest first.

    Parameters
    ----------
    version
        Digest of the model version, or its beginning.
    """
    context.house.ledger.refresh()
    found = find_version(context, version)
    history = context.history(Answers, f"version:{found.digest}")
    noted = {each.sample: each for _, each in context.history(Evidence, f"version:{found.digest}")}
    newest = {given.questionnaire: recorded.seq for recorded, given in history}
    lines = []
    for recorded, given in history:
        state = "good" if context.house.clock() < given.valid_until else "expired"
        state = state if newest[given.questionnaire] == recorded.seq else "replaced"
        evidence = noted.get(digest(canonical(encode(given))))
        notes = [figure.note for figure in evidence.figures if figure.name == "blocking_answers"] if evidence else []
        blocking = tuple(name for note in notes for name in note.split(", ") if name)
        said = {**given.answers, **{name: read(context, kept) for name, kept in given.words.items()}}
        author = recorded.entry.person
        lines.append(
            Answered(
                given.questionnaire, found.digest, author, recorded.entry.at, given.valid_until, state, blocking, said
            )
        )
    return tuple(lines)


def _require_may_answer(context: Context, template: Questionnaire, version: ModelVersion) -> None:
    identity = context.identity
    if identity.responsible:
        msg = f"{identity.id} is a service account: a person answers {template.id}"
        raise PermissionError(msg)
    _require_role(context, template, version.use_case)
    ledger, root, verify = context.house.ledger, current_root(context), context.house.verify
    about = [*ledger.read(subject=version.subject), *ledger.read(subject=f"run:{version.run}")]
    made = gather(Question(version.digest, version.use_case, ""), about, root, verify)
    if template.independent and identity.id in made.authors:
        msg = f"{identity.id} is an author of version {version.digest}: {template.id} is for somebody else"
        raise PermissionError(msg)


def _require_role(context: Context, template: Questionnaire, use_case: str) -> None:
    """Refuse whoever holds none of the roles that answer, or only where the use case is not."""
    identity = context.identity
    if not (held := sorted(set(template.answered_by) & identity.roles)):
        roles = " or ".join(role.value for role in template.answered_by)
        msg = f"{template.id} is for a {roles} to answer; {identity.id} holds {', '.join(sorted(identity.roles))}"
        raise PermissionError(msg)
    require_one_for(context, held, use_case)


def _check(template: Questionnaire) -> str:
    return f"{ATTESTED}.{template.id}"


def _line(each: Questionnaire) -> QuestionnaireLine:
    roles = tuple(role.value for role in each.answered_by)
    return QuestionnaireLine(
        each.id, each.statement, len(each.questions), roles, each.life_days, each.independent, _check(each)
    )
