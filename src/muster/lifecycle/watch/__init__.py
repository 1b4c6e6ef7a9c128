"""Watch: what stands, what fell out, whose it is, what happens next and by when."""
