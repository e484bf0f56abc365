"""The living style guide: every component in every state, on invented data.

It is the test target for contrast, axe and screenshots, and the pattern book for page authors.
"""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from core import clock
from core.forms import Form
from core.templatetags.icons import ICONS
from pilots.access import PUBLIC

from . import styleguide_data as data
from . import styleguide_drawings as drawings

SECTIONS = (
    ("lights", _("时限灯与办理状态")),
    ("strip", _("六格")),
    ("facts", _("数字行")),
    ("icons", _("图标与按钮")),
    ("todo", _("待办")),
    ("next", _("下一步")),
    ("summary", _("要点")),
    ("clause", _("条款原文")),
    ("trail", _("办理过程")),
    ("agenda", _("时限清单")),
    ("charts", _("图")),
    ("list", _("列表")),
    ("form", _("表单")),
    ("confirm", _("确认")),
    ("banner", _("横幅")),
    ("login", _("登录")),
    ("empty", _("空状态")),
    ("matrix", _("总览表")),
)


class FilterForm(Form):
    """A list's filters, as a FilterSet would give them."""

    unit = forms.ChoiceField(
        label=_("单位"), choices=[("", _("全部")), ("gaj", _("样例局甲"))], required=False
    )
    light = forms.ChoiceField(
        label=_("时限灯"), choices=[("", _("全部")), ("overdue", _("逾期"))], required=False
    )
    q = forms.CharField(label=_("名称"), required=False, widget=forms.TextInput({"type": "search"}))
    due_after = forms.DateField(
        label=_("截止不早于"), required=False, widget=forms.DateInput({"type": "date"})
    )


class SampleForm(Form):
    """One field of each kind."""

    title = forms.CharField(label=_("任务名称"), help_text=_("写结果，不写过程"))
    due_on = forms.DateField(label=_("截止日期"), widget=forms.DateInput({"type": "date"}))
    progress = forms.CharField(
        label=_("本期进展"), widget=forms.Textarea({"rows": 4, "data-limit": 500})
    )
    unit = forms.ChoiceField(label=_("单位"), choices=[("gaj", _("样例局甲"))], required=False)
    state = forms.ChoiceField(
        label=_("完成情况"),
        choices=[("done", _("已完成")), ("going", _("推进中"))],
        widget=forms.RadioSelect,
    )
    told = forms.BooleanField(label=_("已告知经办人"), required=False)
    file = forms.FileField(
        label=_("佐证材料"), required=False, help_text=_("单个不超过20MB，没有新材料可不传")
    )


class LoginSample(Form):
    """The login form as the login page shows it."""

    username = forms.CharField(label=_("账号"))
    password = forms.CharField(label=_("密码"), widget=forms.PasswordInput)


@method_decorator(login_not_required, name="dispatch")
class StyleguideView(TemplateView):
    """/styleguide/, open to everybody: it shows nothing that is true."""

    template_name = "pages/styleguide.html"
    required_permission = PUBLIC

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.today()
        size = self.request.GET.get("page_size", "20")
        rows = Paginator(data.rows(today), int(size) if size in {"20", "50", "100"} else 20)
        return super().get_context_data(
            **kwargs,
            **data.words(today),
            **data.lists(today),
            sections=SECTIONS,
            icons=list(ICONS),
            charts=drawings.charts(today),
            grid=drawings.grid(),
            page=rows.get_page(self.request.GET.get("page")),
            filter_form=FilterForm(self.request.GET or None),
            blank_form=SampleForm(auto_id="blank_%s"),
            bad_form=_bad_form(),
            login_form=LoginSample(auto_id="login_%s"),
        )


def _bad_form() -> SampleForm:
    """A form sent with faults."""
    return SampleForm({"title": "", "due_on": "", "told": "on"}, auto_id="bad_%s")
