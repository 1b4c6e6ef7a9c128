"""Serve: released versions are deployed, and gateways are told by signed, numbered orders."""
