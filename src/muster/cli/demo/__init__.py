"""The demo: two stories on real data, told by the same calls that users make."""
