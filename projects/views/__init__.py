"""Pages of IT projects and findings."""
