"""P23 帮助: one-screen guides by role, terms, versions, and the accessibility statement."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from pilots.access import PUBLIC


@dataclass(frozen=True)
class Topic:
    """One page of help; its address is the name of its template."""

    template: str
    title: Any
    note: Any

    @property
    def slug(self) -> str:
        return PurePosixPath(self.template).stem


GUIDES = (
    Topic("pages/help/start.html", _("第一次登录"), _("换密码、认识页面、设置外观")),
    Topic("pages/help/data-officer.html", _("单位经办人"), _("看待办、签收任务、收提醒")),
    Topic("pages/help/cdo.html", _("首席数据官"), _("三分钟看完本单位的情况")),
    Topic("pages/help/bureau.html", _("牵头单位经办人"), _("每天看什么、怎样登记完成")),
    Topic("pages/help/reports.html", _("填写、审签和报送"), _("自动保存、沿用上期、退回修改")),
    Topic("pages/help/review.html", _("审核和总体报告"), _("报告期、逐栏退回、报送登记")),
    Topic("pages/help/orders.html", _("通知、延期和提醒单"), _("怎样发、怎样申请、怎样答复")),
    Topic("pages/help/deadlines.html", _("确认截止口径"), _("文件写得不明确时怎样定日期")),
    Topic("pages/help/units.html", _("单位更名、合并和补名"), _("历史怎样保留")),
    Topic("pages/help/officers.html", _("任命、备案和交接"), _("谁在任、缺谁、怎样报备")),
    Topic("pages/help/evaluations.html", _("履职评价"), _("自评、评分、复核申请和结果")),
    Topic("pages/help/leader.html", _("领导"), _("总览怎样看")),
    Topic("pages/help/reader.html", _("上级查阅人员和评价人员"), _("能看什么")),
    Topic("pages/help/auditor.html", _("审计员"), _("操作日志怎样查")),
    Topic("pages/help/administrator.html", _("系统管理员和安全管理员"), _("三员分工")),
)
REFERENCE = (
    Topic("pages/help/terms.html", _("名词解释"), _("页面上的每个词是什么意思")),
    Topic("pages/help/versions.html", _("版本说明"), _("每个版本有什么变化")),
)
TOPICS = {topic.slug: topic for topic in (*GUIDES, *REFERENCE)}


@method_decorator(login_not_required, name="dispatch")
class HelpView(View):
    """/help/"""

    required_permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "pages/help/index.html", {"guides": GUIDES, "reference": REFERENCE})


@method_decorator(login_not_required, name="dispatch")
class HelpTopicView(View):
    """/help/<slug>/"""

    required_permission = PUBLIC

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if slug not in TOPICS:
            raise Http404
        return render(request, TOPICS[slug].template, {"topic": TOPICS[slug]})


@method_decorator(login_not_required, name="dispatch")
class AccessibilityView(View):
    """/help/accessibility/"""

    required_permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "pages/help/accessibility.html")
