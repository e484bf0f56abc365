"""「复制未报名单」: who has not done a demand, as plain text for a work group, with whom to ring.

Plain http has no clipboard, so the text stands in a box from which it can be copied by hand; a
button does it where the browser can. Office telephones are public; mobiles come only by a POST
that says what for, with one entry in the record (officers.services.reveal_contacts).
"""

from datetime import date
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.words import listed, relation
from duties.choices import Nature, Status
from duties.models import Assignment, Obligation
from duties.queries.missing import missing
from officers import services
from officers.forms.register import RevealForm
from officers.models import Person
from officers.queries.contacts import revealable
from officers.queries.telephones import Reachable, reachable
from pilots import access

from .links import link, tasks

REPORTS = {Nature.PROGRESS, Nature.REPORT, Nature.OVERALL_REPORT}  # what is 报, not 办


class MissingView(View):
    """/obligations/<code>/missing/, of one period with ?period=; POST with `purpose` adds the mobiles."""

    required_permission = Permission.MANAGE_ASSIGNMENTS
    request: HttpRequest

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.page(RevealForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = RevealForm(request.POST)
        mine = revealable(request.user, self.people())
        if not form.is_valid() or not mine:
            return self.page(form, status=422)
        purpose = form.cleaned_data["purpose"]
        told = services.reveal_contacts(mine, by=request.user, purpose=purpose)
        return self.page(form, {row.person.pk: row.mobile for row in told})

    @cached_property
    def obligation(self) -> Obligation:
        rows = Obligation.objects.visible_to(self.request.user).select_related("programme")
        row = get_object_or_404(rows, code=self.kwargs["code"])
        access.require(self.request.user, Permission.MANAGE_ASSIGNMENTS, programme=row.programme)
        return row

    @cached_property
    def rows(self) -> list[Assignment]:
        period = self.request.GET.get("period", "")
        return missing(self.obligation, user=self.request.user, occurrence=period)

    @cached_property
    def known(self) -> dict[int, list[Reachable]]:
        units = {row.unit.pk: row.unit for row in self.rows}
        return reachable(units.values(), clock.today(), user=self.request.user)

    def people(self) -> list[Person]:
        """Those of the list whose mobile is registered."""
        found = {
            each.person.pk: each.person
            for unit in self.known.values()
            for each in unit
            if each.person and each.person.mobile
        }
        return list(found.values())

    def page(
        self, form: RevealForm, mobiles: dict[int, str] | None = None, status: int = 200
    ) -> HttpResponse:
        row, today = self.obligation, clock.today()
        people = self.people()
        text = text_of(row, self.rows, self.known, mobiles or {}, today)
        context = {
            "obligation": row,
            "form": form,
            "text": text,
            "lines": text.count("\n") + 2,
            "count": len(self.rows),
            "silent": [each.unit for each in self.rows if each.unit.pk not in self.known],
            "has_mobiles": mobiles is not None,
            "may_reveal": mobiles is None and bool(people),
            "tasks_url": tasks(row.programme, obligation=row.code, open="true"),
            "url": link("duties:obligation", row.code),
        }
        answer = render(self.request, "pages/missing.html", context, status=status)
        answer["Cache-Control"] = "no-store"
        return answer


def text_of(
    obligation: Obligation,
    rows: list[Assignment],
    known: dict[int, list[Reachable]],
    mobiles: dict[int, str],
    today: date,
) -> str:
    """The list in plain text: title, deadline and days left, then a line a unit."""
    is_report = obligation.nature in REPORTS
    facts = {"title": obligation.display_title, "today": today, "count": len(rows)}
    head = [
        (_("【%(title)s】未报名单") if is_report else _("【%(title)s】未完成名单")) % facts,
        *_deadlines(rows, today),
        ngettext("截至%(today)s，共%(count)s家：", "截至%(today)s，共%(count)s家：", len(rows))
        % facts,
    ]
    lines = [
        _("%(place)s. %(unit)s：%(who)s（%(lacks)s）")
        % {
            "place": place,
            "unit": row.unit.display_name,
            "who": _who(known.get(row.unit.pk, []), mobiles),
            "lacks": _lacks(row, is_report=is_report),
        }
        for place, row in enumerate(rows, start=1)
    ]
    return "\n".join([*head, *lines])


def _deadlines(rows: list[Assignment], today: date) -> list[str]:
    """One line a deadline: the units' own may differ, where one was extended."""
    days = sorted({(row.latest_on, row.due_on) for row in rows if row.latest_on})
    return [
        (_("截止%(due)s，%(left)s") if due == last else _("截止%(due)s，最晚%(last)s，%(left)s"))
        % {"due": due, "last": last, "left": relation(last, today)}
        for last, due in days
    ]


def _who(found: list[Reachable], mobiles: dict[int, str]) -> str:
    if not found:
        return _("联系人未登记")
    return listed(_numbers(each, mobiles) for each in found)


def _numbers(each: Reachable, mobiles: dict[int, str]) -> str:
    mobile = mobiles.get(each.person.pk, "") if each.person else ""
    numbers = _("，").join(number for number in (each.phone, mobile) if number)
    return f"{each.name} {numbers}" if numbers else _("%(name)s 电话未登记") % {"name": each.name}


def _lacks(row: Assignment, *, is_report: bool) -> str:
    """What the unit still owes: 「未报」, 「已退回修改」, 「已办1次，应办2次」, with the period."""
    done = getattr(row, "done_count", 0)
    if row.status == Status.RETURNED:
        word = _("已退回修改")
    elif done:
        word = _("已办%(done)s次，应办%(quantity)s次") % {"done": done, "quantity": row.quantity}
    else:
        word = _("未报") if is_report else _("未办")
    return f"{row.occurrence} {word}" if row.occurrence else word
