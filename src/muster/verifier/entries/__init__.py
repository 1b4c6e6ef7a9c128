"""What is proven entry by entry: sign-offs, decisions, releases, orders, attestations, sealed words."""
