"""F2 任命/变更: the form, the page where it is checked, and what comes of it."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.models import IdempotencyKey
from officers.models import Appointment, Filing, Person
from tests.factories.officers import AppointmentFactory, PersonFactory, PostFactory
from tests.factories.pilots import MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
NEW = "/officers/new/"


def scan(name="任命文件.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def filled(**facts):
    given = {
        "once": "key-1",
        "person": "",
        "name": "李明",
        "job_title": "副局长",
        "level": "deputy",
        "is_in_charge": "on",
        "post": "cdo",
        "kind": "substantive",
        "document_number": "深公任（2022）3号",
        "signed_on": "2022-04-11",
    }
    return {name: value for name, value in {**given, **facts}.items() if value is not None}


def hidden(page: str) -> dict[str, str]:
    """What the check page carries along."""
    found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def confirm(client, address, given, **more):
    """Both steps, as a browser without scripts goes through them."""
    checked = client.post(address, given)
    assert checked.status_code == 200, checked.context["form"].errors
    carried = hidden(checked.content.decode())
    return client.post(address, {**carried, "confirmed": "1", **more})


@pytest.fixture
def here(register):
    return f"{NEW}?unit={register.city.department.code}"


# --- a unit's own ---------------------------------------------------------------------------------


def test_a_unit_appoints_and_files_in_one_confirmation(register, data_officer, browse):
    client = browse(data_officer)
    page = client.get(NEW).content.decode()
    assert "登记任命" in page
    checked = client.post(NEW, filled(mobile="13812345678", file=scan()))
    text = checked.content.decode()
    assert "同时报领导小组办公室备案" in text
    assert "李明自2022-04-11起任测试市公安局首席数据官。" in text
    assert "138****5678" in text
    done = client.post(NEW, {**hidden(text), "confirmed": "1", "files": "on"}, follow=True)
    row = Appointment.rows.get(person__name="李明")
    assert done.redirect_chain[-1][0] == f"/officers/{row.number}/"
    assert (row.status, row.document_number) == ("appointed", "深公任〔2022〕3号")
    assert row.file_name == "任命文件.pdf"
    filing = Filing.rows.get(appointment=row)
    assert filing.desk == register.office
    assert filing.number in done.content.decode()


def test_the_filing_is_left_out_when_it_is_not_ticked(register, data_officer, browse, here):
    answer = confirm(browse(data_officer), here, filled())
    assert answer.status_code == 302
    assert not Filing.rows.exists()


def test_sent_twice_it_counts_once(register, data_officer, browse, here):
    client = browse(data_officer)
    carried = hidden(client.post(here, filled()).content.decode())
    assert not IdempotencyKey.objects.exists()  # looking ahead leaves nothing
    assert not Person.rows.filter(name="李明").exists()
    sent = {**carried, "confirmed": "1"}
    assert client.post(here, sent).status_code == 302
    again = client.post(here, sent)
    assert again.status_code == 409
    assert "已经提交过" in again.content.decode()
    assert Appointment.rows.filter(person__name="李明").count() == 1


def test_whoever_held_the_post_leaves_the_day_before(register, data_officer, browse, here):
    holder = register.appoint(register.city.department, date(2021, 9, 28))
    page = browse(data_officer).get(here).content.decode()
    assert f"现任：{holder.person.name}（首席数据官，正式）" in page
    answer = browse(data_officer).post(here, filled())
    assert f"{holder.person.name}的首席数据官任期到2022-04-10为止" in answer.content.decode()
    confirm(
        browse(data_officer),
        here,
        filled(once="key-2", ending="moved", ending_number="深公免[2022]1号"),
    )
    holder.refresh_from_db()
    assert (holder.ends_on, holder.ending) == (date(2022, 4, 10), "moved")
    assert holder.ending_number == "深公免〔2022〕1号"
    new = Appointment.rows.get(person__name="李明")
    assert new.predecessor == holder


def test_a_known_person_is_chosen(register, data_officer, browse, here):
    known = register.person(register.city.department, name="王芳")
    given = filled(person=str(known.uuid), name="", job_title="", level="", is_in_charge=None)
    answer = confirm(browse(data_officer), here, given)
    assert answer.status_code == 302
    row = Appointment.rows.get(person=known)
    assert (row.job_title, row.level, row.is_in_charge) == ("副局长", "deputy", True)
    both = browse(data_officer).post(here, filled(person=str(known.uuid)))
    assert "已选了已有人员" in both.content.decode()


def test_a_holder_with_an_account_is_told_of_the_rights(
    register, data_officer, unit_cdo, browse, here
):
    known = register.person(register.city.department, user=unit_cdo)
    answer = browse(data_officer).post(here, filled(person=str(known.uuid), name=""))
    assert "账号有首席数据官身份" in answer.content.decode()


def test_somebody_stands_in_and_is_relieved(register, data_officer, browse, here):
    acting = register.appoint(register.city.department, date(2022, 1, 4), kind="acting")
    page = browse(data_officer).get(here).content.decode()
    assert f"主持工作或代理的{acting.person.name}同日结束" in page
    checked = browse(data_officer).post(here, filled(relieves="on"))
    assert acting.person.name in checked.content.decode().split("生效后")[1]
    confirm(browse(data_officer), here, filled(relieves="on"))
    acting.refresh_from_db()
    assert acting.ends_on == date(2022, 4, 10)


def test_a_stand_in_is_entered_beside_nobody(register, data_officer, browse, here):
    given = filled(kind="presiding", level="other", is_in_charge=None)
    checked = browse(data_officer).post(here, given)
    assert "以“主持工作”方式履行" in checked.content.decode()
    assert "同时报" not in checked.content.decode()


def test_a_first_day_nobody_knows(register, data_officer, browse, here):
    given = filled(known_on="2022-03-01", signed_on="2022-03-05")
    checked = browse(data_officer).post(here, given)
    assert "未知，2022-03-01已在任" in checked.content.decode()
    confirm(browse(data_officer), here, given)
    row = Appointment.rows.get(person__name="李明")
    assert (row.starts_on, row.known_on) == (None, date(2022, 3, 1))


# --- what another body appoints -------------------------------------------------------------------


def test_what_another_body_appoints_is_only_proposed(register, stranger, browse):
    holder = register.appoint(register.city.district, date(2021, 9, 28))
    checked = browse(stranger).post(NEW, filled()).content.decode()
    assert "登记为拟任，由领导小组任命，待市政数局确认后生效。" in checked
    assert f"确认前，{holder.person.name}仍在任。" in checked
    assert "提交拟任" in checked
    answer = browse(stranger).post(NEW, {**hidden(checked), "confirmed": "1"}, follow=True)
    assert "待市政数局确认" in answer.content.decode()
    row = Appointment.rows.get(person__name="李明")
    assert (row.status, row.predecessor) == ("proposed", holder)
    holder.refresh_from_db()
    assert holder.ends_on is None


def test_a_proposal_where_nobody_is(register, stranger, browse):
    register.government_rule.appointed_by = None
    register.government_rule.save()
    checked = browse(stranger).post(NEW, filled()).content.decode()
    assert "由任命机关任命" in checked
    assert "仍在任" not in checked


# --- the bureau -----------------------------------------------------------------------------------


def test_the_bureau_chooses_the_unit_first(register, officer, browse):
    answer = browse(officer).get(NEW)
    units = [unit.display_name for unit in answer.context["units"]]
    assert units[:3] == ["测试市人民政府", "测试市公安局", "测试市福田区"]
    assert "测试市省政数局" not in units
    chosen = browse(officer).get(f"{NEW}?unit={register.city.district.code}&post=cdo")
    assert chosen.context["form"]["post"].value() == "cdo"
    assert browse(officer).post(NEW, filled()).status_code == 404


def test_what_the_bureau_enters_stands_at_once(register, officer, browse):
    here = f"{NEW}?unit={register.city.district.code}"
    answer = confirm(browse(officer), here, filled(), files="on")
    assert answer.status_code == 302
    assert Appointment.rows.get(person__name="李明").status == "appointed"
    assert not Filing.rows.exists()


def test_others_may_not(
    register, head, stranger, officer, foreigner, provincial_reader, browse, here
):
    for user in (head, provincial_reader):
        assert browse(user).get(NEW).status_code == 403
        assert browse(user).get(here).status_code == 403
    assert browse(stranger).get(here).status_code == 404
    assert browse(foreigner).post(here, filled()).status_code == 404
    slot = UnitFactory(is_slot=True)
    assert browse(officer).get(f"{NEW}?unit={slot.code}").status_code == 404


def test_somebody_of_two_units_chooses(register, data_officer, browse):
    MembershipFactory(user=data_officer, unit=register.city.district)
    assert len(browse(data_officer).get(NEW).context["units"]) == 2


# --- faults ---------------------------------------------------------------------------------------


def test_all_faults_are_said_at_once_and_nothing_is_lost(register, officer, browse, here):
    other = PersonFactory(unit=register.city.district, name="赵强", mobile="13812345678")
    given = filled(
        name="", mobile="138 1234 5678", email="x@", office_phone="12", level="other",
        document_number="深公任3号", ending_number="", signed_on="", job_title="科长",
    )  # fmt: skip
    answer = browse(officer).post(here, given)
    assert answer.status_code == 422
    page = answer.content.decode()
    for said in ("填写“姓名”", f"福田区{other.name}的", "电子邮箱写成", "办公电话写成", "深公任3号",
                 "填写“起始日期”", "文件规定"):  # fmt: skip
        assert said in page
    assert 'value="科长"' in page
    assert "有7处需要修改" in page


def test_a_number_of_somebody_unseen_names_nobody(register, data_officer, browse, here):
    PersonFactory(unit=register.city.district, name="赵强", mobile="13812345678")
    page = browse(data_officer).post(here, filled(mobile="13812345678")).content.decode()
    assert "赵强" not in page
    assert "已登记在" in page


def test_the_rank_rule_warns_and_takes_a_reason(register, data_officer, browse, here):
    client = browse(data_officer)
    assert "rank_reason" not in client.get(here).content.decode()
    warned = client.post(here, filled(level="other"))
    assert warned.status_code == 422
    assert list(warned.context["form"].errors) == ["rank_reason"]
    given = filled(level="other", rank_reason="副局长空缺，由办公室主任兼任。")
    assert "副局长空缺" in client.post(here, given).content.decode()
    assert confirm(client, here, given).status_code == 302


def test_a_document_is_asked_for(register, data_officer, browse, here):
    client = browse(data_officer)
    bare = client.post(here, filled(document_number=""))
    assert "没有文号的上传扫描件" in bare.content.decode()
    assert client.post(here, filled(document_number="", file=scan())).status_code == 200
    reason = filled(document_number="", reason="局党组会议纪要", once="key-3")
    assert client.post(here, reason).status_code == 200


def test_a_scan_survives_faults_and_the_check(register, data_officer, browse, here):
    client = browse(data_officer)
    wrong = client.post(here, filled(name="", file=scan()))
    page = wrong.content.decode()
    assert "“任命文件.pdf”已收到，不用再传" in page
    kept = hidden(page)["kept"]
    assert confirm(client, here, filled(kept=kept)).status_code == 302
    assert Appointment.rows.get(person__name="李明").file_name == "任命文件.pdf"


def test_a_kept_scan_is_its_owners_alone(register, data_officer, unit_cdo, browse, here):
    page = browse(data_officer).post(here, filled(name="", file=scan())).content.decode()
    kept = hidden(page)["kept"]
    stolen = browse(unit_cdo).post(here, filled(kept=kept))
    assert "任命文件.pdf" not in stolen.content.decode()


def test_back_from_the_check_shows_what_was_typed(register, data_officer, browse, here):
    client = browse(data_officer)
    carried = hidden(client.post(here, filled()).content.decode())
    page = client.post(here, {**carried, "back": "1"}).content.decode()
    assert 'value="李明"' in page
    assert "下一步：核对" in page


def test_two_holders_at_once_are_refused_by_name(register, data_officer, browse, here):
    holder = register.appoint(register.city.department, date(2022, 4, 1), ends_on=date(2022, 4, 30))
    answer = browse(data_officer).post(here, filled())
    assert answer.status_code == 409
    assert holder.number in answer.content.decode()


def test_nobody_leaves_after_the_successor_came(register, data_officer, browse, here):
    register.appoint(register.city.department, date(2021, 9, 28))
    page = browse(data_officer).post(here, filled(leaves_on="2022-04-11")).content.decode()
    assert "要早于新任的起始日期2022-04-11" in page
    early = browse(data_officer).post(here, filled(leaves_on="2021-09-01"))
    assert early.status_code == 422
    assert "不能早于这一天" in str(early.context["form"].errors["leaves_on"])


# --- posts with several seats ---------------------------------------------------------------------


def test_a_second_seat_is_taken_before_anybody_leaves(register, officer, browse):
    department = register.city.department
    register.department_rule.count = 2
    register.department_rule.save()
    here = f"{NEW}?unit={department.code}"
    first = register.appoint(department, date(2021, 9, 28))
    confirm(browse(officer), here, filled())
    second = Appointment.rows.get(person__name="李明")
    first.refresh_from_db()
    assert (second.seat, first.ends_on) == (2, None)
    assert "接替谁" in browse(officer).get(here).content.decode()
    confirm(
        browse(officer),
        here,
        filled(name="王芳", once="key-2", signed_on="2022-04-14", replaces=second.number),
    )
    third = Appointment.rows.get(person__name="王芳")
    assert (third.seat, third.predecessor) == (2, second)


def test_a_post_without_a_rule_has_as_many_seats_as_people(register, officer, browse):
    PostFactory(code="clerk", name="数据联络专员", is_single=False)
    unit = register.city.department
    here = f"{NEW}?unit={unit.code}"
    AppointmentFactory(unit=unit, post=PostFactory(code="clerk"))
    page = browse(officer).get(here).content.decode()
    assert "其他岗位" in page
    confirm(browse(officer), here, filled(post="clerk"))
    assert Appointment.rows.get(person__name="李明").seat == 2
