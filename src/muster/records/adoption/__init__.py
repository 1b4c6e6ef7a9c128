"""How policies come into force."""
