"""Addresses of a round's pages, for notices and hand-over: no score stands in them."""


def sheet_path(number: str, unit: str) -> str:
    return f"/evaluations/{number}/{unit}/"


def results_path(number: str) -> str:
    return f"/evaluations/{number}/results/"


def objection_path(number: str) -> str:
    return f"/objections/{number}/"
