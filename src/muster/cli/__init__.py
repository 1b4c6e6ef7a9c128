"""Command line: one of the doors. Commands are derived from the actions and views of ``lifecycle``.

Exit 0 = allowed or done, 1 = refused, 2 = could not tell.
"""
