"""Pages of signing, and the parts that the apps above put on theirs."""
