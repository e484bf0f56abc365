"""The API of schemes, rounds, score sheets and objections."""
