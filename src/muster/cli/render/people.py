"""What must be read at once, or is never seen again: new tokens, new houses, texts to be signed."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import rows
from muster.cli.render.registry import renders
from muster.lifecycle.access.actors import NewActor
from muster.lifecycle.govern import ApprovalRequest
from muster.wiring.founding import NewHouse
from muster.wiring.keyring import NewKey


@renders(NewActor)
def render_actor(actor: NewActor, console: Console) -> None:
    """Show a new actor and the token."""
    console.print(rows({"actor": actor.id, "roles": actor.roles}))
    _token(actor.token, console)


@renders(NewHouse)
def render_house(house: NewHouse, console: Console) -> None:
    """Show what a new house is, what to keep of it, and what to do first."""
    console.print(rows({"house": house.home, "ledger": house.origin, "admin": house.admin}))
    console.print()
    # Whole on one line, however narrow the screen: it is copied from here.
    console.print(Text.assemble(("trust root  ", "bold"), house.root), soft_wrap=True)
    _token(house.token, console)
    console.print()
    _next(
        console,
        "keep the fingerprint of the trust root elsewhere",
        f"move {house.home}/keys/root.pem to a machine without a network",
        f"let people in: muster actor add NAME --roles ROLE --as {house.admin}",
        "try it on open data: muster example consumer-credit",
        "run the control plane: muster up",
    )


@renders(NewKey)
def render_key(key: NewKey, console: Console) -> None:
    """Show the public half of a key, and how it comes to be trusted."""
    console.print(rows({"file": key.file, "duty": key.duty, "actor": key.actor, "id": key.id}))
    named = f" --actor {key.actor}" if key.actor else f" --duty {key.duty.value}"
    console.print()
    _next(
        console,
        f"write down its public half: muster key show {key.file}{named} --json > public.json",
        f"have it granted where the root key is: muster trust enrol public.json{' --roles ROLES' if key.actor else ''}",
    )


@renders(ApprovalRequest)
def render_request(request: ApprovalRequest, console: Console) -> None:
    """Show the text that an approver is asked to sign, with the digest of the statement."""
    console.print(Text(request.text))
    console.print()
    console.print(rows({"statement": request.digest}))


def _token(token: str, console: Console) -> None:
    console.print()
    console.print(Text.assemble(("token  ", "bold"), (token, "cyan")), soft_wrap=True)
    console.print(Text("It is shown this once and kept nowhere: hand it over, to be set as MUSTER_TOKEN.", "dim"))


def _next(console: Console, *lines: str) -> None:
    console.print("What next:", style="bold")
    for line in lines:
        console.print(Text(f"  {line}"), soft_wrap=True)
