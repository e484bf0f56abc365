"""Drafting an order: its facts, the units that lead, the units that help."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed, PermissionRefused
from core.models import StoredFile
from core.numbers import next_numbers
from pilots.models import Enrolment, Programme, Unit

from ..models import Order, OrderHelper, OrderLead
from ..queries.due_rules import settled
from ..queries.orders import issuer_for, leads_of, may_draft, possible_helpers, targets
from .order_writing import FACTS, lock, record, save

EDITABLE = (
    "title", "short_title", "level", "document_number", "source_title", "source_number", "area",
    "wanted", "acceptance", "due_on", "due_rule",
)  # fmt: skip


@transaction.atomic
def draft_order(
    programme: Programme,
    *,
    by: Any,
    leads: Iterable[Enrolment] = (),
    template: StoredFile | None = None,
    template_name: str = "",
    **facts: Any,
) -> Order:
    """A draft of the bureau for which `by` writes; `facts` are those of EDITABLE. A
    `due_rule` sets the day; one that counts from the issue does so again when the order goes out.

    Raises PermissionRefused where `by` drafts for no body of the programme, ValidationError.
    """
    issuer = issuer_for(by, programme)
    if issuer is None:
        raise PermissionRefused(_("通知由牵头单位的经办人拟稿，当前账号不能拟稿。"))
    now = clock.now()
    row = Order(
        number=next_numbers(Order.rows, "TZ")[0],
        programme=programme,
        issuer=issuer,
        template=template,
        template_name=template_name if template else "",
        created_at=now,
        updated_at=now,
        created_by=by,
    )
    _set(row, facts)
    chosen = _checked(programme, leads)
    row.full_clean()
    row.save()
    _name(row, chosen)
    after = audit.facts(row, ("title", "level", "due_on")) | {"units": _codes(chosen)}
    record(row, "draft", by=by, after=after)
    return row


@transaction.atomic
def edit_order(
    order: Order,
    *,
    by: Any,
    leads: Iterable[Enrolment] | None = None,
    template: StoredFile | None = None,
    template_name: str = "",
    drop_template: bool = False,
    version: int | None = None,
    **facts: Any,
) -> Order:
    """Change a draft; what is not given stays, a lead that stays keeps its helpers.

    Raises MoveNotAllowed past the draft, StaleVersion, PermissionRefused, ValidationError.
    """
    row = _draft(order, by, version)
    before = audit.facts(row, FACTS) | {"units": _codes(_leads(row))}
    _set(row, facts)
    if template is not None or drop_template:
        row.template, row.template_name = template, template_name if template else ""
    if leads is not None:
        _name(row, _checked(row.programme, leads))
    return save(row, "edit", by=by, before=before, units=_codes(_leads(row)))


@transaction.atomic
def choose_helpers(
    order: Order,
    helpers: Mapping[int, Sequence[tuple[Unit, str]]],
    *,
    by: Any,
    version: int | None = None,
) -> Order:
    """Who helps whom: {id of an OrderLead: [(unit, with what)]}; a lead that is not named has none.

    Raises MoveNotAllowed past the draft, StaleVersion, PermissionRefused, ValidationError.
    """
    row = _draft(order, by, version)
    leads = {lead.pk: lead for lead in leads_of(row)}
    before = audit.facts(row, FACTS) | {"helpers": _helping(leads.values())}
    allowed = set(possible_helpers(row.programme, clock.today()).values_list("pk", flat=True))
    OrderHelper.objects.filter(lead__order=row).delete()
    for pk, chosen in helpers.items():
        for unit, note in chosen:
            _check_helper(leads[pk].enrolment.unit, unit, allowed)
            found = OrderHelper(lead=leads[pk], unit=unit, note=note.strip())
            found.full_clean()
            found.save()
    return save(row, "helpers", by=by, before=before, helpers=_helping(leads_of(row)))


# --- parts ---------------------------------------------------------------------------------------


def _draft(order: Order, by: Any, version: int | None) -> Order:
    row = lock(order, version)
    require_drafter(row, by)
    if not row.is_draft:
        facts = {"number": row.number, "state": row.get_state_display()}
        raise MoveNotAllowed(_("%(number)s%(state)s，只有草稿可以修改。") % facts)
    return row


def require_drafter(row: Order, by: Any) -> None:
    """Raise PermissionRefused unless `by` drafts for the bureau whose order it is."""
    if not may_draft(by, row):
        facts = {"issuer": row.issuer.display_name}
        raise PermissionRefused(_("由%(issuer)s的经办人办理，当前账号不能办理。") % facts)


def _set(row: Order, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name not in EDITABLE:
            raise ValueError(f"{name} is not written by hand.")
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    if "due_on" in facts and "due_rule" not in facts:
        row.due_rule = None  # a day by hand follows no rule
    if row.due_rule:
        row.due_on, row.due_rule = settled(row.due_rule, clock.today())
    if row.area is not None and row.area.programme_id != row.programme_id:
        raise ValidationError({"area": _("“%(area)s”不是这个方案的职责。") % {"area": row.area}})


def _checked(programme: Programme, leads: Iterable[Enrolment]) -> list[Enrolment]:
    """The units named, each once, in the document's order; raises ValidationError for strangers."""
    wanted = {row.pk: row for row in leads}
    known = [row for row in targets(programme, clock.today()) if row.pk in wanted]
    strangers = [str(row.unit) for pk, row in wanted.items() if pk not in {k.pk for k in known}]
    if strangers:
        facts = {"units": "、".join(strangers), "programme": programme}
        text = _("%(units)s现在不是“%(programme)s”的试点单位，重新选择。") % facts
        raise ValidationError({"leads": text})
    return known


def _name(row: Order, chosen: list[Enrolment]) -> None:
    gone = row.leads.exclude(enrolment__in=chosen)
    OrderHelper.objects.filter(lead__in=gone).delete()
    gone.delete()
    kept = set(row.leads.values_list("enrolment_id", flat=True))
    OrderLead.objects.bulk_create(
        OrderLead(order=row, enrolment=each) for each in chosen if each.pk not in kept
    )


def _leads(row: Order) -> list[Enrolment]:
    return [lead.enrolment for lead in row.leads.select_related("enrolment__unit")]


def _codes(chosen: Iterable[Enrolment]) -> list[str]:
    return [row.unit.code for row in chosen]


def _helping(leads: Iterable[OrderLead]) -> list[str]:
    return [
        f"{lead.enrolment.unit.display_name}：{helper.unit.display_name}"
        for lead in leads
        for helper in lead.helpers.all()
    ]


def _check_helper(lead: Unit, unit: Unit, allowed: set[int]) -> None:
    if unit.pk == lead.pk:
        raise ValidationError(_("%(unit)s是主办单位，不能协办自己的任务。") % {"unit": unit})
    if unit.pk not in allowed:
        raise ValidationError(_("%(unit)s没有参与这个方案，不能协办。") % {"unit": unit})
