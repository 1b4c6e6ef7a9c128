"""Laws to come, whatever day it is: the days of the shipped library, moved to lie ahead of the clock."""

import json
from datetime import timedelta

from tests.walk import Walked

from muster.records.codec import encode


def ahead(walked: Walked) -> tuple[str, str]:
    """Adopt the library with its days to come moved; return the day of Colorado and that of the EU's high-risk law."""
    near, far = (f"{walked.clock() + timedelta(days=days):%Y-%m-%d}" for days in (40, 380))
    text = json.dumps(encode(walked.do("mia", "library show")))
    for old, new in (("2026-12-02", near), ("2027-01-01", near), ("2027-12-02", far)):
        text = text.replace(f'"{old}"', f'"{new}"')
    for other in ("2027-05-01", "2027-12-11"):
        text = text.replace(f'"{other}"', f'"{far}"')
    walked.do("ana", "library adopt", library=json.loads(text))
    return near, far
