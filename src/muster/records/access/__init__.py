"""Access: who may do what, and how they show that it is them."""
