"""Who may act: what entries about actors, roles and tokens add up to, and which of them count."""
