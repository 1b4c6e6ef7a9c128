from __future__ import annotations

from tests.entered import entered

__all__ = ["entered"]
