"""HTTP API: one of the doors. Routes and OpenAPI are derived from the actions and views of ``lifecycle``."""
