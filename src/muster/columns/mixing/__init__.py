"""Raw columns to the whole matrix of a plan: every input encoded, then what is made of several of them."""
