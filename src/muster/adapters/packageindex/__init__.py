"""Where names of packages come from: the index that pip or npm is configured to use, or a file somebody brought."""
