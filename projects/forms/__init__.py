"""What people write about IT projects and findings."""
