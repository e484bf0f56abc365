"""Notice types declare themselves here; the engine imports none of them (house.md §2)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock

from .choices import Manner, Topic
from .models import Notice


@dataclass(frozen=True)
class Select:
    """A SELECT that yields what is due to be told on a day, one row a notice, with the columns
    subject, deadline_version, stage, reading, recipient_id, programme_id, unit_id, facts (jsonb)."""

    sql: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Rendered:
    """A notice in words: `title` is one sentence, `lines` are the facts, `path` the page to open.
    `urgency` orders what one message carries, smallest first; `to_do` says whether its reader has
    something to do about it, `days` how many there are left (negative: late), if there is a day. What
    several notices say of one `thing` is one item of a message ('': the notice's subject)."""

    title: str
    lines: list[str]
    path: str
    urgency: int = 0
    to_do: bool = False
    days: int | None = None
    thing: str = ""


@dataclass(frozen=True)
class NoticeType:
    """What an app above declares: when and whom (`select`, asked «due by that day and not yet
    told»; None when nothing can be due), in which words (`render`), and whether it still holds
    (`still_holds` gives the ids of those that do) when its message is about to leave.

    `manner` is how it comes outside the portal: at once, in the digest of the next working morning, or
    not at all; `topic` is what a person switches it off by. A digest carries what its reader has something
    to do about, and what is `is_news`: it asks for nothing, but the reader must know of it (ux.md §8:
    「Evaluation published」). The rest waits in the portal. `why` says the stage in words, where there are
    any."""

    name: str
    label: Any
    select: Callable[[date], Select | None]
    render: Callable[[Notice], Rendered]
    still_holds: Callable[[Iterable[Notice]], set[int]]
    manner: Manner = Manner.DIGEST
    topic: Topic = Topic.TASKS
    why: Callable[[Notice], str] | None = None
    is_news: bool = False

    def reason(self, notice: Notice) -> str:
        """Why it is told just then, in words: 「任务时限：提前3个工作日」."""
        return _("：").join(filter(None, (str(self.label), self.why(notice) if self.why else "")))


_types: dict[str, NoticeType] = {}


def register(notice_type: NoticeType) -> NoticeType:
    """Add a type; raises ValueError when the name is taken."""
    if notice_type.name in _types:
        raise ValueError(f"Notice type {notice_type.name} is declared twice.")
    _types[notice_type.name] = notice_type
    return notice_type


def types() -> list[NoticeType]:
    return list(_types.values())


def get(name: str) -> NoticeType:
    """The type of that name; raises KeyError for one that no app declares any more."""
    return _types[name]


def render(notice: Notice) -> Rendered:
    """The notice in words; one of a type that no app declares any more says only its subject."""
    if notice.type not in _types:
        return Rendered(notice.subject, [], reverse("reminders:inbox"))
    return get(notice.type).render(notice)


def holding(notices: Iterable[Notice]) -> set[int]:
    """Ids of the notices that are still true now, asked once for each type among them."""
    by_type: dict[str, list[Notice]] = {}
    for notice in notices:
        by_type.setdefault(notice.type, []).append(notice)
    found = (get(name).still_holds(rows) for name, rows in by_type.items() if name in _types)
    return set().union(*found)


STILL = """
SELECT due.subject, due.deadline_version, due.recipient_id FROM ({select}) AS due
WHERE due.subject = ANY (%(still)s)
"""


def still_due(ask: Callable[[date], Select | None], notices: Iterable[Notice]) -> set[int]:
    """A `still_holds` for who asks with what it selects by: ids of the notices for which the same
    question, asked of their subjects alone, still gives the same person the same version."""
    rows = list(notices)
    asked = ask(max([clock.today(), *(notice.for_on for notice in rows)]))
    if asked is None:
        return set()
    params = {**asked.params, "still": sorted({notice.subject for notice in rows})}
    with connection.cursor() as cursor:
        cursor.execute(STILL.replace("{select}", asked.sql), params)
        true = set(cursor.fetchall())
    return {
        notice.pk
        for notice in rows
        if (notice.subject, notice.deadline_version, notice.recipient_id) in true
    }
