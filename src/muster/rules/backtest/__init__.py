"""Backtest: what another policy would have said, of everything that is here and of everything that was released."""
