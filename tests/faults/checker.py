"""The judge of the fault suite: reads the database and the receivers' log, and says what was lost, what
came twice and what is in limbo. It shares no code with the portal.

    python tests/faults/checker.py DATABASE LOG EXPECTED

DATABASE is a libpq address, LOG what tests/faults/sinks.py wrote, EXPECTED how many reminders were laid.
Prints one line of JSON: a report a channel. Ends with 1 when something was lost, unmarked or in limbo.
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

import psycopg2

ROWS = """
SELECT endpoint.channel, notice.facts ->> 'token', delivery.state, delivery.is_uncertain
FROM reminders_notice AS notice
JOIN reminders_deliveryline AS line ON line.notice_id = notice.id
JOIN reminders_delivery AS delivery ON delivery.id = line.delivery_id
JOIN reminders_endpoint AS endpoint ON endpoint.id = delivery.endpoint_id
WHERE notice.facts ? 'token'
"""
INBOX = "SELECT facts ->> 'token' FROM reminders_notice WHERE facts ? 'token'"
SETTLED = {"sent", "failed", "cancelled", "held"}


def main(database: str, log: str, expected: str) -> int:
    with psycopg2.connect(database) as line, line.cursor() as cursor:
        cursor.execute(ROWS)
        rows = cursor.fetchall()
        cursor.execute(INBOX)
        inbox = Counter(token for (token,) in cursor.fetchall())
    said = heard(log)
    report = {"inbox": of_inbox(inbox, int(expected))}
    for channel in sorted({row[0] for row in rows}):
        mine = [row[1:] for row in rows if row[0] == channel]
        report[channel] = of_channel(mine, said[channel], int(expected))
    print(json.dumps(report))
    return int(any(one["lost"] or one["unmarked"] or one["limbo"] for one in report.values()))


def heard(log: str) -> dict[str, dict[str, list[dict]]]:
    """What each receiver took, by channel and token, without what it dropped. What has no token was
    laid by nobody: a reminder of the portal's own."""
    found: dict[str, dict[str, list[dict]]] = defaultdict(lambda: defaultdict(list))
    with Path(log).open(encoding="utf-8") as lines:
        for line in lines:
            said = json.loads(line)
            if said["token"] and not said["dropped"]:
                found[said["channel"]][said["token"]].append(said)
    return found


def of_inbox(tokens: Counter, expected: int) -> dict[str, int]:
    twice = sum(count - 1 for count in tokens.values())
    lost = expected - len(tokens)
    return {"lost": lost, "twice": twice, "most": max(tokens.values(), default=0)} | {
        "unmarked": twice,
        "limbo": 0,
    }


def of_channel(rows: list[tuple], said: dict[str, list[dict]], expected: int) -> dict[str, int]:
    """`lost`: never taken by the receiver, and nobody says that it failed. `unmarked`: came twice and
    the list of deliveries does not say so. `keys`: copies that did not carry the first one's key."""
    failed = {token for token, state, _doubt in rows if state == "failed"}
    doubtful = {token for token, _state, doubt in rows if doubt}
    copies = {token: len(found) for token, found in said.items()}
    twice = {token: count - 1 for token, count in copies.items() if count > 1}
    return {
        "lost": expected - len(set(copies) | failed),
        "failed": len(failed),
        "twice": sum(twice.values()),
        "most": max(copies.values(), default=0),
        "unmarked": len(set(twice) - doubtful),
        "doubtful": len(doubtful),
        "keys": sum(len({one["key"] for one in found}) - 1 for found in said.values()),
        "limbo": sum(1 for _token, state, _doubt in rows if state not in SETTLED),
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
