"""Pages of schemes, rounds, score sheets, objections and results."""
