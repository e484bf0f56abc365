"""The register of officers."""
