"""回执, 纪要, 议定事项 that become tasks, papers, notices, hand-over."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.handover import Leaving
from duties.models import Assignment
from duties.services import sign_order
from pilots.models import Programme
from reminders.models import Notice
from reminders.services import plan as plan_notices
from tests.trainings.conftest import MARCH
from trainings import handover, notices, services
from trainings.documents import papers
from trainings.queries import allowed, listing
from trainings.queries.telling import told

TODAY = date(2022, 4, 15)


@pytest.fixture
def meeting(city, officer):
    """A 工作例会 of the bureau in ten days, to which the department and the district are invited."""
    host = next(row for row in allowed.possible_parties(city.programme) if row.part == "bureau")
    invited = [city.enrolment(unit) for unit in (city.department, city.district)]
    return services.plan_event(
        city.programme,
        [host],
        participants=invited,
        kind="meeting",
        title="二季度工作例会",
        starts_on=TODAY + timedelta(days=10),
        reply_by_on=TODAY + timedelta(days=9),
        place="市民中心",
        audience="首席数据官",
        content="通报进展",
        by=officer,
    )


def asked(meeting, unit):
    return meeting.participants.get(enrolment__unit=unit)


def test_a_unit_answers_and_may_answer_otherwise_later(city, meeting, data_officer, stranger):
    row = asked(meeting, city.department)
    services.answer_invitation(row, answer="coming", headcount=2, people="甲、乙", by=data_officer)
    row = services.answer_invitation(row, answer="away", note="值班", by=data_officer)
    assert (row.answer, row.headcount, row.people, row.answer_note) == ("away", None, "", "值班")
    assert row.unit == city.department
    for given, words in (
        ({"answer": "perhaps"}, "选择"),
        ({"answer": "coming"}, "至少1人"),
        ({"answer": "away"}, "写明原因"),
    ):
        with pytest.raises(ValidationError, match=words):
            services.answer_invitation(row, by=data_officer, **given)
    with pytest.raises(PermissionRefused):
        services.answer_invitation(row, answer="coming", headcount=1, by=stranger)


def test_nobody_answers_what_is_over(city, meeting, officer, data_officer):
    services.cancel_event(meeting, by=officer, reason="延后")
    with pytest.raises(MoveNotAllowed, match="不再收回执"):
        services.answer_invitation(
            asked(meeting, city.department), answer="coming", headcount=1, by=data_officer
        )


def test_a_resolution_becomes_an_order_in_one_click_and_tasks_with_its_signature(
    city, meeting, officer, head
):
    leads = [city.enrolment(city.department), city.enrolment(city.district)]
    due_on = TODAY + timedelta(days=30)
    bare = services.add_resolution(meeting, text="再议", by=officer)
    with pytest.raises(Refused, match="责任单位和完成期限"):
        services.turn_into_order(bare, by=officer)
    row = services.add_resolution(
        meeting, text="报送需求清单" + "。" * 130, leads=leads, due_on=due_on, by=officer
    )
    order = services.turn_into_order(row, by=officer)
    assert (order.state, order.due_on, len(order.title)) == ("to_sign", due_on, 120)
    assert services.turn_into_order(row, by=officer) == order
    while order.state == "to_sign":
        order = _sign(order, officer, head)
    tasks = Assignment.rows.filter(obligation=order.obligation)
    assert {task.unit for task in tasks} == {city.department, city.district}
    with pytest.raises(Refused, match="先撤销通知"):
        services.drop_resolution(row, by=officer)
    services.drop_resolution(bare, by=officer)
    services.drop_resolution(bare, by=officer)
    with pytest.raises(Refused):
        services.turn_into_order(bare, by=officer)


def _sign(order, *people):
    for person in people:
        try:
            return sign_order(order, by=person)
        except PermissionRefused:
            continue
    raise AssertionError("Nobody of them may sign.")


def test_what_cannot_be_resolved(city, meeting, officer):
    with pytest.raises(ValidationError, match="填写“议定事项”"):
        services.add_resolution(meeting, text=" ", by=officer)
    with pytest.raises(ValidationError, match="不能早于会议日期"):
        services.add_resolution(meeting, text="事", due_on=TODAY, by=officer)


def test_every_paper_is_written_for_word_and_print(city, meeting, hold, officer, data_officer):
    services.write_minutes(meeting, "会议通报了进展。", by=officer)
    services.add_resolution(
        meeting,
        text="报送需求清单",
        leads=[city.enrolment(city.department)],
        due_on=TODAY + timedelta(days=30),
        by=officer,
    )
    services.answer_invitation(
        asked(meeting, city.department), answer="away", note="值班", by=data_officer
    )
    people = [services.Seat(f"演示人员{n}", unit=city.department) for n in (601, 602)]
    services.add_people(meeting, people, route="pasted", by=officer)
    meeting.refresh_from_db()
    words = {}
    for kind in papers.KINDS:
        paper = papers.paper_of(meeting, kind, officer)
        document = Document(io.BytesIO(papers.write(paper)))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        words[kind] = "\n".join([*(row.text for row in document.paragraphs), *cells])
        assert papers.file_name(meeting, kind).endswith(f"{meeting.number}.docx")
    assert "关于举办二季度工作例会的通知" in words["notice"].replace("\n", "")
    assert "4月24日前" in words["notice"]
    assert "值班" in words["receipt"]
    assert "演示人员602" in words["sign-in"]
    assert "1. 报送需求清单" in words["minutes"]
    assert words["certificate"].count("特此证明") == 2
    plain = hold(
        city.department, hours="4.0", ends_on=date(2022, 3, 3), begins_at=None, audience=""
    )
    assert "各有关单位" in papers.paper_of(plain, "notice", officer).addressee
    assert papers.paper_of(plain, "receipt", officer).parts[0]["rows"][0] == [""] * 4
    assert papers.paper_of(plain, "minutes", officer).parts[0]["text"]
    services.add_people(plain, people[:1], route="pasted", by=officer)
    assert "4学时" in str(papers.paper_of(plain, "certificate", officer).parts)


def told_to(kind):
    return Notice.rows.filter(type=f"trainings.{kind}")


def test_the_desk_is_told_of_a_declaration_and_the_unit_of_its_return(
    city, hold, officer, data_officer
):
    row = hold(city.department, proof=False)
    said = services.declare(row, city.enrolment(city.department), headcount=9, by=data_officer)
    plan_notices(TODAY)
    notice = told_to("declared").get()
    assert (notice.recipient, notice.stage) == (officer, "new")
    shown = notices.render_waiting(notice)
    assert "申报9人参加" in shown.title
    assert shown.path.endswith("#people")
    assert notices.WAITING.still_holds([notice]) == {notice.pk}
    said = services.return_declaration(said, by=officer, reason="写明名单")
    assert notices.WAITING.still_holds([notice]) == set()
    plan_notices(TODAY)
    back = told_to("returned").get()
    assert back.recipient == data_officer
    assert "退回原因：写明名单" in notices.render_returned(back).lines


def test_units_are_invited_until_they_answered(city, meeting, data_officer, stranger, settings):
    plan_notices(TODAY)
    assert {row.recipient for row in told_to("invited")} == {data_officer, stranger}
    notice = told_to("invited").get(recipient=data_officer)
    shown = notices.render_invited(notice)
    assert (shown.days, shown.to_do) == (9, True)
    assert "2022-04-24前送参会回执" in shown.title
    services.answer_invitation(
        asked(meeting, city.department), answer="coming", headcount=2, by=data_officer
    )
    assert notices.INVITED.still_holds([notice]) == set()
    settings.TODAY = "2022-04-22"
    plan_notices(date(2022, 4, 22))
    assert told_to("invited").get(stage="due").recipient == stranger


def test_nobody_is_told_where_nothing_is_followed(city, meeting):
    Programme.rows.filter(pk=city.programme.pk).update(phase="closed", closed_on=TODAY)
    assert notices.INVITED.select(TODAY) is None
    assert notices.INVITED.still_holds([]) == set()


def test_what_is_planned_stays_with_the_unit_when_somebody_leaves(
    city, plan, officer, data_officer, stranger
):
    row = plan(city.department, starts_on=TODAY + timedelta(days=9))
    leaving = Leaving(data_officer, city.department, None, TODAY, officer)
    items = handover.open_items(leaving)
    assert [item.title for item in items] == ["业务培训：数据目录业务培训"]
    assert row.number in items[0].detail
    assert handover.move(leaving) == 0
    assert listing.open_in(city.department, by=None, on=TODAY) == [row]
    assert listing.open_in(city.department, by=stranger, on=TODAY) == []


def test_a_page_knows_what_its_reader_may_do(city, meeting, hold, officer, data_officer, stranger):
    seen = told(meeting, data_officer)
    assert (seen["may_answer"], seen["may_declare"], seen["may_confirm"]) == (True, False, False)
    assert not told(meeting, officer)["may_answer"]
    row = hold(city.department, proof=False)
    assert told(row, data_officer)["may_declare"]
    assert told(row, officer)["wants_proof"]
    services.declare(row, city.enrolment(city.department), headcount=3, by=data_officer)
    seen = told(row, data_officer)
    assert (seen["may_declare"], len(seen["declarations"])) == (False, 1)
    proven = hold(city.department, starts_on=MARCH + timedelta(days=1))
    credit = told(proven, data_officer)["credits"][0]
    assert (credit["is_open"], credit["unit"]) == (True, city.department.display_name)
    assert not told(proven, officer)["wants_proof"]
    assert not told(meeting, officer)["wants_proof"]
    unpaid = hold(city.government, proof=False)
    assert listing.totals(type(row).objects.visible_to(officer)).unproven == 2
    assert {each.pk for each in listing.unproven(type(row).rows.all())} == {row.pk, unpaid.pk}
