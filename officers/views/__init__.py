"""Pages of the register: who holds which post, people, filings, teams."""
