"""F6 申请延期: the form of the unit, for a task or for a request that came back."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused
from core.forms import put_errors
from core.views import RefusalMixin, asked_key, posted_version, stale_words
from core.workdays import Calendar
from pilots import access

from .. import services
from ..choices import ExtensionState
from ..extension_forms import ExtensionForm, ExtensionLetterForm
from ..models import Assignment, Extension, LightRule
from ..queries.extensions import (
    extensions_of,
    known_progress,
    may_ask,
    may_enter,
    open_extension,
)
from .lists import line_of


class ExtensionNew(RefusalMixin, View):
    """/extensions/new/?task=RW-…"""

    required_permission = Permission.WRITE_REPORTS
    template_name = "duties/extension_new.html"
    form_class: type[ExtensionForm] = ExtensionForm
    request: HttpRequest
    kwargs: dict[str, Any]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        known = self.open()
        if known is not None:
            return redirect("duties:extension", known.number)
        self.check()
        return self.page(self.form_class(task=self.task, initial=self.initial()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.check()
        form = self.form_class(request.POST, request.FILES, task=self.task)
        form.is_valid()
        form.keep(request.user)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            row = self.act(form)
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, 422)
        except Refused as refusal:
            stale = refusal.status == 412
            said = stale_words(self.subject()) if stale else str(refusal)
            return self.page(form, refusal.status, refusal=said)
        messages.success(request, said_of(row))
        return redirect("duties:extension", row.number)

    @cached_property
    def task(self) -> Assignment:
        number = asked_key(self.request, "task")
        rows = Assignment.objects.visible_to(self.request.user).for_lists().with_done()
        return get_object_or_404(rows, number=number)

    def open(self) -> Extension | None:
        return open_extension(self.task, user=self.request.user)

    def subject(self) -> Any:
        return self.task

    def check(self) -> None:
        """Raise PermissionRefused, naming who can, or Refused where there is nothing to extend."""
        task = self.task
        if may_ask(task, self.request.user):
            return
        facts = {"unit": task.unit.display_name, "number": task.number}
        if task.is_open() and task.due_on is not None:
            message = _("由%(unit)s的经办人或首席数据官申请延期，当前账号不能申请。")
            raise PermissionRefused(message % facts)
        self.refuse_closed()

    def refuse_closed(self) -> None:
        """Raise Refused: a task without a day, or one that is closed, has nothing to extend."""
        task = self.task
        facts = {"number": task.number, "status": task.get_status_display()}
        if task.due_on is None:
            raise Refused(_("%(number)s没有定时限，不用申请延期。") % facts)
        raise Refused(_("%(number)s%(status)s，不用再延期。") % facts)

    def get_refusal_url(self) -> str:
        return f"/tasks/{self.task.number}/"

    def initial(self) -> dict[str, Any]:
        return {"done_so_far": known_progress(self.task)}

    def act(self, form: ExtensionForm) -> Extension:
        version = posted_version(self.request)
        return services.ask_extension(
            self.task, form.request(), by=self.request.user, version=version
        )

    def page(self, form: ExtensionForm, status: int = 200, refusal: str = "") -> HttpResponse:
        task = self.task
        context = {
            "task": task,
            "line": line_of(task, LightRule.for_day(clock.today())),
            "form": form,
            "sent_back": form if form.errors else None,
            "refusal": refusal,
            "version": self.subject().version,
            "is_late": task.latest_on is not None and task.latest_on < clock.today(),
            "history": extensions_of(task, user=self.request.user),
            "span": span_of(task, form),
            "had": "",
            **self.more(),
        }
        return render(self.request, self.template_name, context, status=status)

    def more(self) -> dict[str, Any]:
        return {"extension": None}


class ExtensionLetter(ExtensionNew):
    """/extensions/letters/new/?task=RW-…: the bureau's officer enters what came as a letter."""

    required_permission = Permission.REVIEW_REPORTS
    form_class = ExtensionLetterForm

    def check(self) -> None:
        if not may_enter(self.task, self.request.user):
            permission = {"unit": self.task.unit, "programme": self.task.programme}
            access.require(self.request.user, Permission.REVIEW_REPORTS, **permission)
            self.refuse_closed()

    def initial(self) -> dict[str, Any]:
        return {"letter_from": self.task.unit.full_name}

    def act(self, form: Any) -> Extension:
        return services.enter_extension(
            self.task,
            form.request(),
            form.letter(),
            by=self.request.user,
            version=posted_version(self.request),
        )

    def more(self) -> dict[str, Any]:
        return {"extension": None, "is_letter": True}


class ExtensionEdit(ExtensionNew):
    """/extensions/<number>/edit/: a request that came back, mended and put up again."""

    @cached_property
    def extension(self) -> Extension:
        rows = Extension.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, number=self.kwargs["number"])

    @cached_property
    def task(self) -> Assignment:
        rows = Assignment.objects.visible_to(self.request.user).for_lists().with_done()
        return get_object_or_404(rows, pk=self.extension.assignment_id)

    def open(self) -> Extension | None:
        row = self.extension
        return None if row.state == ExtensionState.RETURNED else row

    def subject(self) -> Any:
        return self.extension

    def get_refusal_url(self) -> str:
        return f"/extensions/{self.extension.number}/"

    def initial(self) -> dict[str, Any]:
        row = self.extension
        return {
            "quick": "other",
            "wanted_on": row.wanted_on,
            "reason": row.reason,
            "done_so_far": row.done_so_far,
        }

    def act(self, form: ExtensionForm) -> Extension:
        version = posted_version(self.request)
        return services.resubmit_extension(
            self.extension, form.request(), by=self.request.user, version=version
        )

    def more(self) -> dict[str, Any]:
        return {"extension": self.extension, "had": self.extension.file_name}


class ExtensionSpan(ExtensionNew):
    """/extensions/span/?task=RW-…&wanted_on=…: 「共延12个工作日」 beside the day, as it is chosen."""

    required_permission = Permission.READ_REPORTS  # whoever enters a letter chooses a day too

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        day = clock.read_day(request.GET.get("wanted_on", ""))
        context = {"span": span_words(self.task.latest_on, day)}
        return render(request, "duties/parts/extension_span.html", context)


def span_of(task: Assignment, form: ExtensionForm) -> str:
    """The words for the day that stands in the form."""
    value = form["wanted_on"].value()
    day = clock.read_day(str(value or ""))
    return span_words(task.latest_on, day)


def span_words(since: date | None, day: date | None) -> str:
    """「共延12个工作日」, or that the day is not later."""
    if day is None or since is None:
        return ""
    if day <= since:
        return _("延期日期要晚于%(day)s") % {"day": since}
    calendar = Calendar.around(since, day, margin=10)
    return _("共延%(count)s个工作日") % {"count": calendar.between(since, day)}


def said_of(row: Extension) -> str:
    """What happened, and who is next."""
    facts = {"number": row.number}
    if row.state == ExtensionState.ASKED:
        return _("已提交%(number)s，等市政数局审批。") % facts
    return _("已提交%(number)s，等本单位首席数据官审签。") % facts
