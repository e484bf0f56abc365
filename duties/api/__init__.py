"""REST API of duty areas, obligations and assignments."""
