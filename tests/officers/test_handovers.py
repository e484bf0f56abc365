"""交接: everything that was open goes where it belongs in one transaction, and the rights with it."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from accounts.models import Token, User
from core import handover as parts
from core.errors import Refused, StaleVersion
from core.handover import Fate, Leaving
from core.models import AuditEntry, IdempotencyKey
from officers import handover
from officers.choices import Status
from officers.documents import slips
from officers.models import Appointment, Handover, TeamMember
from officers.queries.handovers import handovers_of, units_of
from officers.services import Departure, Paper
from officers.services.handovers import LeavingPerson, hand_over
from pilots.models import Enrolment, Membership
from tests.factories.accounts import TokenFactory
from tests.factories.officers import (
    AppointmentFactory,
    FilingFactory,
    HandoverFactory,
    PersonFactory,
    TeamFactory,
    TeamMemberFactory,
)
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)


@pytest.fixture
def holder(register, unit_cdo):
    """The department's CDO, with an account, and a successor without one."""
    unit = register.city.department
    person = PersonFactory(unit=unit, name="周明", user=unit_cdo)
    return AppointmentFactory(unit=unit, person=person)


@pytest.fixture
def leaving(register, holder, officer):
    def made(**facts):
        given = {
            "user": holder.person.user,
            "unit": holder.unit,
            "taker": None,
            "on": TODAY,
            "by": officer,
            "person": holder.person,
            "ends": (holder,),
            "departure": Departure(TODAY, "moved", Paper("深公字〔2022〕3号", signed_on=TODAY)),
        }
        return LeavingPerson(**given | facts)

    return made


def titles(leaving):
    return {(item.title, item.fate) for item in handover.open_items(leaving)}


def test_posts_teams_and_filings_are_shown_with_what_becomes_of_them(register, holder, leaving):
    unit = holder.unit
    AppointmentFactory(unit=unit, person=holder.person, status="proposed", seat=2)
    AppointmentFactory(unit=unit, seat=3)  # somebody else's
    TeamFactory(unit=unit, name="甲办", leader=holder.person)
    TeamMemberFactory(team=TeamFactory(unit=unit, name="乙组"), person=holder.person)
    TeamFactory(unit=unit, name="旧办", leader=holder.person, ends_on=date(2022, 1, 1))
    FilingFactory(programme=register.city.programme, appointment=holder, title="任命")
    FilingFactory(programme=register.city.programme, appointment=AppointmentFactory(),
                  unit=unit, title="退回的", returned=True)  # fmt: skip
    assert titles(leaving()) == {
        ("岗位：首席数据官", Fate.ENDS),
        ("拟任：首席数据官", Fate.STAYS),
        ("团队负责人：甲办", Fate.MOVES),
        ("团队成员：乙组", Fate.ENDS),
        ("备案：任命", Fate.STAYS),
        ("备案：退回的", Fate.STAYS),
    }
    assert ("岗位：首席数据官", Fate.STAYS) in titles(leaving(ends=()))
    assert ("岗位：首席数据官", Fate.ENDS) in titles(leaving(ends=None))


def test_a_unit_does_not_end_what_another_body_removes(register, stranger):
    """The leading group removes in districts: the district's clerk hands over the work only."""
    post = AppointmentFactory(unit=register.city.district)
    given = LeavingPerson(None, post.unit, None, TODAY, stranger, person=post.person)
    assert handover.endable(post.person, given) == []
    assert ("岗位：首席数据官", Fate.STAYS) in titles(given)


def test_the_leaver_is_found_by_the_account_or_is_nobody(register, holder, officer):
    plain = Leaving(holder.person.user, holder.unit, None, TODAY, officer)
    assert ("岗位：首席数据官", Fate.ENDS) in titles(plain)
    assert titles(Leaving(officer, register.city.bureau, None, TODAY, officer)) == set()
    assert handover.move(Leaving(officer, register.city.bureau, None, TODAY, officer)) == 0


def test_everything_moves_at_once_and_is_written_down(register, holder, leaving, data_officer):
    unit = holder.unit
    successor = PersonFactory(unit=unit, name="李四", user=data_officer)
    led = TeamFactory(unit=unit, name="甲办", leader=holder.person)
    team = TeamFactory(unit=unit, name="乙组")
    member = TeamMemberFactory(team=team, person=holder.person)
    planned = TeamMemberFactory(team=led, person=holder.person, ends_on=date(2022, 12, 31))
    later = TeamMemberFactory(team=TeamFactory(unit=unit, name="丙组"), person=holder.person,
                              starts_on=date(2022, 5, 1))  # fmt: skip
    TokenFactory(user=holder.person.user)
    made = hand_over(
        leaving(taker=data_officer, successor=successor, note=" 台账在共享文件夹 "), once="k"
    )
    assert made.number == "JJ-2022-0001"
    assert (made.leaver, made.taker, made.appointment) == (holder.person, successor, holder)
    assert made.note == "台账在共享文件夹"
    fates = {item["title"]: item["fate"] for item in made.items}
    assert fates["团队负责人：甲办"] == "moves"
    assert fates["接口令牌：测试"] == "ends"
    assert "stays" in fates.values()  # the unit's assignments
    holder.refresh_from_db()
    assert (holder.status, holder.ends_on, holder.ending) == (Status.ENDED, TODAY, "moved")
    assert holder.ending_number == "深公字〔2022〕3号"
    led.refresh_from_db()
    assert led.leader == successor
    ends = {row.pk: (row.ends_on, row.voided_at is None) for row in TeamMember.rows.all()}
    assert ends == {member.pk: (TODAY, True), planned.pk: (TODAY, True), later.pk: (None, False)}
    assert not Membership.rows.live(TODAY).filter(user=holder.person.user).exists()
    assert Token.objects.get().revoked_at
    assert not User.objects.get(pk=holder.person.user.pk).is_active
    entry = AuditEntry.objects.get(verb="handover.make")
    assert (entry.subject, entry.unit_code) == (f"handover:{made.number}", unit.code)
    assert entry.after["person"] == "周明"
    assert list(handovers_of(successor)) == [made]


def test_work_is_handed_over_while_the_post_stays(holder, leaving):
    made = hand_over(leaving(ends=(), departure=None), once="k")
    holder.refresh_from_db()
    assert holder.status == Status.APPOINTED
    assert made.appointment == holder
    assert {item["title"]: item["fate"] for item in made.items}["岗位：首席数据官"] == "stays"
    assert not Membership.rows.live(TODAY).filter(user=holder.person.user).exists()


def test_somebody_without_an_account_leaves_too(city, officer):
    person = PersonFactory(unit=city.department)
    given = LeavingPerson(None, city.department, None, TODAY, officer, person=person)
    made = hand_over(given, once="k", version=person.version)
    assert made.appointment is None


def test_a_failure_in_the_last_part_takes_everything_back(holder, leaving):
    """Negative control: the part that is asked last fails after all others have moved."""

    def failing(_leaving):
        raise Refused("磁盘已满")

    before = dict(parts._parts)
    broken = parts.Part("broken", "坏", lambda _leaving: [], failing)
    parts._parts.clear()
    parts._parts.update({"broken": broken, **before})  # asked last, being registered first
    try:
        with pytest.raises(Refused, match="磁盘已满"):
            hand_over(leaving(), once="k")
    finally:
        parts._parts.clear()
        parts._parts.update(before)
    holder.refresh_from_db()
    user = User.objects.get(pk=holder.person.user.pk)
    assert (holder.status, holder.ends_on, user.is_active) == (Status.APPOINTED, None, True)
    assert Membership.rows.live(TODAY).filter(user=user).exists()
    assert not Handover.rows.exists()
    assert not AuditEntry.objects.filter(verb__in=["handover.make", "appointment.end"]).exists()
    assert not IdempotencyKey.objects.exists()
    hand_over(leaving(), once="k")


def test_the_same_form_counts_once_and_a_stale_one_not_at_all(holder, leaving):
    with pytest.raises(StaleVersion):
        hand_over(leaving(), once="a", version=holder.person.version + 1)
    hand_over(leaving(), once="a", version=holder.person.version)
    with pytest.raises(Refused, match="没有重复办理"):
        hand_over(leaving(ends=(), departure=None), once="a")
    assert Handover.rows.count() == 1


def test_who_may_not_take_over_is_named(register, holder, leaving):
    stranger = PersonFactory(unit=register.city.district, name="赵六")
    with pytest.raises(ValidationError) as refused:
        hand_over(leaving(successor=stranger), once="k")
    assert "赵六不是测试市公安局的人员" in refused.value.message_dict["taker"][0]
    closed = PersonFactory(
        unit=holder.unit, user=MembershipFactory(unit=holder.unit, user__is_active=False).user
    )
    for other in (holder.person, closed):
        with pytest.raises(ValidationError):
            hand_over(leaving(successor=other), once="k")


def test_nobody_hands_over_ahead_of_the_day_nor_the_own_work(holder, leaving):
    with pytest.raises(ValidationError, match="2022-04-16还没有到"):
        hand_over(leaving(on=date(2022, 4, 16)), once="k")
    with pytest.raises(Refused, match="不能办理本人的交接"):
        hand_over(leaving(by=holder.person.user), once="k")


def test_a_last_day_before_the_first_is_refused_by_the_persons_name(holder, leaving):
    on = date(2021, 9, 1)
    with pytest.raises(ValidationError, match="周明从2021-09-16起任职"):
        hand_over(leaving(on=on, departure=Departure(on, "left")), once="k")
    assert not Handover.rows.exists()


def test_a_person_may_leave_each_body_where_he_works_holds_a_post_or_acts(register, holder):
    city, person = register.city, holder.person
    AppointmentFactory(unit=city.government, person=person)
    MembershipFactory(unit=city.district, user=person.user)
    assert units_of(person) == [city.department, city.government, city.district]
    assert units_of(PersonFactory(unit=city.district)) == [city.district]


def test_contacts_go_to_the_colleague_who_takes_over(city, officer):
    colleague = MembershipFactory(unit=city.bureau, role="bureau_officer").user
    Enrolment.rows.filter(unit=city.department).update(liaison=officer)
    person = PersonFactory(unit=city.bureau, user=officer)
    successor = PersonFactory(unit=city.bureau, user=colleague)
    given = LeavingPerson(officer, city.bureau, colleague, TODAY, colleague, person=person,
                          successor=successor)  # fmt: skip
    hand_over(given, once="k")
    assert Enrolment.rows.get(unit=city.department).liaison == colleague


# --- the slip ------------------------------------------------------------------------------------


def slip(**facts):
    items = [
        {
            "part": "岗位、团队和备案",
            "title": "岗位：首席数据官",
            "detail": "RM-2021-0001",
            "fate": "ends",
        },
        {"part": "未完成的任务", "title": "工作总结", "detail": "", "fate": "stays"},
    ]
    return HandoverFactory(leaver__name="周明", items=items, **facts)


def words(content):
    document = Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_the_slip_says_who_gave_what_to_whom(city, officer):
    row = slip(unit=city.department, note="台账在共享文件夹", created_by=officer)
    said = words(slips.write(row))
    for expected in ("工作交接单", "周明", "测试市公安局", "岗位：首席数据官", "即时终止", "台账在共享文件夹",
                     "监交人", "2022年3月31日"):  # fmt: skip
        assert expected in said
    assert [group["fate"] for group in slips.grouped(row)] == ["即时终止", "留在单位"]
    assert slips.file_name(row, "docx") == f"工作交接单{row.number}.docx"
    assert slips.write(row) == slips.write(row)


def test_a_slip_of_nothing_says_so(city):
    row = HandoverFactory(leaver=PersonFactory(unit=city.department))
    assert "没有未完成的事项" in words(slips.write(row))
    assert slips.grouped(row) == []


def test_the_handovers_of_a_unit_are_seen_by_it_and_its_bureau(city, cast):
    HandoverFactory(leaver=PersonFactory(unit=city.department))
    seen = {name for name, user in cast.items() if Handover.objects.visible_to(user).exists()}
    assert seen == {"officer", "head", "data_officer", "unit_cdo", "provincial_reader",
                    "evaluator", "api_client_user", "auditor"}  # fmt: skip
    assert str(Handover.rows.get()).startswith("JJ-2021-")
    assert Appointment.rows.count() == 0
