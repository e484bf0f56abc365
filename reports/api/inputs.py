"""What is taken of periods, reports, sections and reviews."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api.inputs import MISSING, Choice, Choices, Day, InputSerializer, Seen, Text, Whole
from core.document_numbers import LONGEST
from duties.models import Assignment, DutyArea
from pilots.models import Programme, Unit

from ..choices import Completion, Field, ReturnReason
from . import examples

LONG = 40000  # characters: far beyond what any section takes, so that a text is kept and then told
NUMBER = _('写成"120.5"这样的数，最多两位小数；还没有的写null。')


class Amount(serializers.DecimalField):
    """A key figure, as a text or a number."""

    default_error_messages = {
        **MISSING,
        **dict.fromkeys(
            (
                "invalid",
                "max_digits",
                "max_decimal_places",
                "max_whole_digits",
                "max_string_length",
            ),
            NUMBER,
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=16, decimal_places=2, **kwargs)


class FigureAskedInput(InputSerializer):
    """One 关键数字 that is asked for in an area."""

    area = Seen(DutyArea)
    name = Text(max_length=40)
    unit_label = Text(max_length=10, required=False, allow_blank=True)
    minimum = Amount(required=False, allow_null=True)
    maximum = Amount(required=False, allow_null=True)


@extend_schema_serializer(examples=[OpenApiExample("开启", examples.PERIOD, request_only=True)])
class PeriodInput(InputSerializer):
    """A period and the 通知 that it rests on."""

    programme = Seen(Programme)
    code = Text(max_length=20)
    title = Text(max_length=60)
    starts_on = Day()
    ends_on = Day()
    opens_on = Day()
    due_on = Day()
    basis_title = Text(max_length=200)
    basis_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    note = Text(max_length=500, required=False, allow_blank=True)
    figures = FigureAskedInput(many=True, required=False)


class PeriodChangeInput(InputSerializer):
    """What changes; moving the day needs its reason."""

    title = Text(max_length=60)
    due_on = Day()
    note = Text(max_length=500, allow_blank=True)
    reason = Text(max_length=200, allow_blank=True)
    figures = FigureAskedInput(many=True)


class StartInput(InputSerializer):
    """The task that is answered."""

    assignment = Seen(Assignment, key="number")


class FigureInput(InputSerializer):
    """One key figure: its `id` as the period lists it, and its value or null."""

    id = Whole(min_value=1, max_value=2**62)
    value = Amount(allow_null=True)


@extend_schema_serializer(examples=[OpenApiExample("保存", examples.SECTION, request_only=True)])
class SectionInput(InputSerializer):
    """What is saved of a section; the rest stays. Too long a text is kept, and refused when the report
    is put up."""

    body = Text(max_length=LONG, required=False, allow_blank=True, trim_whitespace=False)
    problems = Text(max_length=LONG, required=False, allow_blank=True, trim_whitespace=False)
    next_steps = Text(max_length=LONG, required=False, allow_blank=True, trim_whitespace=False)
    completion = Choice(Completion.choices, required=False, allow_blank=True)
    items = Choices(child=Text(max_length=80), max_length=100, required=False)
    figures = FigureInput(many=True, required=False)


class KeysInput(InputSerializer):
    """Which sections; all of them when empty."""

    sections = Choices(child=Text(max_length=80), max_length=100, required=False)


class ReportRemarkInput(InputSerializer):
    """签署或审核意见."""

    remark = Text(max_length=500, required=False, allow_blank=True)


class ReportReasonInput(InputSerializer):
    """Why: the other side reads it."""

    reason = Text(max_length=500)


class NothingInput(InputSerializer):
    """Nothing but the act itself."""


class FieldRemarkInput(InputSerializer):
    """What is to be changed in one field; without section and field in the report as a whole."""

    section = Text(max_length=80, required=False, allow_blank=True)
    field = Choice(Field.choices, required=False, allow_blank=True)
    reason = Choice(ReturnReason.choices, required=False, allow_blank=True)
    text = Text(max_length=500, required=False, allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("退回", examples.RETURN, request_only=True)])
class ReturnInput(InputSerializer):
    """What is to be changed, field by field."""

    remarks = FieldRemarkInput(many=True)
    note = Text(max_length=500, required=False, allow_blank=True)


class PickInput(InputSerializer):
    """One passage of a unit's edition."""

    submission = Text(max_length=60)
    section = Text(max_length=80)
    field = Choice(
        [(name.value, name.label) for name in (Field.BODY, Field.PROBLEMS, Field.NEXT_STEPS)]
    )


class PassagesInput(InputSerializer):
    """The passages of the overall report: those, and no others."""

    passages = PickInput(many=True)


@extend_schema_serializer(
    examples=[OpenApiExample("报送登记", examples.DISPATCH, request_only=True)]
)
class DispatchInput(InputSerializer):
    """报送登记: by which document the overall report went out."""

    signed_by_name = Text(max_length=60)
    document_number = Text(max_length=LONGEST)
    sent_on = Day()
    receiver = Seen(Unit)
