"""Access: who may come in, with which roles and tokens, and who they are in life."""
