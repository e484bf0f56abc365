"""P19 通知设置: what comes outside the portal, on one screen. The unsubscribe link of every mail leads
here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import LOGGED_IN
from core.errors import StaleVersion
from core.views import RefusalMixin, posted_version

from .. import queries, services
from ..choices import ALWAYS_TOLD, Topic
from ..models import Preference
from .feeds import feed_context

SAYS: dict[str, Any] = {
    Topic.DEADLINES: gettext_lazy("截止前几个工作日、截止当天和逾期后。每日汇总。"),
    Topic.TASKS: gettext_lazy("新任务、报告期开启、请求协办。每日汇总。"),
    Topic.SIGNING: gettext_lazy("有报告或公文轮到本人审签。每日汇总。"),
    Topic.RETURNS: gettext_lazy("退回后要在期限内改好再报，所以不能关闭。即时发送。"),
    Topic.SLIPS: gettext_lazy(
        "提醒单要求限期回复，所以不能关闭。即时发送；发出时勾选“即时发送”的，晚上和休息日也发。"
    ),
    Topic.REMARKS: gettext_lazy("领导对任务作了批示。即时发送。"),
    Topic.DECISIONS: gettext_lazy("延期、备案、报告等有了结果。即时发送。"),
    Topic.DESK: gettext_lazy("备案、申请等报到本机关，等待受理。每日汇总。"),
}


class NotifyPage(RefusalMixin, View):
    """/me/notify/"""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        row = Preference.objects.filter(user=request.user).first() or Preference()
        context = {
            "switches": [
                {"topic": topic, "says": SAYS[topic], "is_on": is_on, "may_change": may_change}
                for topic, is_on, may_change in services.switches(request.user)
            ],
            "version": row.version,
            "addresses": queries.own_addresses(request.user),
            **feed_context(request.user),
        }
        return render(request, "reminders/notify.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = set(request.POST.getlist("on")) | set(ALWAYS_TOLD)
        muted = [topic for topic in Topic.values if topic not in wanted]
        try:
            services.set_preference(request.user, muted=muted, version=posted_version(request))
        except StaleVersion:  # the settings are the person's own: nobody else changes them
            text = _("通知设置刚在别的窗口改过，这次没有保存。下面是现在的设置，核对后再改。")
            messages.error(request, text)
        else:
            messages.success(request, _("已保存，下一次发送起按新的设置。"))
        return redirect("reminders:notify")
