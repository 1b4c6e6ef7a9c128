"""Review: what people find, answer and attest by hand, when they must look again, and what cannot wait for them."""
