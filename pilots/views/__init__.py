"""Pages of programmes, documents, bodies and members."""
