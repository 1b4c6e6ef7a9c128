"""Whether like people are treated alike, and how unequally benefits fall on them."""
