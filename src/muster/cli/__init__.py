"""Command line: one of the doors. Commands are derived from the actions and views of ``lifecycle``; exit 0 allowed, 1 refused, 2 could not tell."""
