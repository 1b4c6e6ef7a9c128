"""Inference log as Arrow IPC segments: each gateway process appends to its own, readers need nobody's leave."""
