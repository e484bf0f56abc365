"""What is taken of schemes, rounds, sheets and objections."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User
from core.api.inputs import MISSING, Choice, Day, InputSerializer, Seen, Text, Whole
from pilots.models import Enrolment, Programme, Unit
from reports.models import Evidence

from ..choices import Hand, Move, ObjectionMove
from ..models import Scheme, Scorecard
from ..models.scores import OWN_HANDS, REASON
from .examples import NEW_OBJECTION, NEW_ROUND, SCORE

POINTS_FAULT = _("写成不小于0、最多两位小数的数。")
ANSWERING = [(each.value, each.label) for each in ObjectionMove if each != ObjectionMove.WITHDRAW]


class Points(serializers.DecimalField):
    """Points, as text or number."""

    default_error_messages = {
        **MISSING,
        **dict.fromkeys(
            (
                "invalid",
                "min_value",
                "max_digits",
                "max_decimal_places",
                "max_whole_digits",
                "max_string_length",
            ),
            POINTS_FAULT,
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=7, decimal_places=2, min_value=Decimal(0), **kwargs)


class Answer(serializers.JSONField):
    """The place of a state from 0, the places of elements that are there, or a number as text."""

    default_error_messages = {**MISSING, "invalid": _("写成数、数的列表或文字。")}

    def to_internal_value(self, data: Any) -> Any:
        is_place = type(data) is int or (isinstance(data, str) and len(data) <= 20)
        is_list = isinstance(data, list) and all(type(each) is int for each in data[:100])
        return data if is_place or (is_list and len(data) <= 100) else self.fail("invalid")


class SchemeInput(InputSerializer):
    """A scheme; with `copy_of` it begins as the newest version of that one stands."""

    programme = Seen(Programme)
    title = Text(max_length=120)
    note = Text(max_length=500, required=False, allow_blank=True)
    copy_of = Seen(Scheme, required=False)


class RoundChangeInput(InputSerializer):
    """What changes; the rest stays."""

    title = Text(max_length=120)
    starts_on = Day()
    ends_on = Day()
    self_by = Day()
    unit_by = Day()
    review_by = Day()
    note = Text(max_length=500, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("建立", NEW_ROUND, request_only=True)])
class RoundInput(RoundChangeInput):
    programme = Seen(Programme)
    scheme = Seen(Scheme)


class AdvanceInput(InputSerializer):
    """A step of the round; withdrawing and reopening say why."""

    move = Choice(Move.choices)
    reason = Text(max_length=500, required=False, allow_blank=True)


class EvaluationNothingInput(InputSerializer):
    """Nothing: the action says it all."""


class Account(Seen):
    """The login name of somebody who may review; who it is must be known."""

    def rows(self) -> Any:
        return User.objects.filter(is_active=True)


class SeatsInput(InputSerializer):
    """Two reviewers for every sheet that has none."""

    first = Account(User, "username")
    second = Account(User, "username")


class SubjectInput(InputSerializer):
    unit = Seen(Unit)


class DropInput(InputSerializer):
    reason = Text(max_length=200)


@extend_schema_serializer(examples=[OpenApiExample("评分", SCORE, request_only=True)])
class ScoreInput(InputSerializer):
    """One cell. Neither points nor answer empty it. `cell_version` is that of the cell as it was read, 0
    for one that was empty: a newer one stands, and what was sent is kept beside it."""

    indicator = Text(max_length=40)
    hand = Choice(Hand.choices)
    points = Points(required=False, allow_null=True)
    answer = Answer(required=False, allow_null=True)
    reason = Text(max_length=REASON, required=False, allow_blank=True)
    cell_version = Whole(min_value=0)


class OwnHandInput(InputSerializer):
    hand = Choice([(hand.value, hand.label) for hand in OWN_HANDS])


class CorrectionInput(InputSerializer):
    indicator = Text(max_length=40)
    points = Points()
    reason = Text(max_length=REASON)


class Card(Seen):
    """A sheet by its id: the number of the round, a full stop, the code of the unit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Scorecard, "pk", **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        number, _stop, unit = Text().to_internal_value(data).partition(".")
        found = self.rows().filter(round__number=number, enrolment__unit__code=unit)
        row = found.for_lists().first()
        if row is None:
            message = _("没有“%(typed)s”这样的%(what)s，或当前账号看不到。")
            facts = {"typed": str(data)[:60], "what": Scorecard._meta.verbose_name}
            raise serializers.ValidationError(message % facts)
        return row


class Files(serializers.ListField):
    """Ids of files of the unit's library."""

    default_error_messages = {**MISSING, "not_a_list": _("写成列表，如[12, 13]。")}
    child = Whole(min_value=1)

    def to_internal_value(self, data: Any) -> list[Evidence]:
        wanted = super().to_internal_value(data)
        rows = Evidence.objects.visible_to(self.context["request"].user).filter(pk__in=wanted)
        found = {row.pk: row for row in rows}
        missing = [str(pk) for pk in wanted if pk not in found]
        if missing:
            text = _("没有编号为%(ids)s的佐证材料，或当前账号看不到。")
            raise serializers.ValidationError(text % {"ids": "、".join(missing[:5])})
        return [found[pk] for pk in wanted]


@extend_schema_serializer(examples=[OpenApiExample("申请", NEW_OBJECTION, request_only=True)])
class ObjectionInput(InputSerializer):
    scorecard = Card()
    indicator = Text(max_length=40)
    reason = Text(max_length=REASON)
    points = Points(required=False, allow_null=True)
    evidence = Files(required=False, max_length=50)


class DecisionInput(InputSerializer):
    """The answer; upheld without points gives those that were asked for."""

    move = Choice(ANSWERING)
    decision = Text(max_length=REASON)
    points = Points(required=False, allow_null=True)


def enrolment_of(row: Any, unit: Unit, user: Any) -> Enrolment | None:
    """The unit's part as a pilot of the round's programme, if the caller sees it."""
    rows = Enrolment.objects.visible_to(user).pilots()
    return rows.filter(programme=row.programme, unit=unit, withdrawn_on=None).first()
