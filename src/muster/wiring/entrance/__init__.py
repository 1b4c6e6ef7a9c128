"""The way in, bound: password hashes, the identity provider, and what a command line keeps of its sign-in."""
