"""What must be read at once, or is never seen again: new tokens, new houses, texts to be signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import rows, table
from muster.cli.render.registry import renders
from muster.lifecycle.access.actors import NewActor
from muster.lifecycle.access.lines import PROPOSED, ActorPage, RoleLine
from muster.lifecycle.access.tokens import NewToken
from muster.lifecycle.govern.drafting import ApprovalRequest
from muster.records.trust import Duty, KeyOffer
from muster.wiring.founding import NewHouse
from muster.wiring.keyring import NewKey


@renders(NewActor)
def render_actor(actor: NewActor, console: Console) -> None:
    """Show a new actor and the token, and what a second person must do."""
    console.print(rows({"actor": actor.id, "roles": actor.roles or "none in force yet"}))
    _token(actor.token, console, actor.expires_at)
    if actor.proposals:
        console.print()
        lines = (f"another person confirms the role: muster role confirm {proposal}" for proposal in actor.proposals)
        _next(console, *lines)


@renders(NewToken)
def render_token(made: NewToken, console: Console) -> None:
    """Show a new token and what it is good for."""
    good_for = "reading" if made.read_only else "all that its actor may"
    console.print(
        rows({"id": made.id, "actor": made.actor, "roles": made.roles or "all of its actor's", "for": good_for})
    )
    _token(made.token, console, made.expires_at)


@renders(ActorPage)
def render_page(page: ActorPage, console: Console) -> None:
    """Show an actor: what says something about them, then roles and tokens."""
    about = {"actor": page.id, "name": page.name, "state": page.state, "answered for by": page.responsible}
    about["answers for"] = ", ".join(page.accounts)
    console.print(rows({name: value for name, value in about.items() if value}))
    for title, lines in (("roles", page.roles), ("tokens", page.tokens)):
        console.print()
        console.print(title if lines else f"no {title}", style="bold")
        if lines:
            console.print(table(lines, console.width))


@renders(RoleLine)
def render_role(line: RoleLine, console: Console) -> None:
    """Show a role that was given or proposed, and what a second person must do."""
    about: dict[str, Any] = {
        "actor": line.actor,
        "role": line.role,
        "where": line.where,
        "state": line.state,
        "by": line.by,
    }
    if line.until is not None:
        about["until"] = line.until
    console.print(rows(about))
    if line.state == PROPOSED:
        console.print()
        _next(console, f"another person confirms it: muster role confirm {line.proposal}")


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
        f"let a second admin in, who confirms what you propose: muster actor add NAME --roles admin --as {house.admin}",
        f"let others in: muster actor add NAME --roles ROLE --as {house.admin}",
        "try it on open data: muster example consumer-credit",
        "run the control plane: muster up",
    )


@renders(NewKey)
def render_key(key: NewKey, console: Console) -> None:
    """Show the public half of a key, and how it comes to be trusted."""
    console.print(rows({"file": key.file, "duty": key.duty, "actor": key.actor, "id": key.id}))
    named = f" --actor {key.actor}" if key.actor else f" --duty {key.duty.value}"
    console.print()
    if key.duty is Duty.APPROVER:
        _next(
            console,
            f"hand in its public half: muster key offer {key.file}{named}",
            f"have somebody else let it count: muster trust enrol --offer {key.actor} --roles ROLES",
        )
        return
    _next(
        console,
        f"write down its public half: muster key show {key.file}{named} --json > public.json",
        "have it granted by those who hold root keys: muster trust draft --grant public.json --into next.json",
    )


@renders(KeyOffer)
def render_offer(offer: KeyOffer, console: Console) -> None:
    """Show a key that was handed in, and what makes it count."""
    console.print(rows({"actor": offer.actor, "house": offer.origin}))
    console.print(Text.assemble(("key  ", "bold"), offer.key.id), soft_wrap=True)
    console.print()
    _next(
        console,
        "read the key's id to whoever grants it, by telephone: another person than you",
        f"they let it count: muster trust enrol --offer {offer.actor} --roles ROLES",
    )


@renders(ApprovalRequest)
def render_request(request: ApprovalRequest, console: Console) -> None:
    """Show the text that an approver is asked to sign, with the digest of the statement."""
    console.print(Text(request.text))
    console.print()
    console.print(rows({"statement": request.digest}))


def _token(token: str, console: Console, ends: datetime | None = None) -> None:
    console.print()
    console.print(Text.assemble(("token  ", "bold"), (token, "cyan")), soft_wrap=True)
    end = f"; it ends on {ends:%Y-%m-%d}" if ends is not None else ""
    said = f"It is shown this once and kept nowhere: hand it over, to be set as MUSTER_TOKEN{end}."
    console.print(Text(said, "dim"), soft_wrap=True)


def _next(console: Console, *lines: str) -> None:
    console.print("What next:", style="bold")
    for line in lines:
        console.print(Text(f"  {line}"), soft_wrap=True)
