"""Wiring: one file a process (control plane, gateway, worker, client). The only floor that binds adapters to ports."""
