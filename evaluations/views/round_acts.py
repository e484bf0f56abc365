"""Steps of a round with their check pages; who reviews; whose CDOs are evaluated."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.choices import Purpose
from approvals.queries import chain_of
from core.errors import MoveNotAllowed
from duties.queries.orders import issuer_for
from pilots.forms import VersionedForm

from .. import services
from ..choices import MOVES, PUT_UP, Hand, Move, State
from ..forms.rounds import DropForm, ReviewersForm, StepForm, StepReasonForm, SubjectForm
from ..models import Scorecard
from ..queries.listing import not_handed_in, reviewers_of, waiting_objections
from ..queries.reviewers import possible_subjects, reviewers_in
from .bases import OfRound

WITH_REASON = {Move.REOPEN, Move.WITHDRAW}
EFFECTS = {
    Move.OPEN_SELF: gettext_lazy("各单位的首席数据官收到提醒，开始填写自评"),
    Move.OPEN_UNIT: gettext_lazy("自评结束，不能再改；各单位经办人收到提醒，填写本单位评价"),
    Move.OPEN_REVIEW: gettext_lazy("系统按今天的记录取数，评分人收到提醒，开始评分"),
    Move.OPEN_OBJECTIONS: gettext_lazy("各单位收到自己的得分和扣分理由，可以提出复核申请"),
    Move.FINALISE: gettext_lazy(
        "审签完最后一步，结果封存，附全部依据和摘要；审签期间不能改分，以后更正另成一版"
    ),
    Move.PUBLISH: gettext_lazy(
        "审签完最后一步，各单位看到自己的结果和全体的中位数，看不到其他单位的得分和位次"
    ),
    Move.REOPEN: gettext_lazy("回到复核申请一步，已封存的结果保留，更正后另成一版"),
    Move.WITHDRAW: gettext_lazy("这次评价停止，已填写的内容保留备查"),
}


class RoundStep(OfRound):
    """/evaluations/<number>/steps/<move>/: what the step does and what is still missing."""

    template_name = "evaluations/step.html"

    def prepare(self) -> None:
        super().prepare()
        name = self.kwargs["move"]
        if name not in Move.values:
            raise Http404
        self.move = Move(name)
        self.label = _("提交审签") if self.is_signed else self.move.label
        if self.round.state not in MOVES[self.move][0]:
            facts = {"title": self.round.title, "state": self.round.get_state_display()}
            raise MoveNotAllowed(_("“%(title)s”现在是“%(state)s”，不能这样办。") % facts)

    def heading(self) -> str:
        return str(self.move.label)

    @property
    def is_signed(self) -> bool:
        """Whether the step is put up for signing, and done with the last signature."""
        return self.move in PUT_UP

    def chain(self) -> list[str]:
        """Who signs, in order, as names of steps."""
        issuer = issuer_for(self.request.user, self.round.programme) if self.is_signed else None
        steps = chain_of(issuer, Purpose.EVALUATION) if issuer is not None else []
        return [step.label for step in steps]

    def context(self) -> dict[str, Any]:
        cards = Scorecard.objects.visible_to(self.request.user).standing().filter(round=self.round)
        asks = not_handed_in(cards, self.round.state)
        unseated = self.unseated(cards) if self.move == Move.OPEN_REVIEW else []
        return {
            **super().context(),
            "effect": EFFECTS[self.move],
            "chain": self.chain(),
            "has_draft": self.move == Move.FINALISE,
            "round": self.round,
            "cards": cards.count(),
            "waiting": list(asks.for_lists()) if self.is_forward else [],
            "unseated": unseated,
            "objections": self.open_objections(),
            "is_grave": not self.is_forward,
        }

    @property
    def is_forward(self) -> bool:
        return self.move not in WITH_REASON

    def unseated(self, cards: Any) -> list[Scorecard]:
        """Sheets without all their reviewers."""
        needed = set(reviewers_of(self.round))
        rows = cards.for_lists().prefetch_related("seats")
        return [
            card
            for card in rows
            if needed - {seat.hand for seat in card.seats.all() if seat.ended_at is None}
        ]

    def open_objections(self) -> int:
        rows = waiting_objections(self.request.user).filter(scorecard__round=self.round)
        return rows.count() if self.round.state == State.OBJECTIONS else 0

    def get_form(self, *data: Any) -> Any:
        kind = StepReasonForm if self.move in WITH_REASON else StepForm
        return kind(*data[:1], initial={"version": self.round.version})

    def act(self, form: Any) -> tuple[str, str]:
        given = form.cleaned_data
        row = services.advance(
            self.round,
            self.move,
            by=self.request.user,
            version=given["version"],
            reason=given.get("reason", ""),
        )
        facts = {"title": row.title, "state": row.get_state_display(), "step": self.move.label}
        if self.is_signed:
            return _("“%(title)s”%(step)s已提交审签。") % facts, self.back_url()
        return _("“%(title)s”进入“%(state)s”。") % facts, self.back_url()


class Refresh(OfRound):
    """/evaluations/<number>/refresh/: read the portal's own records again."""

    label = gettext_lazy("重新取数")

    def heading(self) -> str:
        return _("重新取数")

    def notes(self) -> list[str]:
        facts = {"day": self.round.facts_on}
        return [_("上次取数%(day)s；重新取数后，自动指标的得分随记录改变") % facts]

    def get_form(self, *data: Any) -> VersionedForm:
        return VersionedForm(*data[:1], initial={"version": self.round.version})

    def act(self, form: VersionedForm) -> tuple[str, str]:
        services.refresh_facts(
            self.round, by=self.request.user, version=form.cleaned_data["version"]
        )
        return _("已重新取数。"), self.back_url()


class Reviewers(OfRound):
    """/evaluations/<number>/reviewers/: the two of every sheet that has none yet."""

    label = gettext_lazy("指定")

    def heading(self) -> str:
        return _("指定评分人")

    def lede(self) -> str:
        return _("给还没有评分人的评分表一次指定两名评分人。两人各自评分，都评完以前互相看不到。")

    def get_form(self, *data: Any) -> ReviewersForm:
        hands = {hand: Hand(hand).label for hand in (Hand.FIRST, Hand.SECOND)}
        users = reviewers_in(self.round.programme)
        return ReviewersForm(*data[:1], hands=hands, users=users, required=True)

    def act(self, form: ReviewersForm) -> tuple[str, str]:
        given = form.chosen()
        left = services.give_seats(
            self.round, given[Hand.FIRST], given[Hand.SECOND], by=self.request.user
        )
        if left:
            said = _("已指定，另有没有指定上的：%(why)s") % {"why": " ".join(left)}
            return said, self.back_url()
        return _("已指定评分人。"), self.back_url()


class SeatsOfCard(OfRound):
    """/evaluations/<number>/<unit>/reviewers/: those of one sheet."""

    label = gettext_lazy("保存")

    def prepare(self) -> None:
        super().prepare()
        rows = Scorecard.objects.visible_to(self.request.user).for_lists()
        code = self.kwargs["unit"]
        self.card = get_object_or_404(rows, round=self.round, enrolment__unit__code=code)

    def heading(self) -> str:
        return _("%(unit)s的评分人") % {"unit": self.card.unit.display_name}

    def notes(self) -> list[str]:
        return [_("换人后，原评分人填写的分数清空，记录保留")]

    def get_form(self, *data: Any) -> ReviewersForm:
        hands = {hand: Hand(hand).label for hand in reviewers_of(self.round)}
        seats = self.card.seats.filter(ended_at=None)
        initial = {seat.hand: str(seat.user_id) for seat in seats}
        users = reviewers_in(self.round.programme)
        return ReviewersForm(*data[:1], hands=hands, users=users, required=False, initial=initial)

    def act(self, form: ReviewersForm) -> tuple[str, str]:
        for hand, user in form.chosen().items():
            services.give_seat(self.card, hand, user, by=self.request.user)
        return _("已保存。"), self.back_url()


class SubjectAdd(OfRound):
    """/evaluations/<number>/subjects/add/"""

    label = gettext_lazy("添加")

    def heading(self) -> str:
        return _("添加评价对象")

    def get_form(self, *data: Any) -> SubjectForm:
        return SubjectForm(*data[:1], rows=possible_subjects(self.round, self.request.user))

    def act(self, form: SubjectForm) -> tuple[str, str]:
        card = services.add_subject(self.round, form.enrolment_row(), by=self.request.user)
        return _("已添加%(unit)s。") % {"unit": card.unit.display_name}, self.back_url()


class SubjectDrop(SeatsOfCard):
    """/evaluations/<number>/<unit>/drop/"""

    label = gettext_lazy("移出")

    def subject(self) -> Scorecard:
        return self.card

    def heading(self) -> str:
        return _("把%(unit)s移出这次评价") % {"unit": self.card.unit.display_name}

    def notes(self) -> list[str]:
        return []

    def get_form(self, *data: Any) -> DropForm:
        return DropForm(*data[:1], initial={"version": self.card.version})

    def act(self, form: DropForm) -> tuple[str, str]:
        services.drop_subject(self.card, by=self.request.user, **form.cleaned_data)
        return _("已移出%(unit)s。") % {"unit": self.card.unit.display_name}, self.back_url()
