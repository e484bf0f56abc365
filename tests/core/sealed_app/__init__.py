"""An app of the tests alone: one table with sealed columns."""
