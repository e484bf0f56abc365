"""提醒阶段和对象, for a programme or for all that have no rule of their own."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.deadlines import Span, span_start
from core.errors import PermissionRefused, StaleVersion
from core.forms import put_errors
from core.views import stale_words
from core.words import listed
from core.workdays import DAY, Calendar
from pilots import access
from pilots.current import programmes_of
from pilots.models import Programme
from reminders import services
from reminders.models import ReminderRule
from reminders.queries import rules_of

from .settings_forms import RuleForm

GENERAL = "general"  # no programme's code is one word


class ReminderRules(View):
    """/settings/reminders/"""

    required_permission = Permission.READ_SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = programmes_of(request)
        rules = rules_of(row.pk for row in mine)
        general = general_rule()
        lines = [self.line(GENERAL, _("没有单独设置的方案"), general, None)]
        lines += [self.line(row.code, row.display_name, rules[row.pk], row) for row in mine]
        context = {"lines": lines, "example": example(general, clock.today())}
        return render(request, "pages/settings/reminders.html", context)

    def line(
        self, code: str, name: str, rule: ReminderRule, programme: Programme | None
    ) -> dict[str, Any]:
        is_own = programme is None or rule.programme_id == programme.pk
        return {
            "code": code,
            "name": name,
            "rule": rule,
            "stages": listed(rule.stages),
            "is_own": is_own,
            "may_change": may_change(self.request.user, programme),
        }


class ReminderRuleChange(View):
    """/settings/reminders/<code>/"""

    required_permission = Permission.READ_SETTINGS
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def programme(self) -> Programme | None:
        """None for the general rule; 404 for a programme that the reader does not see."""
        code = self.kwargs["code"]
        if code == GENERAL:
            return None
        found = next((row for row in programmes_of(self.request) if row.code == code), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def rule(self) -> ReminderRule:
        """Its own rule; where it has none, one not saved that begins as the general one."""
        if self.programme is None:
            return general_rule()
        own = ReminderRule.objects.filter(programme=self.programme).first()
        base = general_rule()
        facts = {name: getattr(base, name) for name in ("stages", "cdo_from", "desk_from_week")}
        return own or ReminderRule(programme=self.programme, **facts)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_change(request.user, self.programme):
            text = _("提醒规则由牵头单位经办人（本方案）和系统管理员（其他方案）设置。")
            refusal = {"message": PermissionRefused(text).message}
            return render(request, "errors/403.html", refusal, status=403)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.page(RuleForm.of(self.rule))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form, rule = RuleForm(request.POST), self.rule
        if not form.is_valid():
            return self.page(form, 422)
        facts = dict(form.cleaned_data)
        version = facts.pop("version")
        try:
            known = version if rule.pk else None
            services.set_rule(rule, by=request.user, version=known, **facts)
        except StaleVersion as refusal:
            del self.rule  # what was refused is not the rule of now
            return self.page(form, refusal.status, stale_words(rule))
        except ValidationError as error:
            put_errors(form, error)
            del self.rule  # what was refused is not the rule of now
            return self.page(form, 422)
        messages.success(request, _("已保存，下次运行起按新规则提醒，已发的不撤回。"))
        return redirect("settings-reminders")

    def page(self, form: RuleForm, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {
            "form": form,
            "refusal": refusal,
            "programme": self.programme,
            "rule": self.rule,
            "example": example(self.rule, clock.today()),
        }
        return render(self.request, "pages/settings/reminder_rule.html", context, status=status)


def general_rule() -> ReminderRule:
    """The rule for all without one of their own; the product's stages where nobody set it."""
    return ReminderRule.objects.filter(programme=None).first() or ReminderRule()


def may_change(user: Any, programme: Programme | None) -> bool:
    """The bureau's officers for their programme, the system administrator for all others."""
    if programme is None:
        return access.may(user, Permission.MANAGE_SYSTEM)
    return access.may(user, Permission.MANAGE_PROGRAMME, programme=programme)


def example(rule: ReminderRule, on: date) -> dict[str, Any]:
    """{"due_on", "days"}: on which days a task due at the end of this month is told."""
    due = span_start(on, Span.MONTH, 1) - DAY
    calendar = Calendar.around(due)
    days = [calendar.back(due, stage) for stage in rule.stages]
    return {"due_on": due, "days": listed(day.isoformat() for day in days)}
