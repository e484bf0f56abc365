"""Forms of schemes, rounds, cells, objections."""
