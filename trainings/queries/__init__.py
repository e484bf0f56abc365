"""Questions about events: who may change them, what counts, who came."""
