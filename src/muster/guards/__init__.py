"""Guards: preventive controls on one request and its answer, without I/O, so that each is tested as a script."""
