"""What processes carry with them: the tokens of a command line, the certificate of a server."""
