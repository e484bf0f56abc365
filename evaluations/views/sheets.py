"""F4 评分表: one sheet, filled by its unit or its reviewers, read by the bureau; each cell by itself."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.models import StoredFile
from core.uploads import DownloadView
from core.views import RefusalMixin

from .. import services
from ..choices import Hand, State
from ..criteria import said
from ..forms.cells import CellForm, standing
from ..models import Objection, Score, ScoreEvidence
from ..queries.allowed import is_cdo, of_unit, seat_of
from ..queries.lines import Line, lines_of, progress_of
from ..queries.reading import may_decide, may_manage, may_reopen, reads_all, writing_hand
from ..queries.sheets import sheet_of
from .bases import CardMixin, sheet_url


class SheetMixin(CardMixin):
    """The sheet as its reader sees it: `hand` is where he or she writes now, '' for nowhere."""

    @cached_property
    def hand(self) -> str:
        return writing_hand(self.card, self.request.user)

    @cached_property
    def is_told(self) -> bool:
        """Whether what each leaf got may be shown."""
        user, card = self.request.user, self.card
        if self.round.is_told and of_unit(card, user):
            return True
        # Somebody who still scores does not read what the others think.
        if self.hand or self.is_blind:
            return False
        return reads_all(user, self.round.programme) or seat_of(card, user) is not None

    @property
    def is_blind(self) -> bool:
        """A reviewer who is through reads the other when both are."""
        seats = self.card.seats.filter(ended_at=None, hand__in=[Hand.FIRST, Hand.SECOND])
        mine = seats.filter(user=self.request.user)
        return mine.exists() and seats.filter(done_at=None).exists()

    def lines(self) -> list[Line]:
        sheet = sheet_of(self.card) if self.is_told else None
        return lines_of(self.card, self.request.user, self.hand, sheet)


class SheetPage(SheetMixin, RefusalMixin, View):
    """/evaluations/<number>/<unit>/; a POST saves every cell of the page (without JavaScript)."""

    required_permission = Permission.READ_ROUNDS

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.page(self.lines(), {})

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.hand:
            raise MoveNotAllowed(_("这张评分表现在不能填写。"))
        lines = self.lines()
        forms = {
            line.row.key: CellForm(request.POST, leaf=line.row, hand=self.hand, score=line.mine)
            for line in lines
            if line.is_written and f"{line.row.key}-version" in request.POST
        }
        kept = self.save(forms)
        if kept or not all(form.is_valid() for form in forms.values()):
            return self.page(self.lines(), forms, kept, 409 if kept else 422)
        if "check" in request.POST:
            return redirect("evaluations:check", self.round.number, self.card.unit.code)
        messages.success(request, _("已保存%(at)s。") % {"at": f"{localtime(clock.now()):%H:%M}"})
        return redirect(sheet_url(self.card))

    def save(self, forms: dict[str, CellForm]) -> dict[str, str]:
        """Save what is good and was touched; what a newer save stood against, by key, in words."""
        kept = {}
        for key, form in forms.items():
            if not form.is_valid() or not form.is_touched():
                continue
            try:
                saved = self.save_cell(form)
            except Refused as refusal:
                form.add_error(form.name, str(refusal))
                continue
            if saved is not None and saved.kept is not None:
                kept[key] = conflict_words(saved.score)
        return kept

    def save_cell(self, form: CellForm) -> services.Saved | None:
        return save_form(self.card, form, self.hand, self.request.user)

    def page(
        self,
        lines: list[Line],
        forms: dict[str, CellForm],
        kept: dict[str, str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        user, card = self.request.user, self.card
        shown = [self.shown(line, forms, kept or {}) for line in lines]
        asked = self.asked_keys()
        context = {
            "round": self.round,
            "card": card,
            "hand": self.hand,
            "hand_label": Hand(self.hand).label if self.hand else "",
            "is_review": self.hand in {Hand.FIRST, Hand.SECOND, Hand.THIRD_PARTY},
            "lines": shown,
            "progress": progress_of(lines),
            "faults": [
                {"id": form.box.id_for_label, "text": str(text)}
                for form in forms.values()
                for texts in form.errors.values()
                for text in texts
            ],
            "is_told": self.is_told,
            "is_own": of_unit(card, user),
            "may_object": self.round.takes_objections(clock.today()) and of_unit(card, user),
            "asked": asked,
            "may_correct": self.round.state == State.OBJECTIONS
            and may_manage(user, self.round.programme),
            "may_settle": self.round.state == State.REVIEW
            and may_decide(user, self.round.programme)
            and not self.hand,
            "reopen": may_reopen(card, user),
            "is_cdo": is_cdo(card, user),
        }
        return render(self.request, "evaluations/sheet.html", context, status=status)

    def asked_keys(self) -> dict[str, str]:
        """Numbers of the open objections by the key of their item."""
        rows = Objection.objects.visible_to(self.request.user).open().filter(scorecard=self.card)
        return dict(rows.values_list("indicator__key", "number"))

    def shown(self, line: Line, forms: dict[str, CellForm], kept: dict[str, str]) -> dict[str, Any]:
        row = line.row
        form = forms.get(row.key)
        if form is None and line.is_written:
            form = CellForm(leaf=row, hand=self.hand, score=line.mine)
        version = line.mine.version if line.mine else 0
        return {
            "line": line,
            "row": row,
            "form": form,
            "version": version,
            "kept": kept.get(row.key, ""),
            "is_disputed": bool(line.told and line.told.is_disputed),
        }


def save_form(card: Any, form: CellForm, hand: str, user: Any) -> services.Saved | None:
    """Save one cell from its form; None where a fault was put beside it. Raises Refused."""
    try:
        return services.save_score(
            card, form.leaf, hand, form.entry(), by=user, version=form.posted_version
        )
    except ValidationError as error:
        for text in error.messages:
            form.add_error(form.name, text)
        return None


def conflict_words(score: Score) -> str:
    """「演示人员03 9:38在另一窗口改过，现在是12分。」"""
    facts = {
        "who": score.saved_by,
        "at": f"{localtime(score.saved_at):%H:%M}",
        "now": standing(score),
    }
    return _("%(who)s%(at)s在另一窗口改过，现在是“%(now)s”。两份都已保留。") % facts


class CellSave(SheetMixin, View):
    """POST …/cells/<key>/: one cell of the page that is being filled. Answers JSON:
    {"state": "saved" | "invalid" | "conflict" | "refused", "version", "at", "fault", "progress"}; GET
    tells where the cell stands and gives a fresh token after a new login."""

    required_permission = Permission.READ_ROUNDS

    @cached_property
    def line(self) -> Line:
        for line in self.lines():
            if line.row.key == self.kwargs["key"] and line.is_written:
                return line
        raise Http404

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        found = self.line.mine
        facts = {
            "version": found.version if found else 0,
            "standing": standing_of(found),
            "token": get_token(request),
        }
        return JsonResponse(facts)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.hand:
            text = _("这张评分表已不能填写，刷新页面再看。")
            return JsonResponse({"state": "refused", "message": text}, status=409)
        form = CellForm(request.POST, leaf=self.line.row, hand=self.hand, score=self.line.mine)
        try:
            saved = form.is_valid() and save_form(self.card, form, self.hand, request.user)
        except PermissionRefused:
            raise
        except Refused as refusal:
            facts = {"state": "refused", "message": str(refusal)}
            return JsonResponse(facts, status=refusal.status)
        if not saved:
            texts = [str(text) for texts in form.errors.values() for text in texts]
            return JsonResponse({"state": "invalid", "fault": "".join(texts)}, status=422)
        return self.told(saved)

    def told(self, saved: services.Saved) -> HttpResponse:
        score = saved.score
        facts = {
            "state": "conflict" if saved.kept else "saved",
            "version": score.version,
            "standing": standing_of(score),
            "at": f"{localtime(clock.now()):%H:%M}",
        }
        if saved.kept:
            facts["message"] = conflict_words(score)
            return JsonResponse(facts, status=409)
        found = progress_of(self.lines())
        facts["progress"] = {
            "done": found.done,
            "asked": found.asked,
            "missing": found.missing,
            "total": said(found.total),
        }
        return JsonResponse(facts)


def standing_of(score: Score | None) -> dict[str, Any]:
    """What stands in a cell, as the page compares it with what it sent."""
    if score is None:
        return {"points": "", "answer": None, "reason": ""}
    points = "" if score.points is None else said(score.points)
    return {"points": points, "answer": score.answer, "reason": score.reason}


class SheetPrint(SheetMixin, View):
    """…/print/: the official sheet on A4 paper."""

    required_permission = Permission.READ_ROUNDS

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        lines = self.lines()
        context = {
            "round": self.round,
            "card": self.card,
            "lines": lines,
            "hand": self.hand,
            "is_told": self.is_told,
            "today": clock.today(),
        }
        return render(request, "evaluations/sheet_print.html", context)


class FileOfSheet(CardMixin, DownloadView):
    """…/files/<pk>/: a file beside a cell, for everybody who reads the sheet."""

    required_permission = Permission.READ_ROUNDS

    def get_file(self) -> tuple[StoredFile, str]:
        rows = ScoreEvidence.objects.filter(scorecard=self.card, removed_at=None)
        row = get_object_or_404(rows.select_related("evidence__stored"), pk=self.kwargs["pk"])
        return row.evidence.stored, row.evidence.name
