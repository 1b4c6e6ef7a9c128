"""People: what the gate makes of sign-offs and waivers."""
