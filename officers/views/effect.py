"""What the check page of F2 says: what was typed, and 「生效后」."""

from typing import Any

from django.utils.translation import gettext as _

from ..choices import Kind
from ..forms.appointing import AppointForm
from ..models import Appointment
from ..models.posts import CDO
from ..services import Registered


def summary_of(form: AppointForm) -> list[dict[str, Any]]:
    """Rows for components/summary.html; numbers masked."""
    facts, given = form.cleaned_data, form.registration(files=False)
    known = form.known_person
    level = dict(form.fields["level"].choices).get(form.held_level, "")  # type: ignore[attr-defined]
    in_charge = _("分管数字政府建设") if form.leads_it else ""
    title = facts["job_title"] or (known.job_title if known else "")
    first = given.term.starts_on or given.term.known_on
    day = f"{first:%Y-%m-%d}" if first else ""
    rows = [
        (_("人员"), known.name if known else _("%(name)s（新登记）") % {"name": facts["name"]}),
        (
            _("职务"),
            "　".join(filter(None, [title, str(level) if form.held_level else "", in_charge])),
        ),
        (_("联系方式"), "" if known else contacts(facts)),
        (_("岗位"), f"{form.post_row.display_name}　{Kind(facts['kind']).label}"),
        (_("任命文件"), _paper(form)),
        (
            _("起始日期"),
            day if given.term.starts_on else _("未知，%(day)s已在任") % {"day": day},
        ),
        (_("说明"), facts["reason"]),
        (_("不符合任职条件的说明"), facts["rank_reason"]),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _paper(form: AppointForm) -> str:
    facts = form.cleaned_data
    signed = f"{facts['signed_on']:%Y-%m-%d}" if facts["signed_on"] else ""
    return "　".join(filter(None, [facts["document_number"], signed, form.stored_name]))


def contacts(facts: dict[str, Any]) -> str:
    """The office telephone in full, mobile and e-mail only as given or not."""
    found = [facts["office_phone"]]
    found += [_("手机%(mask)s") % {"mask": mask(facts["mobile"])}] if facts["mobile"] else []
    found += [_("邮箱已填")] if facts["email"] else []
    return _("，").join(filter(None, found))


def mask(text: str) -> str:
    digits = "".join(sign for sign in text if sign.isdigit())
    return f"{digits[:3]}****{digits[-4:]}"


def effect_of(form: AppointForm, found: Registered) -> list[str]:
    """The sentences after 「生效后」, of a registration that was tried."""
    row = found.appointment
    words = {
        "person": row.person,
        "unit": form.unit.display_name,
        "post": row.post,
        "day": row.since,
    }
    if not found.stands:
        return _proposed(row)
    said = [_("%(person)s自%(day)s起任%(unit)s%(post)s。") % words]
    if row.is_stand_in:
        words["kind"] = row.get_kind_display()
        said = [_("%(person)s自%(day)s起以“%(kind)s”方式履行%(unit)s%(post)s职责。") % words]
    for other in found.left:
        said.append(_leaver(form, other))
    if row.person.user_id is not None and row.post.code == CDO:
        said.append(_("%(person)s的账号有首席数据官身份。") % words)
    return said


def _leaver(form: AppointForm, other: Appointment) -> str:
    departure = form.registration(files=False).departure
    words = {"person": other.person, "post": other.post, "day": departure.on if departure else ""}
    said = _("%(person)s的%(post)s任期到%(day)s为止") % words
    return _("%(said)s，权限同时终止。") % {"said": said}


def _proposed(row: Appointment) -> list[str]:
    who = row.authority.display_name if row.authority else _("任命机关")
    said = [_("登记为拟任，由%(who)s任命，待市政数局确认后生效。") % {"who": who}]
    if row.predecessor is not None:
        facts = {"person": row.predecessor.person}
        said.append(_("确认前，%(person)s仍在任。") % facts)
    return said
