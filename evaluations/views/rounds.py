"""Rounds: the list, one round with its sheets and steps, opening and changing one."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from approvals.views.signing import SignedPage
from core import clock
from core.columns import Column
from core.errors import PermissionRefused
from core.lists import ListPage
from core.words import relation
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from .. import services
from ..choices import MOVES, PUT_UP, Hand, Move, State
from ..forms.rounds import ChangeRoundForm, NewRoundForm
from ..models import Objection, Round, RoundQuerySet, SchemeVersion, Scorecard
from ..queries.allowed import of_unit
from ..queries.listing import not_handed_in, reviewers_of, rounds_told, standings
from ..queries.reading import may_manage, reads_all, writing_hand
from ..queries.trees import faults_of
from .bases import TONES, Form, OfRound, RoundMixin, history, sheet_url
from .list_filters import RoundPageFilter

COURSE = (
    State.PREPARING, State.SELF_SCORING, State.UNIT_SCORING, State.REVIEW, State.OBJECTIONS,
    State.FINAL, State.PUBLISHED,
)  # fmt: skip
# Which day of the plan each step is asked by.
UNTIL = {
    State.SELF_SCORING: "self_by",
    State.UNIT_SCORING: "unit_by",
    State.REVIEW: "review_by",
    State.OBJECTIONS: "objections_until",
}


class RoundList(ListPage):
    """/evaluations/"""

    required_permission = Permission.READ_ROUNDS
    label = gettext_lazy("履职评价")
    template_name = "evaluations/round_list.html"
    page_filter = RoundPageFilter
    ordering_fields = ("number", "title", "state", "ends_on")
    ordering = ("-number",)
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("state", gettext_lazy("进度"), "fit", "state", short=""),
        Column("title", gettext_lazy("名称"), sort="title", is_title=True),
        Column("period", gettext_lazy("评价期间"), "fit", "ends_on"),
        Column("scheme", gettext_lazy("指标体系")),
        Column("until", gettext_lazy("本步截止"), "fit"),
        Column("seen", gettext_lazy("评价对象"), "fit num"),
        Column("waiting", pgettext_lazy("list", "待处理复核申请"), "fit num"),
    )

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> RoundPageFilter:
        if self.programme and "programme" not in data:
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    def get_queryset(self) -> RoundQuerySet:
        user = self.request.user
        return rounds_told(Round.objects.visible_to(user), user)

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        user = self.request.user
        return {
            **context,
            "form": context["filter"].form,
            "lines": [
                {
                    "row": row,
                    "tone": TONES.get(State(row.state), "mine"),
                    "until": until(row),
                }
                for row in context["rows"]
            ],
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "may_open": bool(self.programme) and may_manage(user, self.programme),
        }


def until(row: Round) -> Any:
    """The day by which the present step is asked, None for a step without one."""
    name = UNTIL.get(State(row.state))
    return getattr(row, name) if name else None


class RoundNew(Form):
    """/evaluations/new/"""

    label = gettext_lazy("建立评价")

    def prepare(self) -> None:
        found = current_programme(self.request)
        if found is None or not may_manage(self.request.user, found):
            raise PermissionRefused
        self.programme = found

    def heading(self) -> str:
        return _("建立评价")

    def lede(self) -> str:
        return self.programme.display_name

    def notes(self) -> list[str]:
        rows = self.versions()
        if not rows:
            return [_("还没有可用的指标体系，先建立一套")]
        unready = [str(row) for row in rows if not row.is_frozen and faults_of(row)]
        if unready:
            facts = {"names": "、".join(unready)}
            return [_("%(names)s还有要改的地方，改好才能用") % facts]
        return []

    def versions(self) -> list[SchemeVersion]:
        """The newest version of each scheme of the programme."""
        rows = SchemeVersion.objects.visible_to(self.request.user).select_related("scheme")
        own = rows.filter(scheme__programme=self.programme, scheme__withdrawn_on=None)
        found: dict[int, SchemeVersion] = {}
        for row in own.order_by("scheme_id", "number"):
            found[row.scheme_id] = row
        return list(found.values())

    def get_form(self, *data: Any) -> NewRoundForm:
        rows = self.versions()
        initial = {"scheme": str(rows[-1].pk)} if rows else {}
        return NewRoundForm(*data[:1], versions=rows, initial=initial)

    def act(self, form: NewRoundForm) -> tuple[str, str]:
        row = services.prepare_round(
            self.programme, form.version(), form.plan(), by=self.request.user
        )
        facts = {"number": row.number, "count": row.scorecards.count()}
        said = _("已建立，编号%(number)s，评价对象%(count)s个单位。") % facts
        return said, reverse("evaluations:round", args=[row.number])


class RoundChange(OfRound):
    """/evaluations/<number>/change/"""

    label = gettext_lazy("保存")

    def heading(self) -> str:
        return _("修改评价安排")

    def get_form(self, *data: Any) -> ChangeRoundForm:
        return ChangeRoundForm(*data[:1], row=self.round)

    def act(self, form: ChangeRoundForm) -> tuple[str, str]:
        version = form.cleaned_data["version"]
        services.change_round(self.round, form.plan(), by=self.request.user, version=version)
        return _("已保存。"), self.back_url()


class RoundPage(SignedPage, RoundMixin, View):
    """/evaluations/<number>/; 定稿 and 公布 are signed on it."""

    required_permission = Permission.READ_ROUNDS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.page()

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` goes over its own context."""
        context = {**self.context(), **given}
        return render(self.request, "evaluations/round.html", context, status=status)

    def signing_subject(self) -> str:
        return self.round.number

    def sign_url(self, act: str) -> str:
        return reverse("evaluations:round-sign", args=[self.round.number, act])

    def context(self) -> dict[str, Any]:
        row, user = self.round, self.request.user
        manages, reads = may_manage(user, row.programme), reads_all(user, row.programme)
        cards = Scorecard.objects.visible_to(user).filter(round=row)
        asks = not_handed_in(cards.standing(), row.state)
        only = self.request.GET.get("open") == "true"
        lines = [self.line(each, reads) for each in standings(asks if only else cards)]
        signing = self.signing()
        return {
            "round": row,
            "tone": TONES.get(State(row.state), "mine"),
            "course": course(row),
            "lines": lines,
            "own": [line for line in lines if line["is_own"]],
            "waiting": asks.count() if reads else 0,
            "only": only,
            "reads_all": reads,
            "manages": manages,
            "moves": moves_of(row, is_signing=signing.open is not None) if manages else [],
            "signing": signing,
            "has_draft": reads and row.state == State.OBJECTIONS,
            "hands": [(hand, Hand(hand).label) for hand in reviewers_of(row)] if reads else [],
            "objections": Objection.objects.visible_to(user).filter(scorecard__round=row).count(),
            "until": until(row),
            "until_words": relation(until(row), clock.today()) if until(row) else "",
            "has_results": row.editions > 0 and (reads or row.state == State.PUBLISHED),
            "may_refresh": manages
            and row.state in {State.REVIEW, State.OBJECTIONS}
            and signing.open is None,
            "is_open": row.state not in {State.FINAL, State.PUBLISHED, State.WITHDRAWN}
            and signing.open is None,
            "steps": history(row) if reads else [],
        }

    def line(self, standing: Any, reads: bool) -> dict[str, Any]:
        card, user = standing.card, self.request.user
        card.round = self.round
        seats = standing.seats if reads else {}
        hands = reviewers_of_line(seats, self.round) if reads else []
        return {
            "card": card,
            "url": sheet_url(card),
            "seats": hands,
            "mine": standing.seats
            and any(seat.user_id == user.pk for seat in standing.seats.values()),
            "waiting": standing.waiting,
            "is_own": of_unit(card, user),
            "hand": writing_hand(card, user) if not reads else "",
        }


def reviewers_of_line(seats: dict[str, Any], _round: Round) -> list[Any]:
    """The seats of a sheet in the order of the columns, None for one that is free."""
    order = [Hand.FIRST, Hand.SECOND, Hand.THIRD_PARTY]
    return [seats.get(hand) for hand in order if hand != Hand.THIRD_PARTY or hand in seats]


def course(row: Round) -> list[dict[str, Any]]:
    """The steps of the round: done, now, to come."""
    if row.state == State.WITHDRAWN:
        return []
    place = COURSE.index(State(row.state))
    found = []
    for index, state in enumerate(COURSE):
        name = UNTIL.get(state)
        css = "done" if index < place else "now" if index == place else "wait"
        found.append(
            {"label": state.label, "css": css, "day": getattr(row, name) if name else None}
        )
    return found


def moves_of(row: Round, *, is_signing: bool) -> list[dict[str, Any]]:
    """The next steps, each with the page that shows what it needs: forward first. What waits for a
    signature already is not put up again."""
    begins = [move for move, (states, _end) in MOVES.items() if row.state in states]
    found = [move for move in begins if not (is_signing and move in PUT_UP)]
    order = sorted(found, key=lambda move: move in {Move.WITHDRAW, Move.REOPEN})
    return [
        {
            "url": reverse("evaluations:round-step", args=[row.number, move.value]),
            "label": move.label,
            "is_forward": move not in {Move.WITHDRAW, Move.REOPEN},
        }
        for move in order
    ]
