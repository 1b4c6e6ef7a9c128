"""Govern: the gate is asked, people sign off or reject, lend their roles, and grant waivers."""
