"""All local commands: import this to have the registry filled."""

from __future__ import annotations

from muster.cli.local import demo, dossiers, examples, keys, processes, signing, trust
from muster.cli.local.registry import LOCAL

MODULES = (processes, keys, trust, signing, dossiers, examples, demo)
"""The modules whose declarations fill the registry, in the order in which menus list them."""

__all__ = ["LOCAL", "MODULES"]
