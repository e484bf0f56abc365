"""「为什么是红的」: the light of an assignment in a sentence."""

from django.utils.translation import gettext_lazy as _

from core.workdays import Calendar

from ..choices import Light
from ..models import Assignment, LightRule

_AHEAD = _("%(due_on)s截止，最后一个工作日是%(last)s，还有%(workdays)s个工作日。")
# Lazy: a list of fifty rows translates fifty sentences, not all of them for each row.
SENTENCES = {
    Light.OVERDUE: _(
        "截止日期是%(latest_on)s（当天24:00止），到%(on)s还没有完成，已过%(days)s天。"
    ),
    Light.UNCONFIRMED: _(
        "文件写“%(wording)s”，可理解为%(due_on)s前，也可理解为%(latest_on)s前。口径确认之前不算逾期。"
    ),
    Light.DUE_SOON: _AHEAD,
    Light.NORMAL: _AHEAD,
    Light.UNDATED: _("文件没有规定时限，不设截止日期，也不会逾期。"),
    Light.DONE: _("%(done_on)s完成。"),
}


def why(assignment: Assignment, rule: LightRule, calendar: Calendar) -> str:
    """One sentence that a unit can check by itself."""
    light = assignment.light(rule)
    if light == Light.NOT_APPLICABLE:
        return assignment.status_note or assignment.get_status_display()
    facts = {
        "due_on": assignment.due_on,
        "latest_on": assignment.latest_on,
        "on": rule.on,
        "done_on": assignment.done_on,
        "wording": assignment.obligation.wording,
        "days": assignment.days_over(rule.on),
    }
    if light in {Light.DUE_SOON, Light.NORMAL} and assignment.last_workday_on:
        facts["workdays"] = calendar.between(rule.on, assignment.last_workday_on)
        facts["last"] = assignment.last_workday_on
    return str(SENTENCES[light]) % facts
