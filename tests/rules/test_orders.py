from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import NOW, ROOT, TICK, key, orders

from muster.adapters.signatures import verify
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.release import Orders
from muster.records.trust import Duty
from muster.rules.envelope import envelope_text, seal
from muster.rules.merkle import Tree, leaf_hash
from muster.rules.orders import SKEW, Growth, SeenOrders, accept_orders, furthest, read_growth

END = NOW + timedelta(hours=24)


def accept(text: str, seen: SeenOrders | None = None, **changes: Any) -> tuple[Orders, SeenOrders]:
    given_ = {"group": "default", "root": ROOT, "now": NOW, "growth": None, **changes}
    where, root, now, growth = (given_[name] for name in ("group", "root", "now", "growth"))
    return accept_orders(text, where, root, seen or SeenOrders(), verify, now, growth)


def grown(old: int, new: int) -> Growth:
    tree = Tree()
    tree.extend(leaf_hash(b"entry %d" % seq) for seq in range(new))
    return Growth(new, {str(old): tuple(step.hex() for step in tree.consistency(old, new))})


def refused(text: str, seen: SeenOrders | None = None, **changes: Any) -> str:
    with pytest.raises(PermissionError) as raised:
        accept(text, seen, **changes)
    return str(raised.value)


def test_orders_are_accepted_and_what_was_seen_is_kept() -> None:
    said, seen = accept(orders(3))

    assert (said.number, seen.number, seen.at, seen.ledger_size, seen.root_version) == (3, 3, NOW, 5, 1)


def test_the_same_orders_are_accepted_again() -> None:
    text = orders(3)
    _, seen = accept(text)

    assert accept(text, seen)[1] == seen


def test_older_orders_are_a_replay() -> None:
    _, seen = accept(orders(3))

    assert "replayed" in refused(orders(2), seen)


def test_one_number_with_two_contents_is_refused() -> None:
    _, seen = accept(orders(3))

    assert "two different orders" in refused(orders(3, revoked=("sha256:p",)), seen)


def test_orders_expire_to_the_microsecond() -> None:
    accept(orders(), now=END - TICK)

    assert "expired" in refused(orders(), now=END)


def test_setting_the_clock_back_does_not_bring_orders_back() -> None:
    text = orders()
    _, seen = accept(text, now=END - TICK)

    assert seen.at == END - TICK
    assert "expired" in refused(text, replace(seen, at=END), now=NOW)


def test_orders_from_the_future_are_refused_before_they_move_our_time() -> None:
    accept(orders(issued_at=NOW + SKEW))

    assert "in the future" in refused(orders(issued_at=NOW + SKEW + TICK))


def test_a_ledger_that_was_rolled_back_or_forked_is_refused() -> None:
    _, seen = accept(orders(3, entries=9))

    assert "rolled back or forked" in refused(orders(4, entries=8), seen)
    assert "rolled back or forked" in refused(orders(4, entries=9), replace(seen, ledger_root="00" * 32))
    assert accept(orders(4, entries=9), seen)[0].number == 4


def test_a_ledger_that_grew_must_be_shown_to_continue_the_one_seen() -> None:
    _, seen = accept(orders(3, entries=5))
    text = orders(4, entries=9)

    assert accept(text, seen, growth=grown(5, 9))[1].ledger_size == 9
    other = replace(seen, ledger_root="00" * 32)
    for growth in (None, grown(5, 8), grown(4, 9), Growth(9, {"5": ()}), Growth(9, {"5": ("zz",)})):
        assert "not shown to continue the one of 5" in refused(text, seen, growth=growth)
    assert "rolled back or forked" in refused(text, other, growth=grown(5, 9))


def test_a_revocation_that_was_seen_is_for_good() -> None:
    _, seen = accept(orders(3, revoked=("sha256:p", "sha256:q")))

    assert "no longer withdraw release sha256:q: a revocation is for good" in refused(
        orders(4, revoked=("sha256:p",)), seen
    )
    assert accept(orders(4, revoked=("sha256:p", "sha256:q", "sha256:r")), seen)[0].number == 4


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"paths":{"5":"x"},"size":9}'])
def test_a_growth_that_cannot_be_read_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_growth(content)


def test_orders_of_another_group_key_type_or_root_are_refused() -> None:
    pen = key(Duty.ORDERS.value)
    said, _ = accept(orders())
    other_type = envelope_text(seal("text/plain", canonical(encode(said)), [(pen.key, pen.sign)]))

    assert "'default'" in refused(orders(), group="canary")
    assert "trusted keys" in refused(orders(signed_with=Duty.RELEASE.value))
    assert "text/plain" in refused(other_type)
    assert "need trust root version 2" in refused(orders(root_version=2))
    assert "bank.example/other" in refused(orders(), root=replace(ROOT, origin="bank.example/other"))


def test_an_older_trust_root_is_refused_once_a_newer_one_was_seen() -> None:
    _, seen = accept(orders(3), root=replace(ROOT, version=2))

    assert "trust root version 1 is older" in refused(orders(4), seen)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"payload": "", "payloadType": "", "signatures": []}'])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    assert refused(text)


def test_signed_orders_without_sense_are_refused() -> None:
    pen = key(Duty.ORDERS.value)
    from muster.rules.orders import ORDERS_TYPE

    for payload in (b"", b"[]", b"{}", b"\xff"):
        assert "cannot be read" in refused(envelope_text(seal(ORDERS_TYPE, payload, [(pen.key, pen.sign)])))
    assert "cannot be read" in refused(orders(checkpoint="nonsense"))


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 9)), max_size=8))
def test_neither_number_nor_ledger_ever_go_back(offers: list[tuple[int, int]]) -> None:
    seen = SeenOrders()
    for number, entries in offers:
        try:
            growth = grown(seen.ledger_size, entries) if 0 < seen.ledger_size < entries else None
            _, after = accept(orders(number, entries=entries), seen, growth=growth)
        except PermissionError:
            continue
        assert (after.number, after.ledger_size, after.at) >= (seen.number, seen.ledger_size, seen.at)
        assert after.ledger_size >= seen.ledger_size
        seen = after


def test_two_processes_have_seen_what_either_has() -> None:
    early, late = NOW, NOW + timedelta(days=1)
    one = SeenOrders(5, late, 10, "aa", "five", 1)
    other = SeenOrders(6, early, 12, "bb", "six", 1)
    rooted = SeenOrders(5, early, 10, "aa", "five", 2)
    assert furthest(one, other) == furthest(other, one) == SeenOrders(6, late, 12, "bb", "six", 1)
    assert furthest(other, rooted) == SeenOrders(6, early, 12, "bb", "six", 2)
    assert furthest(one, SeenOrders()) == one
