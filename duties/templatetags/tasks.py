"""`{% load tasks %}`: cells that every table of tasks has. Written here, not in templates: a list has
a hundred of them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..models import Assignment

register = template.Library()


@register.simple_tag
def due(row: Assignment) -> SafeString:
    """The deadline: the day (both days while in doubt), below it the first day, where it
    was extended, and the document's own words."""
    wording = row.obligation.wording
    below = format_html('<span class="sub">{}</span>', wording) if wording else SafeString()
    if row.due_on is None:
        return below or format_html('<span class="quiet">{}</span>', _("文件未定时限"))
    days = f"{row.due_on:%Y-%m-%d}"
    if row.is_doubtful:
        days += _("～") + f"{row.latest_on:%m-%d}"
    if row.was_extended:
        first = _("原定%(day)s") % {"day": row.original_due_on}
        below = format_html('<span class="sub">{}</span>{}', first, below)
    return format_html('<span class="nowrap">{}</span>{}', days, below)


@register.simple_tag
def done(row: Assignment) -> SafeString | str:
    """「已办1次，应办2次」, 「已办 2022-03-30」 or 「未办」, of a row with `done_count`."""
    count = row.done_count  # type: ignore[attr-defined]
    if row.quantity > 1:
        facts = {"done": count, "quantity": row.quantity}
        return _("已办%(done)s次，应办%(quantity)s次") % facts
    if not count:
        return format_html('<span class="quiet">{}</span>', _("未办"))
    return f"{_('已办')} {row.done_on:%Y-%m-%d}" if row.done_on else _("已办")
