"""Whether somebody on a list was in office on a day of the event."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Event
from ..queries.people import in_office, terms_of


def require_in_office(event: Event, people: Iterable[int]) -> None:
    """Raise ValidationError on `people`, a sentence for each who was not, with the days that are
    known and how to mend it."""
    asked = set(people)
    missing = asked - in_office(asked, event.starts_on, event.ends_on)
    if missing:
        raise ValidationError(
            {
                "people": [
                    _sentence(name, terms, event.starts_on) for name, terms in terms_of(missing)
                ]
            }
        )


def require_still_in_office(event: Event) -> None:
    """The same for those who are on the list already, when the event's days were changed."""
    rows = event.attendance.filter(removed_at=None, person__isnull=False)
    try:
        require_in_office(event, rows.values_list("person_id", flat=True))
    except ValidationError as error:
        raise ValidationError({"starts_on": error.message_dict["people"]}) from error


def _sentence(name: str, terms: list[tuple[date | None, date | None]], day: date) -> str:
    if not terms:
        text = _(
            "%(name)s在%(day)s没有任职记录：核对日期，先登记任职，或者按“其他人员”填写姓名和单位"
        )
        return text % {"name": name, "day": day}
    spans = "，".join(
        _("%(since)s至%(until)s") % {"since": since or "", "until": until or _("现在")}
        for since, until in terms
    )
    text = _(
        "%(name)s在%(day)s不在任（任职时间：%(spans)s）：核对日期，或者按“其他人员”填写姓名和单位"
    )
    return text % {"name": name, "day": day, "spans": spans}
