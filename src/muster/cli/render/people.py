"""What must be read at once: a new token, a text to be signed."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import rows
from muster.cli.show import renders
from muster.lifecycle.desk.people import NewActor


@renders(NewActor)
def render(actor: NewActor, console: Console) -> None:
    """Show a new actor and the token."""
    console.print(rows({"actor": actor.id, "roles": actor.roles}))
    console.print()
    console.print(Text("token", "bold"), Text(actor.token, "cyan"), soft_wrap=True)
    console.print(Text("It is shown this once and kept nowhere: hand it over, to be set as MUSTER_TOKEN.", "dim"))
