"""Gateway: the door for inference traffic. It runs only what has a valid release for the very bytes that it loaded."""
