from muster.records.purpose import Value
from muster.rules.worth import UNSTATED, outcomes_in_words


def test_outcomes_are_told_with_their_currency_and_what_is_not_stated_is_no_zero() -> None:
    assert outcomes_in_words(None) == UNSTATED
    assert "0" not in UNSTATED
    said = outcomes_in_words(Value("EUR", 1000, -2, 0, -7000.5))
    assert said == "true positive 1,000, false positive -2, true negative 0, false negative -7,000.5 EUR"
    assert outcomes_in_words(Value("EUR", 0, 0, 0, 0, -1)).endswith("each call -1 EUR")
