"""REST API of notices."""
