"""Operations: what a gateway tells those who run it: health, figures, lines, traces; and several workers on a port."""
