"""Ceremonies of the trust root, at the command line: drafted, read, signed by several people."""
