"""Papers of a round: the evaluation report."""
