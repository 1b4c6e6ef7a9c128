"""The desk: how an action is declared, who may ask for it, and how what it did is recorded."""
