import pytest

from muster.gateway.chat.budget import Account, OverBudget, shared
from muster.records.language.hosted import Budget, HostedModel, Price

MODEL = HostedModel("p", "http://127.0.0.1/v1", "m", price=Price("EUR", 10.0, 20.0))


def test_without_limits_everything_is_admitted() -> None:
    account = Account(Budget())
    for now in range(1000):
        account.admit(float(now))


def test_requests_come_back_after_a_minute() -> None:
    account = Account(Budget(requests_per_minute=2))
    account.admit(0.0)
    account.admit(30.0)
    with pytest.raises(OverBudget, match="2 requests a minute") as over:
        account.admit(40.0)
    assert over.value.wait == pytest.approx(20.0)
    account.admit(60.0)
    with pytest.raises(OverBudget):
        account.admit(61.0)


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(tokens_per_minute=100), "100 tokens a minute"),
        (Budget(tokens_per_day=100), "100 tokens a day"),
        (Budget(money_per_day=0.0015), "of money a day"),
    ],
)
def test_what_was_used_counts_and_falls_out_again(budget: Budget, words: str) -> None:
    account = Account(budget)
    account.admit(0.0)
    assert account.charge(1.0, MODEL, 50, 60) == pytest.approx(0.0017)
    with pytest.raises(OverBudget, match=words):
        account.admit(2.0)
    account.admit(86_402.0)


def test_a_model_without_a_price_costs_nothing() -> None:
    free = HostedModel("p", "http://127.0.0.1/v1", "m")
    assert Account(Budget(money_per_day=1)).charge(0.0, free, 10**9, 10**9) == 0.0


def test_several_processes_share_a_budget_and_no_limit_stays_none() -> None:
    budget = Budget(requests_per_minute=10, tokens_per_minute=1, money_per_day=2.0)
    assert shared(budget, 1.0) is budget
    assert shared(budget, 0.25) == Budget(requests_per_minute=2, tokens_per_minute=1, money_per_day=0.5)
