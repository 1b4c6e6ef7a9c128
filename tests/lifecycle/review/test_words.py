from tests.walk import Walked

from muster.lifecycle.review.words import ERASED, read, sealed


def test_words_are_read_until_they_are_erased(walked: Walked) -> None:
    context = walked.context("ana")
    assert sealed(context, " ") == ""
    assert read(context, "") == ""
    name = sealed(context, "as seen")
    assert read(context, name) == "as seen"
    walked.do("admin", "personal-data erase", data_subject="actor:ana", reason="asked for")
    assert read(context, name) == ERASED
