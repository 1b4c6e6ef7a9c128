"""Search: what is made of the candidates of a search, by rule."""
