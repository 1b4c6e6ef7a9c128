"""Licences: notices that say under whose terms a piece of code stands, so that copied code is not taken for new."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muster.guards.output.found import Found, matches

_NOTICES = {
    "licence identifier": re.compile(r"SPDX-License-Identifier:\s*[\w.+() -]+"),
    "copyright notice": re.compile(
        r"(?:copyright\s+(?:\(c\)|©)|\(c\)\s+copyright|©\s*copyright|copyright|©)\s*,?\s*(?:19|20)\d\d[^\n]{0,120}",
        re.IGNORECASE,
    ),
    "licence notice": re.compile(
        r"(?:licen[sc]ed|distributed|released|redistribut\w+)\s+under\s+(?:the\s+)?(?:terms\s+of\s+)?(?:the\s+)?"
        r"(?:GNU|Apache|MIT|BSD|Mozilla|Eclipse|Creative Commons|GPL|LGPL|AGPL|MPL)[^\n]{0,120}"
        r"|permission is hereby granted, free of charge[^\n]{0,120}"
        r"|this program is free software[^\n]{0,120}"
        r"|GNU (?:Affero |Lesser )?General Public Licen[sc]e[^\n]{0,60}(?:version|v\.?)\s*\d",
        re.IGNORECASE,
    ),
}


def find(text: str) -> Iterator[Found]:
    """Yield notices of licence and copyright."""
    return matches(_NOTICES, text)
