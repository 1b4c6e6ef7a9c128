"""How decisions change when inputs do: noise, gaps, extremes, slips of the keyboard and of units, and stress."""
