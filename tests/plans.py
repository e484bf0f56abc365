"""What the database did for a statement: the nodes of its plan, with the rows that each really handled."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

Node = dict[str, Any]
# How the planner does it when it takes many rows for one: in loops, by index.
IN_LOOPS = "".join(
    f"SET LOCAL enable_{way} TO off;" for way in ("hashjoin", "mergejoin", "seqscan", "material")
)


def nodes(statement: str, params: Any = None, settings: str = "") -> list[Node]:
    """Run the statement (after `settings`, more SQL) and give each node of its plan."""
    with connection.cursor() as cursor:
        if settings:
            cursor.execute(settings)
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", params)
        (plan,) = cursor.fetchone()[0]
    return list(_under(plan["Plan"]))


def rows(node: Node) -> float:
    """Rows that the node gave or looked at in vain, over all its loops."""
    vain = sum(count for name, count in node.items() if name.startswith("Rows Removed"))
    return (node["Actual Rows"] + vain) * node["Actual Loops"]


def _under(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", []):
        yield from _under(child)
