"""规定任务 with 「确认截止口径」, and 职责 with 登记进展."""

import uuid
from datetime import date

import pytest

from duties import services
from duties.models import ItemProgress
from reminders import services as reminders
from reminders.models import Notice
from tests.factories.duties import (
    DutyAreaFactory,
    DutyItemFactory,
    ItemProgressFactory,
    ObligationFactory,
)
from tests.factories.pilots import ClauseFactory, before_the_start


@pytest.fixture
def doubtful(city):
    return city.obligations["training"]


def url(obligation):
    return f"/obligations/{obligation.code}/"


def decide(client, obligation, **facts):
    sent = {"version": obligation.version, "due_on": "2022-04-30", "basis": "省局来函确认", **facts}
    return client.post(f"{url(obligation)}reading/", sent)


def test_who_is_bound_with_each_ones_light(city, doubtful, officer, browse):
    services.fulfil(
        city.assignment(city.department, "training"),
        source_key="a",
        happened_on=date(2022, 4, 1),
        by=officer,
    )
    response = browse(officer).get(url(doubtful))
    text = response.content.decode()
    assert [line.row.unit for line in response.context["lines"]] == [
        city.government, city.department, city.district,
    ]  # fmt: skip
    assert "3个单位有这项任务，已完成0个。" in text
    assert text.count("口径待确认") >= 3
    assert "原文：在2022年4月前。" in text
    assert f"/tasks/?programme={city.programme.code}&amp;obligation={doubtful.code}" in text


def test_a_unit_sees_its_own_row_and_no_form(city, doubtful, data_officer, browse):
    response = browse(data_officer).get(url(doubtful))
    assert [line.row.unit for line in response.context["lines"]] == [city.department]
    assert "reading" not in response.content.decode()


def test_another_citys_demand_is_not_there(doubtful, foreigner, browse):
    assert browse(foreigner).get(url(doubtful)).status_code == 404
    assert decide(browse(foreigner), doubtful).status_code == 404


def test_the_effect_is_stated_before(doubtful, officer, browse):
    text = browse(officer).get(url(doubtful)).content.decode()
    assert "确认后，3件未完成的任务改按选定的日期，提醒按新的日期重新开始。" in text
    assert "选2022-03-31的，未完成的从今天起算逾期。" in text
    assert "2022-03-31（从严）" in text
    assert "2022-04-30（从宽）" in text


def test_confirming_moves_the_tasks_and_starts_the_reminders_anew(
    city, doubtful, officer, data_officer, browse
):
    reminders.plan(date(2022, 4, 15))
    assert decide(browse(officer), doubtful).status_code == 302
    row = city.assignment(city.department, "training")
    assert (row.due_on, row.latest_on) == (date(2022, 4, 30), date(2022, 4, 30))
    reminders.plan(date(2022, 4, 15))
    assert Notice.rows.filter(facts__number=row.number).count() == 2
    text = browse(officer).get(url(doubtful)).content.decode()
    assert "口径说明：省局来函确认" in text
    assert "从宽" not in text


@pytest.mark.parametrize(
    ("facts", "status", "words"),
    [
        ({"basis": ""}, 422, "填写“依据”"),
        ({"basis": "长" * 510}, 422, "“依据”超出上限10字，压缩到500字以内"),
        ({"due_on": ""}, 422, "填写“截止日期”"),
        ({"due_on": "2022-05-31"}, 409, "2022-03-31到2022-04-30"),
        ({"version": "7"}, 412, "填写的内容还在"),
    ],
)
def test_what_cannot_be_confirmed_is_said(doubtful, officer, browse, facts, status, words):
    response = decide(browse(officer), doubtful, **facts)
    text = response.content.decode()
    assert response.status_code == status
    assert words in text
    if "basis" not in facts:
        assert "省局来函确认" in text


def test_what_somebody_confirmed_meanwhile_is_shown(doubtful, officer, browse):
    services.decide_reading(doubtful, due_on=date(2022, 3, 31), by=officer, basis="电话答复")
    response = decide(browse(officer), doubtful)
    assert response.status_code in {409, 412}
    assert "口径说明：电话答复" in response.content.decode()


def test_only_the_bureaus_officer_confirms(doubtful, head, data_officer, browse):
    for person in (head, data_officer):
        assert decide(browse(person), doubtful).status_code == 403


def test_get_leads_back_to_the_page(doubtful, officer, browse):
    assert browse(officer).get(f"{url(doubtful)}reading/").status_code == 302


def test_an_obligation_that_binds_nobody(city, officer, browse):
    row = ObligationFactory(
        programme=city.programme, parts=["third_party"], due_on=None, wording=""
    )
    assert "没有单位有这项任务。" in browse(officer).get(url(row)).content.decode()


# --- 职责 ----------------------------------------------------------------------------------------


@pytest.fixture
def area(city):
    return city.programme.areas.get(short_name="人才")


def note(client, area, chosen, body, **facts):
    sent = {
        "token": str(uuid.uuid4()), "item": chosen.pk, "unit": body.pk,
        "happened_on": "2022-04-01", "summary": "已完成全员培训", **facts,
    }  # fmt: skip
    return client.post(f"/areas/{area.code}/progress/", sent)


@pytest.fixture
def item(area):
    return area.items.get(name__startswith="全员")


def test_items_with_their_clause_and_how_far_each_unit_is(city, area, item, officer, browse):
    item.clause = ClauseFactory(text="组织本部门全员培训")
    item.save()
    ItemProgressFactory(item=item, enrolment=city.enrolment(city.department), summary="旧的")
    ItemProgressFactory(
        item=item,
        enrolment=city.enrolment(city.department),
        summary="新的",
        happened_on="2022-04-02",
    )
    response = browse(officer).get(f"/areas/{area.code}/")
    text = response.content.decode()
    assert "组织本部门全员培训" in text
    assert "新的" in text
    assert "旧的" not in text
    assert "2个事项，各单位合计3项，1项已有进展。" in text
    assert "还没有进展：测试市人民政府、测试市福田区" in text
    assert len(response.context["lines"]) == 3


def test_a_unit_sees_itself_only(city, area, data_officer, browse):
    text = browse(data_officer).get(f"/areas/{area.code}/").content.decode()
    assert city.district.short_name not in text
    assert "登记进展" not in text


def test_an_area_without_items(city, officer, browse):
    area = DutyAreaFactory(programme=city.programme)
    assert "没有列出事项" in browse(officer).get(f"/areas/{area.code}/").content.decode()


def test_noting_progress_counts_once_a_form(city, area, item, officer, browse):
    client, body, token = browse(officer), city.enrolment(city.department), str(uuid.uuid4())
    for _click in range(2):
        assert note(client, area, item, body, token=token).status_code == 302
    row = ItemProgress.rows.get()
    assert (row.summary, row.created_by) == ("已完成全员培训", officer)


@pytest.mark.parametrize(
    ("facts", "status", "words"),
    [
        ({"summary": "长" * 562}, 422, "“进展”超出上限62字，压缩到500字以内"),
        ({"summary": ""}, 422, "填写“进展”"),
        ({"item": ""}, 422, "选择“事项”"),
        ({"unit": "999999"}, 422, "“单位”不在可选范围内，重新选择"),
        ({"happened_on": "2022-04-16"}, 422, "“日期”2022-04-16还没有到"),
    ],
)
def test_progress_that_cannot_be_noted_is_said(
    city, area, item, officer, browse, facts, status, words
):
    response = note(browse(officer), area, item, city.enrolment(city.department), **facts)
    assert response.status_code == status
    assert words in response.content.decode()
    assert not ItemProgress.rows.exists()


def test_an_item_that_does_not_apply_is_refused_and_the_text_kept(
    city, area, item, officer, browse
):
    response = note(
        browse(officer), area, item, city.enrolment(city.district), summary="写了很多字"
    )
    text = response.content.decode()
    assert response.status_code == 409
    assert "不适用于" in text
    assert "写了很多字" in text


def test_voiding_progress(city, area, item, officer, browse):
    row = ItemProgressFactory(item=item, enrolment=city.enrolment(city.department))
    client = browse(officer)
    assert client.get(f"/areas/{area.code}/progress/{row.pk}/void/").status_code == 302
    assert client.post(f"/areas/{area.code}/progress/{row.pk}/void/").status_code == 302
    assert not ItemProgress.rows.live().exists()
    other = ItemProgressFactory(item=DutyItemFactory())
    assert client.post(f"/areas/{area.code}/progress/{other.pk}/void/").status_code == 404


def test_only_the_bureaus_officer_notes_progress(city, area, item, head, data_officer, browse):
    for person in (head, data_officer):
        assert note(browse(person), area, item, city.enrolment(city.department)).status_code == 403


def test_an_officer_of_another_city_neither_reads_nor_notes(city, area, item, foreigner, browse):
    client = browse(foreigner)
    assert client.get(f"/areas/{area.code}/").status_code == 404
    assert note(client, area, item, city.enrolment(city.department)).status_code == 404


def test_get_of_the_forms_address_leads_to_the_page(area, officer, browse):
    assert browse(officer).get(f"/areas/{area.code}/progress/").status_code == 302


def test_the_pages_of_a_draft_programme_are_readable(city, area, doubtful, officer, browse):
    before_the_start()
    client = browse(officer)
    assert client.get(f"/areas/{area.code}/").status_code == 200
    assert client.get(url(doubtful)).status_code == 200
