from datetime import timedelta

import pytest
from tests.walk import Walked

from muster.lifecycle.desk.seen.findings import facts_about, finding_named, seen
from muster.records.codec import stamp


def test_a_finding_is_seen_with_its_steps_and_with_who_may_not_close_it(walked: Walked) -> None:
    walked.add("vera", "validator")
    asked = {"severity": "low", "title": "Old bills", "owner": "omar", "use_case": "consumer-credit"}
    walked.do("vera", "finding open", **asked, due=stamp(walked.clock() + timedelta(days=3)))
    context = walked.context()
    assert (seen(context, "F-1").state, seen(context, "f-1").is_open) == ("open", True)
    assert "mia" in facts_about(context, finding_named(context, "F-1")[1]).authors
    walked.do("omar", "finding answer", finding="F-1", words="soon")
    walked.do("vera", "finding close", finding="F-1", words="seen")
    found = seen(context, "F-1")
    assert (found.state, [recorded.entry.person for recorded, _ in found.steps]) == ("closed", ["omar", "vera"])
    with pytest.raises(LookupError, match="no finding 'F-2'"):
        seen(context, "F-2")
