"""Opening: the guards of answers that a policy asks for, in the order in which they look."""

from __future__ import annotations

from datetime import datetime

from muster.columns.packages.names import Lists
from muster.guards.output import commands, licences, personal, secrets
from muster.guards.output.scan import Scan
from muster.guards.packages.guard import Packages
from muster.guards.stream import StreamGuard
from muster.records.language.answers import AnswerRules


def open_guards(rules: AnswerRules, lists: Lists | None, now: datetime, *, path: str = "") -> tuple[StreamGuard, ...]:
    """Open the guards of one answer, or of one of its choices; what one releases is fed to the next.

    Secrets and personal data go first, so that nothing later repeats them. A guard that the rules leave at None is off.

    Raises
    ------
    PermissionError
        If the rules ask for the package guard and there are no lists: nothing is answered unguarded.
    """
    finders = (
        ("secrets", secrets.find, rules.secrets),
        ("personal", personal.find, rules.personal),
        ("licences", licences.find, rules.licences),
        ("commands", commands.find, rules.commands),
    )
    guards: list[StreamGuard] = [Scan(name, find, action) for name, find, action in finders if action is not None]
    if rules.packages is not None:
        if lists is None:
            msg = "the rules ask for the package guard, but no list of names is open: run `muster packages sync`"
            raise PermissionError(msg)
        guards.append(Packages.open(rules.packages, lists, now, path=path))
    return tuple(guards)
