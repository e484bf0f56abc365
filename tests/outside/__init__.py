"""Other machines, played on loopback."""
