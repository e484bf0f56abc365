"""An order in words: whose turn it is, and its receipts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..choices import OrderState
from ..models import Order

RECEIPTS = {
    "accepted": gettext_lazy("已签收"),
    "opened": gettext_lazy("已看未签"),
    "unopened": gettext_lazy("未看"),
    "off": pgettext_lazy("receipt", "已撤销或不适用"),
}


def counts_sentence(counts: Mapping[str, int]) -> str:
    """「已签收3，已看未签2，未看8」; what was taken off is said only where there is some."""
    parts = [
        _("%(label)s%(count)s") % {"label": label, "count": counts[key]}
        for key, label in RECEIPTS.items()
        if counts[key] or key != "off"
    ]
    return _("，").join(parts)


def next_step(order: Order, signing: Any, page: Any) -> dict[str, str]:
    """Whose turn it is: {"say", "note"}."""
    if order.state == OrderState.WITHDRAWN:
        return {"say": _("已撤销，无须再办"), "note": order.withdraw_reason}
    if order.state == OrderState.DRAFT:
        back = signing.last is not None and page.drafts
        say = _("修改后再提交审签") if back else _("核对后提交审签")
        return {"say": say, "note": _("审签完最后一步，任务当场交办到各单位。")}
    if order.state == OrderState.TO_SIGN:
        facts = {"who": signing.who}
        return {
            "say": _("等%(who)s审签") % facts if signing.who else _("等审签"),
            "note": _("审签完最后一步，任务当场交办到各单位。"),
        }
    mine = [each for each in page.receipts if each.state in {"opened", "unopened"}]
    if page.sees_all:
        say = _("等%(count)s个单位签收") % {"count": len(mine)} if mine else _("各单位都已签收")
        return {"say": say, "note": counts_sentence(page.counts)}
    return {"say": _("打开任务签收") if mine else _("已签收，按要求完成"), "note": ""}
