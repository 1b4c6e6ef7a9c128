"""The inference log as Delta tables, for those who analyse it with tools of their own."""
