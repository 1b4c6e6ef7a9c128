"""Policy files, read for the command line."""
