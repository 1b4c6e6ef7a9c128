import pyarrow as pa

from muster.checks.kit import assert_lawful
from muster.checks.language.answer_profile import answer_profile
from muster.columns.sample import UNDECIDED, Sample
from muster.records.evidence import Outcome


def sample(changed: list[bool]) -> Sample:
    table = pa.table(
        {
            "prompt": [str(place) for place in range(len(changed))],
            "changed_text": pa.array([True] * len(changed), pa.bool_()),
            "changed_profile": pa.array(changed, pa.bool_()),
        }
    )
    return Sample.of(table, [0.0] * len(changed), UNDECIDED, name="canaries", digest="sha256:0", role="canary")


def test_the_share_of_changed_canaries_has_its_interval() -> None:
    profile, text = assert_lawful(answer_profile, {}, sample([True] * 3 + [False] * 9)).figures
    assert (profile.name, profile.value, profile.n) == ("changed_profile", 0.25, 12)
    assert (text.name, text.value) == ("changed_text", 1.0)


def test_no_canaries_tell_nothing() -> None:
    assert answer_profile.measure(sample([]), {}).outcome is Outcome.NOT_MEASURED
