"""Who one is, who else is in, and what is handed over to come in."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import rows
from muster.cli.render.registry import renders
from muster.lifecycle.entrance.links import NewLink
from muster.lifecycle.entrance.sessions import Held, WhoIAm
from muster.wiring.entrance.terminal import SignedIn


@renders(WhoIAm)
def render_me(me: WhoIAm, console: Console) -> None:
    """Show who is asking."""
    held = "; ".join(_held(role) for role in me.roles) or "none: an admin grants them (muster role grant)"
    shown = {"actor": me.id, "roles": held}
    if me.responsible:
        shown["answers for it"] = me.responsible
    if me.read_only:
        shown["may"] = "only read"
    shown["came in by"] = f"session or token {me.session}" if me.session else "the files of the house (local mode)"
    console.print(rows({**shown, "in the ledger": me.actor}))


@renders(NewLink)
def render_link(link: NewLink, console: Console) -> None:
    """Show a one-time link."""
    console.print(rows({"actor": link.actor, "good until": f"{link.expires_at:%Y-%m-%d %H:%M} UTC"}))
    console.print()
    console.print(Text.assemble(("link  ", "bold"), (link.path, "cyan")), soft_wrap=True)
    words = (
        "It goes behind the address of the control plane. It is shown this once and works once: hand it over safely."
    )
    console.print(Text(words, "dim"))


@renders(SignedIn)
def render_signed_in(signed: SignedIn, console: Console) -> None:
    """Show where somebody signed in, and what that is good for."""
    console.print(rows({"control plane": signed.url, "actor": signed.actor, "token in": signed.file}))
    words = f"Good for {signed.hours:g} hours at most, and less if it is not used: muster whoami --url {signed.url}"
    console.print(Text(words, "dim"), soft_wrap=True)


def _held(role: Held) -> str:
    places = ", ".join((*role.use_cases, *role.business_units))
    return role.role.value if role.everywhere else f"{role.role.value} for {places}"
