import pytest

from muster.columns.replies.profiles import compared, profile_of


def test_blanks_make_no_difference_and_words_do() -> None:
    first = profile_of("import  numpy\n", 3, ["pypi:numpy"])
    assert first == profile_of("\nimport numpy", 3, ["pypi:numpy", "pypi:numpy"])
    assert first.text != profile_of("import pandas", 3, ["pypi:pandas"]).text


def test_an_answer_in_other_words_is_alike_while_packages_and_length_are() -> None:
    first = profile_of("a" * 100, 9, ["pypi:numpy"])
    assert first.alike(profile_of("b" * 120, 9, ["pypi:numpy"]))
    assert not first.alike(profile_of("b" * 130, 9, ["pypi:numpy"]))
    assert not first.alike(profile_of("b" * 100, 9, ["pypi:pandas"]))
    assert not profile_of("", 0, []).alike(profile_of("said something", 2, []))


def test_a_prompt_has_changed_if_no_answer_is_like_one_of_the_first() -> None:
    same, other, longer = profile_of("yes it is", 1, []), profile_of("yes it was", 1, []), profile_of("no" * 99, 9, [])
    before = {"a": [same], "b": [same, other], "c": [same]}
    table = compared(before, {"a": [other], "b": [longer, other], "c": [longer]}).to_pylist()
    assert [(row["changed_text"], row["changed_profile"]) for row in table] == [
        (True, False),
        (False, False),
        (True, True),
    ]


def test_other_prompts_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="choose them again"):
        compared({"a": []}, {"b": []})
