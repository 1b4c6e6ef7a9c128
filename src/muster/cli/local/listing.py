"""All local commands: import this to have the registry filled."""

from __future__ import annotations

from muster.cli.local import demo, dossiers, entering, examples, keys, packages, processes, signing, trust
from muster.cli.local.audit import ledger, orders
from muster.cli.local.ceremony import draft, sign
from muster.cli.local.ci import gate
from muster.cli.local.language import clients, code
from muster.cli.local.policies import files as policies
from muster.cli.local.policies import sign as policy_sign
from muster.cli.local.registry import LOCAL
from muster.cli.local.review import delegating, emergency
from muster.cli.local.serving import scoring

MODULES = (
    processes,
    scoring,
    entering,
    keys,
    trust,
    draft,
    sign,
    policies,
    policy_sign,
    signing,
    delegating,
    emergency,
    orders,
    ledger,
    gate,
    dossiers,
    examples,
    demo,
    code,
    packages,
    clients,
)
"""The modules whose declarations fill the registry, in the order in which menus list them."""

__all__ = ["LOCAL", "MODULES"]
