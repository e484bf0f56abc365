"""Reads about IT projects: powers, what stands, warnings, findings."""
