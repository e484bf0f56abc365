"""报送备案 by a unit, and 来文登记 by the desk: one page, for whoever opens it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused
from core.views import RefusalMixin
from duties.models import Assignment
from pilots import access
from pilots.current import current_programme, programmes_of

from .. import services
from ..choices import FilingKind
from ..forms.filings import LetterForm, PlanForm, PlanLetterForm, SentForm
from ..models import Appointment, Filing
from ..queries import desks
from ..queries.allowed import may_report
from ..queries.filings import unfiled
from ..queries.plans import open_plans, plan_desk
from ..queries.rules import ruling_for
from .filing_moves import add_errors


class NewFilingView(RefusalMixin, View):
    """Base: `prepare()` finds the subject and gives the filing as it would be; the reader's right
    decides whether it is a report (网上报送) or the entry of a letter (来文登记)."""

    required_permission = Permission.READ_OFFICERS
    template_name = "officers/filing_new.html"
    report_form: type[SentForm] = SentForm
    letter_form: type[LetterForm] = LetterForm
    request: HttpRequest
    draft: Filing

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.prepare() or self.page(self.get_form(initial=self.initial()))

    def post(self, request: HttpRequest) -> HttpResponse:
        answer = self.prepare()
        if answer is not None:
            return answer
        form = self.get_form(request.POST, request.FILES)
        try:
            form.is_valid()
            form.keep(request.user)
            if not form.is_valid():
                return self.page(form, 422)
            with transaction.atomic():
                filing = self.submit(form)
        except PermissionRefused:
            raise
        except Refused as refusal:
            return self.page(form, refusal.status, refusal=str(refusal))
        except ValidationError as error:
            add_errors(form, error)
            return self.page(form, 422)
        messages.success(request, self.said(filing))
        return redirect("officers:filing", filing.number)

    def prepare(self) -> HttpResponse | None:
        """Set `draft`; an answer instead where there is nothing to file, or nothing chosen yet."""
        raise NotImplementedError

    def submit(self, form: Any) -> Filing:
        raise NotImplementedError

    @cached_property
    def is_paper(self) -> bool:
        """Raises PermissionRefused for somebody who may do neither."""
        user, draft = self.request.user, self.draft
        if access.may(user, Permission.REPORT_OFFICERS, unit=draft.unit):
            return False
        if desks.may_decide(user, draft):
            return True
        if may_report(user, draft.unit):
            return False
        facts = {"unit": draft.unit.display_name, "desk": desks.deciders_named(draft)}
        raise PermissionRefused(
            _("由%(unit)s的经办人报送；来文由%(desk)s登记。当前账号不能报送。") % facts
        )

    def get_form(self, *given: Any, **options: Any) -> Any:
        return (self.letter_form if self.is_paper else self.report_form)(*given, **options)

    def initial(self) -> dict[str, Any]:
        """What is known already."""
        unit, today = self.draft.unit, clock.today()
        known = {"sender": unit.full_name, "accept": True, "accepted_on": today}
        return known if self.is_paper else {}

    def page(self, form: Any, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {
            "form": form,
            "draft": self.draft,
            "is_paper": self.is_paper,
            "heading": self.heading(),
            "rows": self.rows(),
            "refusal": refusal,
            "sent_back": form if form.errors else None,
        }
        return render(self.request, self.template_name, context, status=status)

    def heading(self) -> str:
        facts = {"kind": FilingKind(self.draft.kind).label}
        return (_("来文登记：%(kind)s") if self.is_paper else _("报送%(kind)s")) % facts

    def rows(self) -> list[dict[str, Any]]:
        """What is filed, for components/summary.html."""
        draft = self.draft
        return [
            {"label": _("报备单位"), "value": draft.unit.display_full_name},
            {"label": _("备案机关"), "value": draft.desk.display_full_name},
            {"label": _("试点方案"), "value": draft.programme.display_name},
        ]

    def said(self, filing: Filing) -> str:
        facts = {"number": filing.number, "desk": filing.desk.display_name}
        if filing.accepted_on:
            return _("%(number)s已备案，回执可以打印。") % facts
        if self.is_paper:
            return _("来文已登记。编号%(number)s，可以办理。") % facts
        return _("已报送。编号%(number)s，由%(desk)s办理。") % facts

    def get_refusal_url(self) -> str:
        return reverse("officers:filing-list")


class FilingNew(NewFilingView):
    """/filings/new/?appointment=RM-…[&kind=removal]; without a number what is still to be filed."""

    appointment: Appointment

    def prepare(self) -> HttpResponse | None:
        number = self.request.GET.get("appointment", "")
        if not number:
            return self.choose()
        rows = Appointment.objects.visible_to(self.request.user)
        rows = rows.select_related("person", "post", "unit")
        self.appointment = row = get_object_or_404(rows, number=number)
        kind = self.request.GET.get("kind") or FilingKind.APPOINTMENT
        if kind not in {FilingKind.APPOINTMENT, FilingKind.REMOVAL}:
            raise Http404
        known = row.filings.live().filter(kind=kind).first()
        if known is not None:
            facts = {"number": known.number}
            messages.info(self.request, _("这项任命已报备：%(number)s。") % facts)
            return redirect("officers:filing", known.number)
        ruling = ruling_for(row.unit, row.post, row.since or clock.today())
        if ruling is None or not ruling.rule.needs_filing:
            facts = {"unit": row.unit.display_name, "post": row.post}
            raise Refused(_("%(unit)s的%(post)s不用备案：文件没有这项要求。") % facts)
        programme, desk = ruling.enrolment.programme, ruling.rule.filed_at
        self.draft = Filing(
            kind=kind, programme=programme, unit=row.unit, desk=desk, appointment=row
        )
        return None

    def choose(self) -> HttpResponse:
        """What is in office and was not reported, and the plans that are still owed."""
        user, programme = self.request.user, current_programme(self.request)
        writes = (Permission.REPORT_OFFICERS, Permission.DECIDE_FILINGS)
        if not any(access.may(user, permission) for permission in writes):
            raise PermissionRefused
        found = unfiled(programme, user=user, on=clock.today()) if programme else []
        context = {
            "programme": programme,
            "programmes": programmes_of(self.request),
            "unfiled": [entry for entry in found if entry.filing is None],
            "plans": open_plans(user, enrolment__programme=programme) if programme else [],
        }
        return render(self.request, "officers/filing_choose.html", context)

    def initial(self) -> dict[str, Any]:
        row = self.appointment
        is_removal = self.draft.kind == FilingKind.REMOVAL
        number = row.ending_number if is_removal else row.document_number
        return {**super().initial(), "document_number": number}

    def rows(self) -> list[dict[str, Any]]:
        row = self.appointment
        person = {"label": _("人员"), "value": f"{row.person}　{row.job_title}".rstrip()}
        day = {"label": _("任职起始日期"), "value": f"{row.since or ''}"}
        if self.draft.kind == FilingKind.REMOVAL:
            day = {"label": _("最后任职日"), "value": f"{row.ends_on or ''}"}
        return [person, {"label": _("岗位"), "value": row.post}, day, *super().rows()]

    def submit(self, form: Any) -> Filing:
        facts = {"letter": form.letter(), "kind": self.draft.kind, "by": self.request.user}
        if self.is_paper:
            return services.enter_appointment_letter(
                self.appointment, acceptance=form.acceptance(), **facts
            )
        return services.file_appointment(self.appointment, **facts)


class FilingPlan(NewFilingView):
    """/filings/plan/?unit=…: a unit's implementation plan (OB-5)."""

    report_form = PlanForm
    letter_form = PlanLetterForm
    task: Assignment

    def prepare(self) -> HttpResponse | None:
        task = self.find()
        if task is None:
            raise Refused(_("没有要报备的实施方案，或已报备。"))
        self.task, enrolment = task, task.enrolment
        desk = plan_desk(task)
        if desk is None:
            raise Refused(_("这个方案还没有登记牵头单位，先登记再报备。"))
        programme, unit = enrolment.programme, enrolment.unit
        self.draft = Filing(kind=FilingKind.PLAN, programme=programme, unit=unit, desk=desk)
        return None

    def find(self) -> Assignment | None:
        """The plan that the unit of the address, or the reader's own, still owes: of the programme
        shown, else of another."""
        user, current = self.request.user, current_programme(self.request)
        units = {row.unit_id for row in access.memberships_of(user)}
        code = self.request.GET.get("unit", "")
        narrowed = {"enrolment__unit__code": code} if code else {"enrolment__unit__in": units}
        found = list(open_plans(user, **narrowed))
        own = [row for row in found if current and row.enrolment.programme_id == current.pk]
        return next(iter(own or found), None)

    def initial(self) -> dict[str, Any]:
        return {**super().initial(), "title": services.plan_title(self.draft.unit)}

    def submit(self, form: Any) -> Filing:
        facts = {
            "title": form.cleaned_data["title"],
            "letter": form.letter(),
            "by": self.request.user,
        }
        if self.is_paper:
            acceptance = form.acceptance()
            return services.enter_plan_letter(self.task.enrolment, acceptance=acceptance, **facts)
        return services.file_plan(self.task.enrolment, **facts)
