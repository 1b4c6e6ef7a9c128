"""How far a window of data has moved from the reference that was frozen at release."""
