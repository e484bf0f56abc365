"""People: list, page, correction, account, and the one page that tells numbers."""

import re
from datetime import date

import pytest

from core.models import AuditEntry
from officers.models import Person
from pilots.models import Membership
from tests.factories.officers import AppointmentFactory, PersonFactory

pytestmark = pytest.mark.django_db
MOBILE, EMAIL = "13812345678", "liming@example.gov.cn"


@pytest.fixture
def person(register):
    return PersonFactory(
        unit=register.city.department,
        name="李明",
        mobile=MOBILE,
        email=EMAIL,
        office_phone="0755-88880001",
        rank="researcher_1",
        source="来函",
    )


@pytest.fixture
def post(register, person):
    return register.appoint(register.city.department, date(2021, 9, 28), person=person)


def at(person, act=""):
    return f"/officers/people/{person.uuid}/{act}"


# --- the list -------------------------------------------------------------------------------------


def found(client, query=""):
    answer = client.get(f"/officers/people/{query}")
    assert answer.status_code == 200
    return [row.name for row in answer.context["rows"]]


def test_the_list_shows_masked_numbers_and_posts(post, person, officer, browse):
    text = browse(officer).get("/officers/people/").content.decode()
    assert "138****5678" in text
    assert MOBILE not in text
    assert "0755-88880001" in text
    assert post.number in text


def test_people_are_found_and_narrowed(register, post, person, officer, browse):
    client = browse(officer)
    other = PersonFactory(unit=register.city.district, name="欧阳明月", user=officer)
    assert found(client, "?q=明月") == found(client, "?q=oymy") == [other.name]
    assert found(client, "?q=公安") == ["李明"]
    assert found(client, "?post=cdo") == ["李明"]
    assert found(client, "?account=true") == [other.name]
    assert found(client, "?account=false") == ["李明"]
    assert found(client, f"?unit={register.city.district.code}") == [other.name]
    assert found(client, "?programme=&on=2020-01-01") == ["李明", other.name]
    assert "按2020-01-01显示" in client.get("/officers/people/?on=2020-01-01").content.decode()
    assert "没有符合条件的人员" in client.get("/officers/people/?q=无此人").content.decode()


def test_a_holder_elsewhere_belongs_to_the_programme_too(register, officer, browse):
    guest = PersonFactory(name="外单位人员")
    AppointmentFactory(unit=register.city.district, person=guest)
    assert found(browse(officer)) == ["外单位人员"]


def test_each_sees_its_own_people(post, person, stranger, foreigner, data_officer, browse):
    assert found(browse(data_officer)) == ["李明"]
    assert found(browse(stranger)) == []
    for user in (stranger, foreigner):
        for act in ("", "edit/"):
            assert browse(user).get(at(person, act)).status_code == 404


# --- the page -------------------------------------------------------------------------------------


def test_the_page_tells_facts_posts_and_history(post, person, officer, browse):
    answer = browse(officer).get(at(person))
    text = answer.content.decode()
    for said in ("138****5678", "l***@example.gov.cn", "0755-88880001", "一级调研员", "来函",
                 "待备案", "没有关联账号"):  # fmt: skip
        assert said in text
    assert MOBILE not in text
    assert EMAIL not in text
    (line,) = answer.context["lines"]
    assert [step["what"] for step in line["steps"]] == ["拟任", "已任命", "待备案", "已备案"]


def test_somebody_without_a_post_has_a_page(person, officer, browse):
    assert "没有登记过任职" in browse(officer).get(at(person)).content.decode()


# --- correction -----------------------------------------------------------------------------------


def typed(person, **facts):
    given = {
        "version": person.version,
        "name": person.name,
        "job_title": person.job_title,
        "level": person.level,
        "is_in_charge": "on",
        "rank": person.rank,
        "office_phone": person.office_phone,
        "mobile": "138****5678",
        "email": "l***@example.gov.cn",
    }
    return {**given, **facts}


def test_what_was_left_masked_stays(person, data_officer, browse):
    client = browse(data_officer)
    shown = client.get(at(person, "edit/")).content.decode()
    assert "138****5678" in shown
    assert MOBILE not in shown
    done = client.post(at(person, "edit/"), typed(person, job_title="局长"))
    assert done["Location"] == at(person)
    person.refresh_from_db()
    assert (person.job_title, person.mobile.reveal()) == ("局长", MOBILE)
    (entry,) = AuditEntry.objects.filter(verb="person.mend")
    assert [name for name, _before, _after in entry.changes] == ["job_title"]


def test_numbers_are_changed_and_cleared(person, data_officer, browse):
    browse(data_officer).post(at(person, "edit/"), typed(person, mobile="139 0000 1111", email=""))
    person.refresh_from_db()
    assert (person.mobile.reveal(), person.email) == ("13900001111", None)


def test_a_number_of_somebody_else_is_refused_by_name(register, person, data_officer, browse):
    PersonFactory(unit=register.city.department, name="王芳", mobile="13900001111")
    answer = browse(data_officer).post(
        at(person, "edit/"), typed(person, mobile="13900001111", office_phone="12")
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"mobile", "office_phone"}
    assert "王芳" in answer.content.decode()


def test_only_the_bureau_moves_somebody(register, person, officer, data_officer, browse):
    assert 'name="unit"' not in browse(data_officer).get(at(person, "edit/")).content.decode()
    same = typed(person, unit=register.city.department.code)
    browse(officer).post(at(person, "edit/"), same)
    person.refresh_from_db()
    assert person.unit == register.city.department
    moved = typed(person, unit=register.city.district.code)
    browse(officer).post(at(person, "edit/"), moved)
    person.refresh_from_db()
    assert person.unit == register.city.district
    nowhere = browse(officer).post(at(person, "edit/"), typed(person, unit="无此单位"))
    assert nowhere.status_code == 422


def test_late_and_blank_corrections_come_back(person, officer, head, browse):
    unit = person.unit.code
    late = browse(officer).post(at(person, "edit/"), typed(person, unit=unit, version="9"))
    assert late.status_code == 412
    blank = browse(officer).post(at(person, "edit/"), typed(person, unit=unit, name="　"))
    assert blank.status_code == 422
    assert browse(head).get(at(person, "edit/")).status_code == 403
    assert browse(head).post(at(person, "edit/"), typed(person)).status_code == 403


# --- the account ----------------------------------------------------------------------------------


def test_an_account_is_tied_and_let_go(post, person, officer, data_officer, unit_cdo, browse):
    client = browse(officer)
    shown = client.get(at(person)).content.decode()
    assert f"（{unit_cdo.username}）" in shown
    sent = {"version": person.version, "account": data_officer.username}
    done = client.post(at(person, "account/"), sent, follow=True)
    assert "已把账号" in done.content.decode()
    person.refresh_from_db()
    assert person.user == data_officer
    assert Membership.rows.filter(user=data_officer, role="unit_cdo").exists()
    late = client.post(at(person, "account/"), {"version": 1, "untie": "1"})
    assert late.status_code == 412
    client.post(at(person, "account/"), {"version": person.version, "untie": "1"})
    person.refresh_from_db()
    assert person.user is None
    twice = client.post(
        at(person, "account/"), {"version": person.version, "untie": "1"}, follow=True
    )
    assert "没有关联账号" in twice.content.decode()


def test_an_account_has_to_be_chosen_and_free(post, person, officer, stranger, browse):
    client = browse(officer)
    assert "没有可关联的账号" in client.get(at(person)).content.decode()
    for name in ("", stranger.username, "nobody"):
        sent = {"version": person.version, "account": name}
        assert client.post(at(person, "account/"), sent).status_code == 422
    assert client.get(at(person, "account/"))["Location"] == at(person)


def test_a_unit_gives_itself_no_rights(post, person, data_officer, browse):
    sent = {"version": person.version, "account": data_officer.username}
    assert browse(data_officer).post(at(person, "account/"), sent).status_code == 403
    assert "关联账号</button>" not in browse(data_officer).get(at(person)).content.decode()


def test_a_closed_account_is_said_to_be(person, data_officer, officer, browse):
    data_officer.is_active = False
    data_officer.save()
    Person.rows.filter(pk=person.pk).update(user=data_officer)
    assert "已停用" in browse(officer).get(at(person)).content.decode()
    assert "已停用" in browse(officer).get("/officers/people/").content.decode()


# --- contacts -------------------------------------------------------------------------------------


def reveal(client, *people, purpose="通知例会"):
    sent = {"people": [str(row.uuid) for row in people], "purpose": purpose}
    return client.post("/officers/contacts/", sent)


def test_numbers_are_told_once_for_a_purpose(post, person, officer, browse):
    client = browse(officer)
    form = client.get("/officers/").content.decode()
    assert str(person.uuid) in form
    answer = reveal(client, person)
    text = answer.content.decode()
    assert MOBILE in text
    assert EMAIL in text
    assert answer["Cache-Control"] == "no-store"
    (entry,) = AuditEntry.objects.filter(verb="person.reveal")
    assert entry.after["purpose"] == "通知例会"
    assert MOBILE not in str(entry.after)


def test_without_a_purpose_nothing_is_told(person, officer, browse):
    answer = reveal(browse(officer), person, purpose=" ")
    assert answer.status_code == 422
    assert MOBILE not in answer.content.decode()
    assert str(person.uuid) in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="person.reveal").exists()


def test_what_the_liaison_alone_may_see_is_left_out(register, person, officer, head, browse):
    enrolment = register.city.enrolment(register.city.department)
    enrolment.liaison = head
    enrolment.save()
    other = PersonFactory(unit=register.city.district, name="王芳", mobile="13900001111")
    text = reveal(browse(officer), person, other).content.decode()
    assert MOBILE not in text
    assert "13900001111" in text
    assert "李明（测试市公安局）" in re.sub(r"\s", "", text)
    alone = reveal(browse(officer), person).content.decode()
    assert MOBILE not in alone
    assert AuditEntry.objects.filter(verb="person.reveal").count() == 1
    assert "查看联系方式" not in browse(officer).get(at(person)).content.decode()


def test_the_unseen_are_not_revealed(person, stranger, head, officer, browse):
    assert reveal(browse(stranger), person).status_code == 404
    assert reveal(browse(head), person).status_code == 403
    bad = browse(officer).post("/officers/contacts/", {"people": ["x", "'"], "purpose": "x"})
    assert bad.status_code == 404
    assert browse(officer).get("/officers/contacts/")["Location"] == "/officers/"
