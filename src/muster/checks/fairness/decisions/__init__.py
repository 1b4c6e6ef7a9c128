"""How decisions differ between groups: disparity, odds, significance, and tables that a law asks for."""
