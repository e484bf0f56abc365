"""How fast the portal is beside a bare application on the same server, PostgreSQL and machine.

Only ratios within one run count (docs/bench.md); nothing here is ever a timed assertion.
"""
