"""代录: a request for a later day that came to the bureau as a letter."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from core.errors import MoveNotAllowed, Refused
from duties import services
from duties.choices import ExtensionState, Verdict
from duties.models import Assignment, Extension
from duties.queries.extensions import may_enter
from tests.conftest import _member

from .chasing import REASON, WANTED, a_scan, finish, request

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CAME_ON = date(2022, 4, 13)


@pytest.fixture
def task(city):
    return city.assignment(city.department)


@pytest.fixture
def other(city):
    """Another officer of the bureau."""
    return _member(city, city.bureau, "bureau_officer")


def entered(task, by, came_on=CAME_ON, **facts):
    letter = services.Letter(" 测试市公安局 ", came_on, "测公函(2022)7号")
    if "file" not in facts:
        facts["file"] = a_scan()
    asked = request(**facts, file_name="来文.pdf")
    return services.enter_extension(task, asked, letter, by=by)


def test_it_lies_with_the_bureau_from_the_day_of_the_letter(task, officer, data_officer):
    row = entered(task, officer)
    assert (row.state, row.asked_on, row.place) == (ExtensionState.ASKED, CAME_ON, 1)
    assert (row.letter_from, row.letter_number, row.letter_on) == (
        "测试市公安局", "测公函〔2022〕7号", CAME_ON,
    )  # fmt: skip
    assert row.signed_at is not None
    assert list(Extension.objects.visible_to(data_officer)) == [row]
    with pytest.raises(Refused, match="已申请延期"):
        entered(task, officer, file=row.file)


def test_whoever_entered_it_does_not_answer_it(task, officer, other):
    row = entered(task, officer)
    with pytest.raises(Refused, match="由另一位经办人审批"):
        services.decide_extension(row, Verdict.GRANT, by=officer)
    row = services.decide_extension(row, Verdict.GRANT, by=other)
    assert row.state == ExtensionState.GRANTED
    assert Assignment.rows.get(pk=task.pk).due_on == WANTED


def test_a_letter_of_the_last_day_is_no_late_request(task, officer, settings):
    settings.TODAY = "2022-05-06"
    row = entered(task, officer, came_on=date(2022, 4, 29))
    assert not row.is_late


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"came_on": date(2022, 4, 16)}, "letter_on"),
        ({"file": None}, "file"),
        ({"reason": "短"}, "reason"),
        ({"wanted_on": date(2022, 4, 30)}, "wanted_on"),
    ],
)
def test_what_is_wrong_is_said_by_field(task, officer, facts, field):
    with pytest.raises(ValidationError) as caught:
        entered(task, officer, **facts)
    assert field in caught.value.message_dict
    assert not Extension.rows.exists()


def test_raw_rows_are_held_to_the_same(task, officer):
    row = entered(task, officer)
    for facts in ({"letter_on": date(2022, 4, 1)}, {"file": None}, {"letter_from": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Extension.rows.filter(pk=row.pk).update(**facts)


def test_the_unit_may_take_it_back_and_then_it_is_over(task, officer, other, data_officer):
    row = services.withdraw_extension(entered(task, officer), by=data_officer)
    with pytest.raises(MoveNotAllowed):
        services.decide_extension(row, Verdict.GRANT, by=other)


def form_of(task, **more):
    return {
        "task": task.number,
        "version": task.version,
        "letter_from": "测试市公安局",
        "letter_number": "测公函〔2022〕7号",
        "letter_on": "2022-04-13",
        "quick": "15",
        "reason": REASON,
        "file": SimpleUploadedFile("来文.pdf", PDF, "application/pdf"),
        **more,
    }


def test_the_officer_enters_it_on_a_page_and_another_answers(task, officer, other, browse):
    client, url = browse(officer), f"/extensions/letters/new/?task={task.number}"
    assert url in client.get(f"/tasks/{task.number}/").content.decode()
    assert "代录" in client.get(url).content.decode()
    answer = client.post(url, form_of(task))
    row = Extension.rows.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/extensions/{row.number}/"
    page = client.get(answer["Location"]).content.decode()
    assert "测公函〔2022〕7号" in page
    assert "由另一位经办人审批" in page
    assert "代录来文" in page
    assert "提交审批意见" in browse(other).get(answer["Location"]).content.decode()
    assert client.get(url)["Location"] == f"/extensions/{row.number}/"


def test_every_fault_is_said_at_once_and_the_file_stays(task, officer, browse):
    client, url = browse(officer), f"/extensions/letters/new/?task={task.number}"
    answer = client.post(url, form_of(task, letter_from="", letter_on="2022-04-16", reason="短"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "来文单位" in page
    assert "“来文.pdf”已收到" in page
    answer = client.post(url, form_of(task, letter_number="7号"))
    assert answer.status_code == 422
    assert "发文字号要写成" in answer.content.decode()
    given = form_of(task)
    del given["file"]
    answer = client.post(url, given)
    assert answer.status_code == 422
    assert "选择“来文扫描件”" in answer.content.decode()
    assert not Extension.rows.exists()


def test_only_the_bureau_enters_letters_and_only_where_a_day_can_move(
    city, task, cast, officer, browse
):
    url = f"/extensions/letters/new/?task={task.number}"
    for name in ("data_officer", "unit_cdo", "evaluator", "provincial_reader"):
        assert browse(cast[name]).get(url).status_code in {403, 404}, name
        assert not may_enter(task, cast[name])
    undated = city.assignment(city.department, "plan")
    client = browse(officer)
    finish(task, officer)
    for row in (undated, Assignment.rows.for_lists().get(pk=task.pk)):
        answer = client.get(f"/extensions/letters/new/?task={row.number}", follow=True)
        assert "不用" in answer.content.decode()
        assert not may_enter(row, officer)
