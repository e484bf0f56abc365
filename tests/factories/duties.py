"""Areas, obligations and assignments for tests."""

import datetime

import factory

from core import clock
from core.workdays import Calendar
from duties.models import (
    Assignment,
    DutyArea,
    DutyItem,
    Extension,
    Fulfilment,
    Helper,
    ItemProgress,
    Obligation,
    Opening,
    Order,
    OrderHelper,
    OrderLead,
    Remark,
    Slip,
    SlipLabel,
    SlipReply,
)
from duties.services import deadline

from .accounts import UserFactory
from .pilots import ClauseFactory, EnrolmentFactory, ProgrammeFactory, UnitFactory


class DutyAreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DutyArea

    programme = factory.SubFactory(ProgrammeFactory)
    code = factory.Sequence(lambda n: f"area-{n}")
    name = factory.Sequence(lambda n: f"职责{n}")
    medium_name = "数据标准"
    short_name = "标准"
    position = factory.Sequence(lambda n: n)


class DutyItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DutyItem

    area = factory.SubFactory(DutyAreaFactory)
    code = factory.Sequence(lambda n: f"item-{n}")
    name = factory.Sequence(lambda n: f"事项{n}")
    position = factory.Sequence(lambda n: n)


class ObligationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Obligation

    programme = factory.SubFactory(ProgrammeFactory)
    clause = factory.SubFactory(ClauseFactory)
    code = factory.Sequence(lambda n: f"test.ob-{n}")
    title = "报送试点工作总结"
    short_title = "工作总结"
    nature = "report"
    parts = ["pilot"]
    wording = "于2022年4月底前"
    due_on = datetime.date(2022, 4, 30)
    latest_on = factory.SelfAttribute("due_on")
    position = factory.Sequence(lambda n: n)


class AssignmentFactory(factory.django.DjangoModelFactory):
    """Dates follow the obligation unless given; `calendar` needs the seeded table."""

    class Meta:
        model = Assignment

    number = factory.Sequence(lambda n: f"RW-2021-{n + 1:04d}")
    enrolment = factory.SubFactory(EnrolmentFactory)
    obligation = factory.SubFactory(
        ObligationFactory, programme=factory.SelfAttribute("..enrolment.programme")
    )
    quantity = factory.SelfAttribute("obligation.quantity")
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.LazyFunction(clock.now)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        obligation = kwargs["obligation"]
        due_on = kwargs.pop("due_on", obligation.due_on)
        latest_on = kwargs.pop("latest_on", obligation.latest_on if due_on else None)
        latest_on = max(latest_on, due_on) if due_on and latest_on else due_on
        days = [day for day in (due_on, latest_on) if day]
        calendar = Calendar.around(*days) if days else Calendar()
        kwargs = {"original_due_on": due_on, **deadline(due_on, latest_on, calendar), **kwargs}
        return super()._create(model_class, *args, **kwargs)


class FulfilmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Fulfilment

    assignment = factory.SubFactory(AssignmentFactory)
    source_key = factory.Sequence(lambda n: f"test:{n}")
    happened_on = datetime.date(2022, 3, 1)
    created_at = factory.LazyFunction(clock.now)


class ItemProgressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ItemProgress

    item = factory.SubFactory(DutyItemFactory)
    enrolment = factory.SubFactory(EnrolmentFactory)
    source_key = factory.Sequence(lambda n: f"test-progress:{n}")
    happened_on = datetime.date(2022, 3, 1)
    summary = "已建立目录"
    created_at = factory.LazyFunction(clock.now)


class OrderFactory(factory.django.DjangoModelFactory):
    """A draft with everything but its units."""

    class Meta:
        model = Order

    number = factory.Sequence(lambda n: f"TZ-2021-{n + 1:04d}")
    programme = factory.SubFactory(ProgrammeFactory)
    issuer = factory.SubFactory(UnitFactory)
    title = "报送公共数据共享需求清单"
    wanted = "梳理本单位共享需求，按模板填报。"
    acceptance = "清单盖章，字段完整。"
    due_on = datetime.date(2022, 4, 29)
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.LazyFunction(clock.now)


class OrderLeadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrderLead

    order = factory.SubFactory(OrderFactory)
    enrolment = factory.SubFactory(
        EnrolmentFactory, programme=factory.SelfAttribute("..order.programme")
    )


class OrderHelperFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrderHelper

    lead = factory.SubFactory(OrderLeadFactory)
    unit = factory.SubFactory(UnitFactory)


class HelperFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Helper

    assignment = factory.SubFactory(AssignmentFactory)
    unit = factory.SubFactory(UnitFactory)
    added_at = factory.LazyFunction(clock.now)


class OpeningFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Opening

    assignment = factory.SubFactory(AssignmentFactory)
    unit = factory.SelfAttribute("assignment.enrolment.unit")
    opened_at = factory.LazyFunction(clock.now)
    opened_by = factory.SubFactory(UserFactory)


class RemarkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Remark

    number = factory.Sequence(lambda n: f"PS-2021-{n + 1:04d}")
    assignment = factory.SubFactory(AssignmentFactory)
    unit = factory.SelfAttribute("assignment.enrolment.unit")
    text = "请抓紧办理。"
    said_by = "演示人员01"
    said_on = datetime.date(2022, 4, 14)
    route = "online"
    entered_at = factory.LazyFunction(clock.now)
    entered_by = factory.SubFactory(UserFactory)


class ExtensionFactory(factory.django.DjangoModelFactory):
    """A request that waits for its unit's CDO, entered past the services: it has no round."""

    class Meta:
        model = Extension

    number = factory.Sequence(lambda n: f"YQ-2021-{n + 1:04d}")
    assignment = factory.SubFactory(AssignmentFactory)
    due_on = factory.SelfAttribute("assignment.due_on")
    latest_on = factory.SelfAttribute("assignment.latest_on")
    wanted_on = datetime.date(2022, 5, 31)
    reason = "数据核对涉及十二个业务处室，需要逐条核实来源。" * 3
    asked_on = datetime.date(2022, 4, 14)
    asked_at = factory.LazyFunction(clock.now)
    updated_at = factory.LazyFunction(clock.now)


class SlipFactory(factory.django.DjangoModelFactory):
    """A slip that was sent on the day before."""

    class Meta:
        model = Slip

    number = factory.Sequence(lambda n: f"TX-2021-{n + 1:04d}")
    assignment = factory.SubFactory(AssignmentFactory)
    issuer = factory.SubFactory(UnitFactory)
    level = "hint"
    label = "提示"
    text = "请及时办理。"
    template = "请及时办理。"
    due_on = factory.SelfAttribute("assignment.latest_on")
    reply_by = datetime.date(2022, 4, 22)
    state = "sent"
    drafted_on = datetime.date(2022, 4, 14)
    drafted_at = factory.LazyFunction(clock.now)
    sent_on = factory.LazyAttribute(lambda row: row.drafted_on if row.state == "sent" else None)
    sent_at = factory.LazyAttribute(lambda row: clock.now() if row.state == "sent" else None)
    updated_at = factory.LazyFunction(clock.now)


class SlipReplyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SlipReply

    slip = factory.SubFactory(SlipFactory)
    text = "4月20日前完成。"
    replied_on = datetime.date(2022, 4, 15)
    replied_at = factory.LazyFunction(clock.now)


class SlipLabelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SlipLabel

    programme = factory.SubFactory(ProgrammeFactory)
    level = "hint"
    label = "提示"
