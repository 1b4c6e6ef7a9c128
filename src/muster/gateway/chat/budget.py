"""Budget: how much each use case has asked for, held against what it may; kept in memory by each gateway."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from muster.records.language.hosted import Budget, HostedModel

MINUTE, DAY = 60.0, 86_400.0


class OverBudget(Exception):  # noqa: N818 - what became of a request, not a fault
    """A use case has asked for as much as it may; ``wait`` is in seconds."""

    def __init__(self, words: str, wait: float) -> None:
        super().__init__(words)
        self.wait = max(1.0, wait)


def shared(budget: Budget, share: float) -> Budget:
    """Return what one of several processes may use; no limit stays none, and a limit stays one."""
    if share == 1.0:
        return budget
    most = {name: getattr(budget, name) for name in ("requests_per_minute", "tokens_per_minute", "tokens_per_day")}
    numbers = {name: max(min(1, number), int(number * share)) for name, number in most.items()}
    return Budget(**numbers, money_per_day=budget.money_per_day * share)


@dataclass(slots=True)
class _Sum:
    """Amounts of the last ``span`` seconds."""

    span: float
    entries: deque[tuple[float, float]] = field(default_factory=deque)
    total: float = 0.0

    def add(self, now: float, amount: float) -> None:
        """Count an amount."""
        self.entries.append((now, amount))
        self.total += amount

    def at(self, now: float) -> float:
        """Return the sum at a moment."""
        while self.entries and self.entries[0][0] <= now - self.span:
            self.total -= self.entries.popleft()[1]
        return self.total if self.entries else 0.0

    def wait(self, now: float) -> float:
        """Return in how many seconds the oldest amount falls out."""
        return self.entries[0][0] + self.span - now if self.entries else 0.0


@dataclass(slots=True)
class Account:
    """What one use case has used.

    Parameters
    ----------
    budget
        What it may use.
    """

    budget: Budget
    requests: _Sum = field(default_factory=lambda: _Sum(MINUTE))
    minute_tokens: _Sum = field(default_factory=lambda: _Sum(MINUTE))
    day_tokens: _Sum = field(default_factory=lambda: _Sum(DAY))
    day_money: _Sum = field(default_factory=lambda: _Sum(DAY))

    def admit(self, now: float) -> None:
        """Count a request, or raise OverBudget with the time to wait; ``now`` runs on only, as ``time.monotonic``."""
        limits = (
            (self.requests, self.budget.requests_per_minute, "requests a minute"),
            (self.minute_tokens, self.budget.tokens_per_minute, "tokens a minute"),
            (self.day_tokens, self.budget.tokens_per_day, "tokens a day"),
            (self.day_money, self.budget.money_per_day, "of money a day"),
        )
        for used, most, what in limits:
            if most and used.at(now) >= most:
                msg = f"this use case may use {most:g} {what}, and has: ask again later, or its owner for more"
                raise OverBudget(msg, used.wait(now))
        self.requests.add(now, 1)

    def charge(self, now: float, model: HostedModel, input_tokens: int, output_tokens: int) -> float:
        """Count what an answer took; return what it cost, in the currency of the model's price."""
        self.minute_tokens.add(now, input_tokens + output_tokens)
        self.day_tokens.add(now, input_tokens + output_tokens)
        price = model.price
        if price is None:
            return 0.0
        cost = (input_tokens * price.input_per_million + output_tokens * price.output_per_million) / 1e6
        self.day_money.add(now, cost)
        return cost
