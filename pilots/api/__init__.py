"""REST API of programmes, documents, clauses, units and memberships."""
