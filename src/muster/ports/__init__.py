"""Ports: what muster needs from the world, as Protocols. At most twelve; adapters fill them, wiring binds them."""
