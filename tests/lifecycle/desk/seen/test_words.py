from datetime import timedelta

from tests.walk import Walked

from muster.lifecycle.desk.seen.words import reviewed
from muster.records.codec import stamp


def test_all_that_reviewers_wrote_is_named_by_the_entry_that_holds_it(walked: Walked) -> None:
    walked.add("vera", "validator")
    assert not list(reviewed(walked.context()))
    asked = {"severity": "low", "title": "Old bills", "owner": "omar", "use_case": "consumer-credit", "words": "April"}
    walked.do("vera", "finding open", **asked, due=stamp(walked.clock() + timedelta(days=3)))
    walked.do("omar", "finding answer", finding="F-1", words="soon")
    found = list(reviewed(walked.context()))
    assert [recorded.entry.kind for recorded, _ in found] == ["finding.opened", "finding.answered"]
    assert all(walked.house.vault.open(name) for _, name in found)
