"""修改记录 of a record: who changed what when, before → after, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import audit
from core.models import AuditEntry
from core.words import listed

MOST = 50


def history(
    subject: Model, verbs: Mapping[str, Any], models: Iterable[type[Model]]
) -> list[dict[str, Any]]:
    """Steps for components/trail.html, newest first. `verbs` says the verbs in words; the names of
    fields and the words of choices are those of `models`, the first that has the field."""
    known = list(models)
    entries = AuditEntry.objects.of(audit.label(subject)).order_by("-id")[:MOST]
    return [
        {
            "what": verbs.get(entry.verb, entry.verb),
            "who": entry.actor_shown,
            "at": f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            "note": _("；").join(_changes(entry, known)),
        }
        for entry in entries
    ]


def _changes(entry: AuditEntry, models: list[type[Model]]) -> Iterable[str]:
    subject = (entry.after or {}).get("person")
    if subject:
        yield str(subject)
    for name, before, after in entry.changes:
        field = _field(name, models)
        if field is None or name == "person":
            continue
        facts = {
            "field": field.verbose_name,
            "before": _said(field, before),
            "after": _said(field, after),
        }
        if facts["before"] and facts["after"]:
            yield _("%(field)s由%(before)s改为%(after)s") % facts
        elif facts["after"]:
            yield _("%(field)s：%(after)s") % facts
        elif facts["before"]:
            yield _("%(field)s：%(before)s，已清除") % facts


def _field(name: str, models: list[type[Model]]) -> Any:
    for model in models:
        for field in model._meta.get_fields():
            if field.name == name and hasattr(field, "verbose_name"):
                return field
    return None


def _said(field: Any, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    choices = dict(getattr(getattr(field, "base_field", field), "choices", None) or ())
    if isinstance(value, list):
        return listed(choices.get(item, item) for item in value)
    return str(choices.get(value, value))
