"""Questionnaires: every question with what it takes for an answer, and which answers stand in the way."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import rows
from muster.cli.render.registry import renders
from muster.records.governance.reviews import AnswerType, Item, Questionnaire


@renders(Questionnaire)
def render(questionnaire: Questionnaire, console: Console) -> None:
    """Show a questionnaire, section by section."""
    shown = {
        "id": questionnaire.id,
        "statement": questionnaire.statement,
        "answered by": [role.value for role in questionnaire.answered_by],
        "good for": f"{questionnaire.life_days:g} days",
        "independent": "somebody who had no hand in the version" if questionnaire.independent else "",
        "notice": questionnaire.notice,
    }
    console.print(rows({name: value for name, value in shown.items() if value}))
    for section in questionnaire.sections:
        asked_by = f" ({', '.join(section.clauses)})" if section.clauses else ""
        console.print(Text(f"\n{section.title}{asked_by}", "bold"))
        for item in section.questions:
            console.print(Text(f"  {item.id}: {item.asks} [{_takes(item)}]"))


def _takes(item: Item) -> str:
    said = {AnswerType.YES_NO: "yes or no", AnswerType.CHOICE: ", ".join(item.choices)}.get(item.type, item.type.value)
    optional = "" if item.required else "; may be left empty"
    blocking = f"; {' or '.join(item.blocking)} stands in the way" if item.blocking else ""
    return f"{said}{optional}{blocking}"
