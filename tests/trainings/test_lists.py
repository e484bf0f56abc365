"""Who came: ticked, pasted, from a workbook, declared; never somebody who was not in office."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from openpyxl import Workbook, load_workbook

from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from tests.factories.officers import PersonFactory, TeamFactory, TeamMemberFactory
from tests.factories.trainings import AttendanceFactory
from tests.trainings.conftest import MARCH
from trainings import services
from trainings.choices import DECLARATION_MOVES, DeclarationMove, DeclarationState
from trainings.models import Attendance, Declaration
from trainings.queries.people import match, people_at
from trainings.services import Seat, sheets

TODAY = date(2022, 4, 15)


@pytest.fixture
def cdo(register, city):
    """The department's CDO since March 10th: not yet in office on the day of most events."""
    return register.appoint(city.department, date(2022, 3, 10)).person


def add(event, by, *seats, route="ticked", **more):
    return services.add_people(event, list(seats), route=route, by=by, **more)


def test_people_of_the_register_others_with_a_unit_and_others_as_written(
    city, cdo, hold, officer, data_officer
):
    row = hold(city.department, starts_on=date(2022, 3, 11), by=data_officer)
    seats = [
        Seat(person=cdo),
        Seat("演示人员91", unit=city.department, duty="科员"),
        Seat("演示人员91", unit_name="合作单位"),
    ]
    assert add(row, data_officer, *seats) == 3
    assert add(row, data_officer, *seats) == 0
    units = [each.unit_label for each in row.attendance.order_by("pk")]
    assert units == [city.department.display_name] * 2 + ["合作单位"]
    assert Attendance.rows.counted().filter(event=row).count() == 3


def test_somebody_who_was_not_in_office_is_refused_with_the_days_and_the_mend(
    city, cdo, hold, officer
):
    row = hold(city.department)
    with pytest.raises(ValidationError) as refusal:
        add(row, officer, Seat(person=cdo), Seat(person=PersonFactory(name="演示人员92")))
    said = " ".join(refusal.value.message_dict["people"])
    assert f"{cdo.name}在2022-03-02不在任（任职时间：2022-03-10至现在）" in said
    assert "演示人员92在2022-03-02没有任职记录" in said
    assert "核对日期" in said
    with pytest.raises(DatabaseError), transaction.atomic():
        AttendanceFactory(event=row, person=cdo, unit=city.department)
    later = hold(city.department, starts_on=date(2022, 3, 11))
    add(later, officer, Seat(person=cdo))
    with pytest.raises(ValidationError, match="不在任"):
        services.mend_event(later, by=officer, starts_on=MARCH, ends_on=MARCH)


def test_a_place_in_a_team_is_an_office_too(city, cdo, hold, officer):
    member = TeamMemberFactory(
        team=TeamFactory(unit=city.department, starts_on=date(2022, 1, 1)),
        person=PersonFactory(unit=city.department),
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 3, 20),
    )
    row = hold(city.department)
    assert [each.pk for each in people_at(row, officer, [city.department])] == [member.person_id]
    assert add(row, officer, Seat(person=member.person)) == 1
    late = hold(city.department, starts_on=date(2022, 3, 25))
    with pytest.raises(ValidationError, match="2022-01-01至2022-03-20"):
        add(late, officer, Seat(person=member.person))


@pytest.mark.parametrize(
    ("seat", "words"),
    [
        (Seat(""), "不像姓名"),
        (Seat("长" * 41, unit_name="甲"), "不像姓名"),
        (Seat("演示人员93"), "没有写单位"),
        (Seat("演示人员93", unit_name="甲" * 121), "超过120字"),
        (Seat("演示\u202e人员", unit_name="甲"), "看不见"),
    ],
)
def test_a_name_that_is_none_is_refused(city, hold, officer, seat, words):
    with pytest.raises(ValidationError, match=words):
        add(hold(city.department), officer, seat)


def test_an_empty_and_an_endless_list_are_refused(city, hold, officer):
    row = hold(city.department)
    with pytest.raises(ValidationError, match="勾选或填写"):
        add(row, officer)
    with pytest.raises(ValidationError, match="一次最多2000人"):
        add(row, officer, *[Seat(f"甲{n}", unit_name="乙") for n in range(2001)])


def test_names_are_struck_out_with_a_reason_and_stay(city, hold, officer, stranger):
    row = hold(city.department)
    add(row, officer, Seat("演示人员94", unit_name="甲"))
    entries = row.attendance.all()
    with pytest.raises(ValidationError, match="写明划去的原因"):
        services.strike_out(row, entries, by=officer, reason="")
    with pytest.raises(PermissionRefused):
        services.strike_out(row, entries, by=stranger, reason="不对")
    assert services.strike_out(row, entries, by=officer, reason="没有来") == 1
    assert services.strike_out(row, entries, by=officer, reason="没有来") == 0
    assert add(row, officer, Seat("演示人员94", unit_name="甲")) == 1
    assert row.attendance.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        row.attendance.all().delete()


def test_pasted_names_find_their_people_by_unit_where_two_share_a_name(city, cdo, register):
    twins = [
        PersonFactory(name="演示 同名", unit=city.department),
        PersonFactory(name="演示同名", unit=city.district),
    ]
    for person, label in zip(twins, ("公安局", "福田区"), strict=True):
        person.unit_label = label
    found = match(
        [("演示同名", "福田区", ""), ("演示同名", "", ""), ("谁也不是", "某局", "科员")], twins
    )
    assert [len(each.found) for each in found] == [1, 2, 0]
    assert (found[0].is_sure, found[1].is_sure, found[0].found[0]) == (True, False, twins[1])


def book(*sheets_of_rows):
    made = Workbook()
    made.remove(made.active)
    for place, rows in enumerate(sheets_of_rows, 1):
        sheet = made.create_sheet(f"表{place}")
        for row in rows:
            sheet.append(row)
    output = io.BytesIO()
    made.save(output)
    output.seek(0)
    return output


HEAD = (["参加人员名单"], ["姓名", "单位", "职务"])


def test_the_template_comes_back_filled(city, hold):
    blank = load_workbook(io.BytesIO(sheets.template(hold(city.department))))
    assert [cell.value for cell in blank.active[2]] == ["姓名", "单位", "职务"]
    rows = [
        *HEAD,
        ["演示人员95", "公安局", "科员"],
        [None, None, None],
        [" 演示  人员96 ", None, 7],
    ]
    assert sheets.read_names(book(rows, [])) == [
        ("演示人员95", "公安局", "科员"),
        ("演示 人员96", "", "7"),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*HEAD], "名单是空的"),
        ([["x"], ["姓名", "单位"], ["甲", "乙"]], "工作表“表1”第2行缺少“职务”列"),
        ([["x"]], "第2行缺少“姓名”列"),
        ([*HEAD, [None, "公安局", None]], "第3行A列“姓名”是空的"),
        ([*HEAD, ["甲", "乙"], ["甲", "乙"]], "第4行A列“甲”和第3行重复"),
        ([*HEAD, ["甲" * 41, "乙"]], "第3行A列“姓名”超过40字"),
        ([*HEAD, ["甲", "乙" * 121]], "第3行B列“单位”超过120字"),
        ([*HEAD, *[[f"甲{n}", "乙"] for n in range(2002)]], "一次最多2000人"),
    ],
)
def test_a_workbook_says_its_faults_by_sheet_row_and_column(rows, words):
    with pytest.raises(ValidationError) as refusal:
        sheets.read_names(book(rows))
    assert words in " ".join(refusal.value.message_dict["file"])


def test_what_is_no_workbook_is_said_to_be_none():
    with pytest.raises(ValidationError, match="打不开"):
        sheets.read_names(io.BytesIO(b"PK\x03\x04 no book"))


# --- declarations --------------------------------------------------------------------------------


@pytest.fixture
def declared(city, hold, data_officer):
    """The department's word on its own training, without a sign-in sheet."""
    row = hold(city.department, proof=False)
    people = [Seat("演示人员97", unit=city.department)]
    return services.declare(
        row, city.enrolment(city.department), headcount=12, people=people, by=data_officer
    )


def test_a_confirmed_declaration_of_an_organiser_counts_and_undone_no_more(
    city, declared, officer, count
):
    assert count(city.department) == 0
    assert not Attendance.rows.counted().exists()
    row = services.confirm_declaration(declared, by=officer)
    assert count(city.department) == 1
    assert Attendance.rows.counted().count() == 1
    services.undo_confirmation(row, by=officer)
    assert count(city.department) == 0


def test_the_declaration_of_a_guest_counts_nothing(city, hold, officer, stranger, count):
    row = hold(city.department, proof=False, participants=[city.enrolment(city.district)])
    said = services.declare(row, city.enrolment(city.district), headcount=3, by=stranger)
    services.confirm_declaration(said, by=officer)
    assert count(city.department) == 0


def put_in(declared, officer, data_officer, state):
    """The declaration in that state, by its moves."""
    if state == DeclarationState.CONFIRMED:
        return services.confirm_declaration(declared, by=officer)
    if state == DeclarationState.RETURNED:
        return services.return_declaration(declared, by=officer, reason="写明人数依据")
    if state == DeclarationState.WITHDRAWN:
        return services.withdraw_declaration(declared, by=data_officer)
    return declared


@pytest.mark.parametrize("state", DeclarationState)
@pytest.mark.parametrize("move", DeclarationMove)
def test_a_declaration_moves_by_its_table_by_service_api_and_sql(
    declared, officer, data_officer, api, state, move
):
    row = put_in(declared, officer, data_officer, state)
    acts = {
        DeclarationMove.CONFIRM: (officer, services.confirm_declaration, {}),
        DeclarationMove.RETURN: (officer, services.return_declaration, {"reason": "补正"}),
        DeclarationMove.RESUBMIT: (data_officer, services.resubmit_declaration, {"headcount": 9}),
        DeclarationMove.WITHDRAW: (data_officer, services.withdraw_declaration, {}),
        DeclarationMove.UNDO: (officer, services.undo_confirmation, {}),
    }
    by, service, given = acts[move]
    sources, target = DECLARATION_MOVES[move]
    address = f"/api/v1/declarations/{row.pk}/{move.value}/"
    headers = {"HTTP_IDEMPOTENCY_KEY": "k1", "HTTP_IF_MATCH": f'"{row.version}"'}
    answer = api(by).post(address, given, format="json", **headers)
    if state in sources:
        assert (answer.status_code, answer.json()["state"]) == (200, target.value)
        return
    assert answer.status_code == 409
    with pytest.raises(MoveNotAllowed, match="的申报"):
        service(row, by=by, **given)
    if state != target:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE trainings_declaration SET state = %s WHERE id = %s",
                [target.value, row.pk],
            )


def test_resubmitted_the_new_names_take_the_place_of_the_old(city, declared, officer, data_officer):
    row = services.return_declaration(declared, by=officer, reason="姓名有误")
    assert (row.reason, row.decided_on) == ("姓名有误", TODAY)
    people = [Seat("演示人员98", unit=city.department)]
    row = services.resubmit_declaration(
        row, headcount=2, people=people, by=data_officer, version=row.version
    )
    assert (row.state, row.reason, row.decided_on, row.headcount) == ("waiting", "", None, 2)
    assert [each.name for each in Attendance.rows.live()] == ["演示人员98"]
    with pytest.raises(StaleVersion):
        services.confirm_declaration(row, by=officer, version=1)


def test_who_may_declare_and_confirm(city, declared, hold, officer, data_officer, stranger, head):
    with pytest.raises(PermissionRefused, match="申报"):
        services.declare(declared.event, city.enrolment(city.department), headcount=1, by=stranger)
    with pytest.raises(Refused, match=r"不是.*举办单位或参加单位"):
        services.declare(declared.event, city.enrolment(city.district), headcount=1, by=stranger)
    with pytest.raises(Refused, match="已经申报过"):
        services.declare(
            declared.event, city.enrolment(city.department), headcount=1, by=data_officer
        )
    for by in (data_officer, head):
        with pytest.raises(PermissionRefused, match="牵头单位"):
            services.confirm_declaration(declared, by=by)
    with pytest.raises(PermissionRefused):
        services.withdraw_declaration(declared, by=stranger)
    with pytest.raises(ValidationError, match="写明退回原因"):
        services.return_declaration(declared, by=officer, reason=" ")


def test_a_declaration_needs_heads_and_an_event_that_is_over(city, plan, hold, data_officer):
    part = city.enrolment(city.department)
    row = hold(city.department, proof=False)
    for count, words in ((None, "填写“参加人数”"), (0, "至少1人"), (1, "名单有2人")):
        people = [Seat("甲", unit=city.department), Seat("乙", unit=city.department)]
        with pytest.raises(ValidationError, match=words):
            services.declare(row, part, headcount=count, people=people, by=data_officer)
    coming = plan(city.department, starts_on=TODAY + timedelta(days=5))
    with pytest.raises(ValidationError, match="结束以后"):
        services.declare(coming, part, headcount=2, by=data_officer)
    off = services.cancel_event(plan(city.department), by=data_officer, reason="不办")
    with pytest.raises(MoveNotAllowed):
        services.declare(off, part, headcount=2, by=data_officer)
    assert not Declaration.rows.exists()
