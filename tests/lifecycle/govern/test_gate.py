from tests.adopting import adopt, unchanged
from tests.walk import Walked

from muster.records.codec import encode


def test_two_policies_for_one_use_case_decide_nothing(walked: Walked) -> None:
    adopt(walked, id="another")
    unchanged(
        walked,
        LookupError,
        r"2 policies cover it \(consumer-credit, another\)",
        "omar",
        "gate decide",
        version=walked.version,
    )


def test_asking_writes_nothing_and_deciding_writes_the_decision(walked: Walked) -> None:
    before = walked.house.ledger.refresh()
    asked = walked.do("mia", "gate ask", version=walked.version)
    assert walked.house.ledger.refresh() == before
    decided = walked.do("mia", "gate decide", version=walked.version)
    (written,) = walked.house.ledger.read(start=before)
    assert (written.entry.kind, written.entry.actor) == ("decision.made", "local:mia")
    assert written.entry.body == encode(decided)
    assert asked.verdict == decided.verdict == "allow"
    assert asked.reasons == decided.reasons
