"""/trainings/counting/: how the programme reads 「2次交流会」 (domain.md E2)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core.errors import PermissionRefused, Refused
from pilots.current import current_programme

from .. import services
from ..forms.lists import CountingForm
from ..models import CountingRule
from ..queries.allowed import may_manage
from .bases import Form


class Counting(Form):
    required_permission = Permission.MANAGE_EVENTS
    label = gettext_lazy("保存并重新计数")

    def prepare(self) -> None:
        found = current_programme(self.request)
        if found is None:
            raise Refused(_("还没有可设置的方案。"))
        if not may_manage(self.request.user, found):
            raise PermissionRefused
        self.programme = found
        self.rule = services.rule_of(found)

    def subject(self) -> CountingRule:
        return self.rule

    def heading(self) -> str:
        return _("确认交流会次数的读法")

    def lede(self) -> str:
        return _(
            "文件写“组织2次首席数据官业务交流会”，没有说各2次还是合计2次。改了以后，已登记的交流会按新读法重新计数。"
        )

    def back_url(self) -> str:
        return reverse("trainings:quota")

    def get_form(self, *data: Any) -> CountingForm:
        rule = self.rule
        initial = {
            "version": rule.version,
            "exchange_reading": rule.exchange_reading,
            "note": rule.note,
        }
        return CountingForm(*data[:1], initial=initial)

    def act(self, form: CountingForm) -> tuple[str, str]:
        services.set_counting(self.programme, by=self.request.user, **form.cleaned_data)
        return _("已保存，并重新计数。"), self.back_url()
