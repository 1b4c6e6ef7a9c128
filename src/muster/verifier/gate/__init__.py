"""The rules of the gate once more, written apart from muster.rules: its tests hold both against the same facts."""
