"""What is done with a sheet as a whole: the check page, handing in, taking back, files, a third entry,
a correction."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core.errors import MoveNotAllowed, PermissionRefused
from core.uploads import receive
from core.views import RefusalMixin, posted_version
from reports.models import Evidence
from reports.services import keep_evidence

from .. import services
from ..choices import Hand
from ..criteria import said
from ..forms.cells import SettleForm
from ..forms.objections import FilesForm
from ..models import Indicator, ScoreEvidence
from ..models.scores import OWN_HANDS
from ..queries.allowed import is_cdo, require_decider
from ..queries.lines import progress_of
from ..queries.reading import may_reopen, own_hand
from .bases import OfCard, sheet_url
from .sheets import SheetMixin

LIBRARY = 200  # files on offer


class Check(SheetMixin, RefusalMixin, View):
    """…/check/: what is still missing, then handing in."""

    required_permission = Permission.READ_ROUNDS

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.hand:
            return redirect(sheet_url(self.card))
        return self.page()

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.hand:
            raise MoveNotAllowed(_("这张评分表已经提交，或者这一步已经结束。"))
        try:
            if self.hand in OWN_HANDS:
                services.hand_in(
                    self.card, self.hand, by=request.user, version=posted_version(request)
                )
            else:
                services.finish_review(self.card, by=request.user)
        except ValidationError:
            return self.page(422)
        messages.success(request, _("已提交。这一步结束前可以撤回修改。"))
        return redirect(sheet_url(self.card))

    def get_refusal_url(self) -> str:
        return sheet_url(self.card)

    def page(self, status: int = 200) -> HttpResponse:
        lines = self.lines()
        waits_for_cdo = self.hand == Hand.SELF and not is_cdo(self.card, self.request.user)
        context = {
            "round": self.round,
            "card": self.card,
            "hand_label": Hand(self.hand).label,
            "is_review": self.hand not in OWN_HANDS,
            "progress": progress_of(lines),
            "lines": [line for line in lines if line.is_asked],
            "faults": services.unfinished(self.card, self.hand),
            "waits_for_cdo": waits_for_cdo,
        }
        return render(self.request, "evaluations/check.html", context, status=status)


class GoBack(SheetMixin, RefusalMixin, View):
    """POST …/back/: open again what was handed in."""

    required_permission = Permission.READ_ROUNDS

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        hand = may_reopen(self.card, request.user)
        if not hand:
            raise MoveNotAllowed(_("现在不能撤回。"))
        if hand in OWN_HANDS:
            version = posted_version(request)
            services.take_back(self.card, hand, by=request.user, version=version)
        else:
            services.resume_review(self.card, by=request.user)
        messages.success(request, _("已撤回，可以继续填写。"))
        return redirect(sheet_url(self.card))

    def get_refusal_url(self) -> str:
        return sheet_url(self.card)


class LeafMixin(OfCard):
    """A form about one leaf of a sheet."""

    @cached_property
    def leaf(self) -> Indicator:
        version = self.round.scheme_version
        rows = version.indicators.standing().exclude(source="")
        row = get_object_or_404(rows, key=self.kwargs["key"])
        row.scheme_version = version
        return row

    def back_url(self) -> str:
        return f"{sheet_url(self.card)}#c-{self.kwargs['key']}"

    def library(self) -> list[Evidence]:
        rows = Evidence.objects.visible_to(self.request.user)
        own = rows.filter(unit=self.card.unit, programme=self.card.programme)
        return list(own.select_related("stored")[:LIBRARY])

    def received(self, form: Any) -> list[Evidence]:
        """The files that were ticked, and the one that was uploaded."""
        found = form.chosen()
        if uploaded := form.cleaned_data.get("file"):
            taken = keep_evidence(
                receive(uploaded),
                unit=self.card.unit,
                programme=self.card.programme,
                by=self.request.user,
            )
            found = [*found, taken]
        return found


class Files(LeafMixin):
    """…/evidence/<key>/: files beside a cell of the unit's own."""

    label = gettext_lazy("附上")
    template_name = "evaluations/files.html"

    def prepare(self) -> None:
        if not own_hand(self.card, self.request.user):
            raise PermissionRefused

    def heading(self) -> str:
        return _("“%(name)s”的佐证材料") % {"name": self.leaf.name}

    def lede(self) -> str:
        return self.leaf.evidence_note

    def links(self) -> list[ScoreEvidence]:
        rows = ScoreEvidence.objects.filter(
            scorecard=self.card, indicator=self.leaf, removed_at=None
        )
        return list(rows.select_related("evidence__stored"))

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "links": self.links(),
            "card": self.card,
            "round": self.round,
            "key": self.leaf.key,
        }

    def get_form(self, *data: Any) -> FilesForm:
        taken = {link.evidence_id for link in self.links()}
        return FilesForm(*data, library=[row for row in self.library() if row.pk not in taken])

    def act(self, form: FilesForm) -> tuple[str, str]:
        found = self.received(form)
        for row in found:
            services.attach_evidence(self.card, self.leaf, row, by=self.request.user)
        said_ = _("已附%(count)s个文件。") % {"count": len(found)} if found else _("没有选文件。")
        return said_, self.request.path


class Detach(LeafMixin):
    """POST …/evidence/<key>/<pk>/detach/"""

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        raise Http404

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        rows = ScoreEvidence.objects.filter(scorecard=self.card, indicator=self.leaf)
        link = get_object_or_404(rows.select_related("evidence"), pk=self.kwargs["pk"])
        services.detach_evidence(link, by=request.user)
        messages.success(request, _("已移除“%(name)s”。") % {"name": link.evidence.name})
        return redirect(self.get_refusal_url())

    def get_refusal_url(self) -> str:
        number, unit = self.round.number, self.card.unit.code
        return reverse("evaluations:evidence", args=[number, unit, self.leaf.key])


class Settle(LeafMixin):
    """…/settle/<key>/: a third entry where two reviewers differ too much."""

    label = gettext_lazy("裁定")

    def prepare(self) -> None:
        require_decider(self.card, self.request.user)

    def heading(self) -> str:
        return _("裁定“%(name)s”的得分") % {"name": self.leaf.name}

    def lede(self) -> str:
        return _("分值%(weight)s分。") % {"weight": said(self.leaf.weight or 0)}

    def rows(self) -> list[dict[str, Any]]:
        scores = self.card.scores.filter(indicator=self.leaf, points__isnull=False)
        return [
            {
                "label": row.get_hand_display(),
                "value": _("%(points)s分") % {"points": said(row.points)},
                "note": row.reason,
            }
            for row in scores.exclude(hand__in=OWN_HANDS).order_by("hand")
        ]

    def get_form(self, *data: Any) -> SettleForm:
        return SettleForm(*data[:1])

    def act(self, form: SettleForm) -> tuple[str, str]:
        given = form.cleaned_data
        services.settle(
            self.card, self.leaf, given["points"], given["reason"], by=self.request.user
        )
        return _("已裁定“%(name)s”。") % {"name": self.leaf.name}, self.back_url()


class Correct(Settle):
    """…/correct/<key>/: the bureau puts a told score right."""

    label = gettext_lazy("更正")

    def heading(self) -> str:
        return _("更正“%(name)s”的得分") % {"name": self.leaf.name}

    def act(self, form: SettleForm) -> tuple[str, str]:
        given = form.cleaned_data
        services.correct_score(
            self.card, self.leaf, given["points"], given["reason"], by=self.request.user
        )
        return _("已更正“%(name)s”。") % {"name": self.leaf.name}, self.back_url()
