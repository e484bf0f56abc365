"""Requests for a later day and slips as far as a test needs them."""

from datetime import date

from core import clock
from core.models import StoredFile
from duties import services
from duties.choices import ExtensionState, SlipState, Verdict
from duties.models import Extension, Slip
from tests.factories.approvals import ChainStepFactory

REASON = "数据核对涉及十二个业务处室，需要逐条核实来源，核对完成后才能形成正式总结，按原定日期完不成，特申请延期报送。"
WANTED = date(2022, 5, 31)
PART = date(2022, 5, 16)


def request(wanted_on=WANTED, reason=REASON, **more):
    return services.Request(wanted_on, reason, **more)


def ask(city, by, unit=None, **more):
    task = city.assignment(unit or city.department)
    return services.ask_extension(task, request(**more), by=by)


def with_chain(city):
    """The bureau chooses a chain: its answers wait for the head."""
    return ChainStepFactory(unit=city.bureau, position=1, kind="bureau_head")


def extension_in(state, city, officer, head, data_officer, unit_cdo):
    """A request of the department in that state, by the services alone."""
    row = ask(city, data_officer)
    if state == ExtensionState.TO_SIGN:
        return row
    if state == ExtensionState.RETURNED:
        return services.send_back_extension(row, by=unit_cdo, reason="写明完成时间。")
    if state == ExtensionState.WITHDRAWN:
        return services.withdraw_extension(row, by=data_officer)
    row = services.agree_extension(row, by=unit_cdo)
    if state == ExtensionState.ASKED:
        return row
    if state == ExtensionState.TO_APPROVE:
        with_chain(city)
        return services.decide_extension(row, Verdict.GRANT, by=officer)
    if state == ExtensionState.REFUSED:
        return services.decide_extension(row, Verdict.REFUSE, answer="工作量不大。", by=officer)
    if state == ExtensionState.PARTLY:
        return services.decide_extension(row, Verdict.PARTLY, granted_on=PART, by=officer)
    return services.decide_extension(row, Verdict.GRANT, by=officer)


def draft(
    level="chase",
    template="{{任务}}现{{逾期天数}}。",
    reply_by=date(2022, 4, 22),
    is_at_once=False,
):
    return services.Draft(level, template, reply_by, is_at_once)


def slip_in(state, city, officer, head, data_officer):
    """A slip to the department in that state."""
    task = city.assignment(city.department)
    row = services.issue_slip(task, draft("supervise"), by=officer)
    if state == SlipState.TO_APPROVE:
        return row
    if state == SlipState.RETURNED:
        return services.send_back_slip(row, by=head, reason="写明要求。")
    if state == SlipState.CANCELLED:
        return services.cancel_slip(row, by=officer, reason="已电话提醒。")
    row = services.agree_slip(row, by=head)
    if state == SlipState.REPLIED:
        services.reply_slip(row, by=data_officer, text="4月20日前完成。")
    return Slip.rows.get(pk=row.pk)


def fresh(row):
    return type(row).rows.get(pk=row.pk)


def a_scan():
    return StoredFile.objects.create(
        sha256="c" * 64, size=10, media_type="application/pdf", created_at=clock.now()
    )


def version_of(row):
    return Extension.rows.get(pk=row.pk).version


def finish(task, by):
    return services.fulfil(task, source_key="done", happened_on=date(2022, 4, 14), by=by)
