"""Web portal: one of the doors. Server-rendered pages for people who read, compare and sign; every state is a URL."""
