"""People: what the gate hears from those who sign, excuse and adopt."""
