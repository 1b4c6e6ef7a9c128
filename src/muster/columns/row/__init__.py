"""One row at a time: encoded and scored in one pass over its values, with the bits that it has among others."""
