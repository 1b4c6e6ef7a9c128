"""Dangerous commands: those that destroy, and those that run what they download. Known forms; no list is complete."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muster.guards.output.found import Found, matches

_ROOT = (
    r"""(?:--no-preserve-root\s+)?["']?(?:/(?:\*|bin|boot|dev|etc|home|lib|opt|root|sbin|sys|usr|var)?/?\*?"""
    r"""|~/?\*?|\$\{?HOME\}?/?\*?|[A-Za-z]:\\?\*?)["']?(?=\s|$|[;&|`)])"""
)
_SHELL = (
    r"(?:sudo\s+(?:-\w+\s+)*)?(?:env\s+)?(?:/\w+/)*(?:[bd]a|z|k|fi)?sh\b|(?:sudo\s+)?(?:python|perl|ruby|node)[\d.]*\b"
)
_FORMS = {
    "deletes everything": re.compile(
        rf"\brm\s+(?:-[\w-]+\s+)*-(?:\w*[rR]\w*|-recursive)\s+(?:-[\w-]+\s+)*(?:--\s+)?{_ROOT}"
        rf"|shutil\.rmtree\(\s*[\"'](?:/|~|C:\\+)[\"']|\b(?:del|rd|rmdir)\s+(?:/\w\s+)*/s\s+(?:/\w\s+)*[A-Za-z]:\\"
        rf"|Remove-Item\s+.*-Recurse.*\s[A-Za-z]:\\(?:\s|$)|\bfind\s+/\s+.*-delete\b",
        re.IGNORECASE,
    ),
    "overwrites a disk": re.compile(
        r"\bdd\s+[^\n;|]*\bof=/dev/(?:sd|hd|nvme|vd|mmcblk|disk)\w*|\bmkfs(?:\.\w+)?\s+[^\n;|]*/dev/\w+"
        r"|>\s*/dev/(?:sd|hd|nvme|vd)\w+|\bformat\s+[A-Za-z]:(?:\s|$)|\bwipefs\s+[^\n]*/dev/\w+",
        re.IGNORECASE,
    ),
    "runs what it downloads": re.compile(
        rf"\b(?:curl|wget|fetch)\b(?:\\\r?\n|[^\n;])*\|\s*(?:tee\s+\S+\s*\|\s*)?(?:{_SHELL})"
        rf"|(?:{_SHELL})\s+(?:-\w+\s+)*(?:<\(|[\"']?\$\(|[\"']?`)\s*(?:curl|wget)\b[^\n]*"
        r"|\b(?:iex|Invoke-Expression)\b[^\n]*(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod|DownloadString)[^\n]*"
        r"|(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod|DownloadString)\b[^\n]*\|\s*(?:iex|Invoke-Expression)\b"
        r"|\b(?:exec|eval)\s*\(\s*(?:requests\.get|urllib\.request\.urlopen|urlopen|httpx\.get)\s*\([^\n]*",
        re.IGNORECASE,
    ),
    "starts processes without end": re.compile(r":\s*\(\s*\)\s*\{\s*:\s*\|\s*:\s*&\s*\}\s*;\s*:"),
    "opens every file to everybody": re.compile(
        rf"\bch(?:mod\s+(?:-\w+\s+)*-\w*R\w*\s+(?:0?777|a\+rwx)|own\s+-\w*R\w*\s+\S+)\s+{_ROOT}"
    ),
}


def find(text: str) -> Iterator[Found]:
    """Yield commands that destroy or that run what nobody has seen."""
    return matches(_FORMS, text)
