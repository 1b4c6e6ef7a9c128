from __future__ import annotations

import pytest

from muster.records.access.alert import Severity, Suspicious


def test_a_suspicious_refusal_is_a_refusal_that_names_its_alert() -> None:
    with pytest.raises(PermissionError, match="replayed") as raised:
        raise Suspicious(*("orders were replayed", "orders-replayed"))
    assert raised.value.errno is None  # so that doors take it for one of ours, not of the file system
    assert isinstance(raised.value, Suspicious)
    assert (raised.value.what, raised.value.severity) == ("orders-replayed", Severity.CRITICAL)
