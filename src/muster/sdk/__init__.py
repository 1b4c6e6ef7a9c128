"""Python in a notebook: one of the doors. The same actions and views, called as functions."""
