"""IT projects, opinions and findings over HTTP: the same services and filters as the pages."""
