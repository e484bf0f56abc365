"""意见反馈: told from any page, answered by the desk."""

from datetime import date

import pytest

from core.errors import Refused
from reminders import services
from reminders.models import Feedback, Notice
from tests.factories.accounts import UserFactory
from tests.factories.reminders import (
    EndpointFactory,
    FeedbackFactory,
)

DAY = date(2022, 4, 15)


def test_feedback_takes_the_page_along(data_officer, browse):
    client = browse(data_officer)
    came = {"Referer": "http://testserver/tasks/?light=overdue"}
    text = client.get("/feedback/", headers=came).content.decode()
    assert "关于页面：/tasks/?light=overdue" in text
    sent = {"page": "/tasks/?light=overdue", "text": "字太小"}
    for _click in range(2):
        assert client.post("/feedback/", sent).status_code == 302
    row = Feedback.rows.get()
    assert (row.page, row.text, row.user) == ("/tasks/?light=overdue", "字太小", data_officer)
    assert "字太小" in client.get("/feedback/").content.decode()


@pytest.mark.parametrize(
    ("query", "referer", "kept"),
    [
        ("?page=/deadlines/", "", "/deadlines/"),
        ("?page=//evil.example/", "", ""),
        ("?page=javascript:1", "", ""),
        ("", "http://evil.example/x", ""),
        ("", "http://testserver/feedback/", ""),
        ("", "", ""),
    ],
)
def test_only_our_own_pages_are_taken_along(data_officer, browse, query, referer, kept):
    headers = {"Referer": referer} if referer else {}
    form = browse(data_officer).get(f"/feedback/{query}", headers=headers).context["form"]
    assert form.initial["page"] == kept


@pytest.mark.parametrize("forged", ["javascript:alert(1)", "//evil.example/", "/\\evil.example"])
def test_a_forged_page_is_dropped(data_officer, browse, forged):
    browse(data_officer).post("/feedback/", {"page": forged, "text": "x"})
    assert Feedback.rows.get().page == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "填写“意见”"), ("长" * 2062, "“意见”超出上限62字，压缩到2000字以内")],
)
def test_feedback_that_cannot_be_kept_is_said(data_officer, browse, text, words):
    response = browse(data_officer).post("/feedback/", {"text": text})
    assert response.status_code == 422
    assert words in response.content.decode()


def test_the_desk_answers_and_the_person_is_told(city, data_officer, officer, browse, mailoutbox):
    row, client = FeedbackFactory(user=data_officer, page="/tasks/"), browse(officer)
    text = client.get("/feedback/").content.decode()
    assert "等待答复" in text
    assert 'href="/tasks/"' in text
    url = f"/feedback/{row.pk}/answer/"
    response = client.post(url, {f"answer-{row.pk}-answer": ""})
    assert response.status_code == 422
    assert client.post(url, {f"answer-{row.pk}-answer": "可在外观里调大"}).status_code == 302
    late = client.post(url, {f"answer-{row.pk}-answer": "再答一次"})
    assert late.status_code == 409
    assert "已由" in late.content.decode()
    services.plan(DAY)
    services.deliver()
    (told,) = (
        mail for mail in mailoutbox if "可在外观里调大" in mail.body
    )  # beside the day's digest
    assert told.to == [data_officer.email]
    assert "可在外观里调大" in browse(data_officer).get("/feedback/").content.decode()
    notice = Notice.rows.get(type="feedback.answered")
    opened = browse(data_officer).get(f"/inbox/{notice.pk}/")
    assert opened["Location"] == "/feedback/"
    assert client.get(url).status_code == 302


def test_the_system_administrator_answers_everybody(
    city, data_officer, foreigner, system_admin, browse
):
    for user in (data_officer, foreigner):
        FeedbackFactory(user=user)
    assert len(browse(system_admin).get("/feedback/").context["waiting"]) == 2


def test_a_desk_answers_its_own_city_only(city, data_officer, officer, foreigner, head, browse):
    row = FeedbackFactory(user=data_officer)
    assert len(browse(officer).get("/feedback/").context["waiting"]) == 1
    assert browse(foreigner).get("/feedback/").context["waiting"] == []
    sent = {f"answer-{row.pk}-answer": "x"}
    assert browse(foreigner).post(f"/feedback/{row.pk}/answer/", sent).status_code == 404
    assert browse(head).post(f"/feedback/{row.pk}/answer/", sent).status_code == 403
    assert "字太小" not in browse(head).get("/feedback/").content.decode()


def test_answers_of_others_are_listed_for_the_desk(city, data_officer, officer, browse):
    services.answer_feedback(FeedbackFactory(user=data_officer), by=officer, answer="已改")
    assert "已改" in browse(officer).get("/feedback/").content.decode()


@pytest.mark.django_db
def test_services_refuse_what_the_forms_refuse():
    user = UserFactory()
    for text in (" ", "长" * 2001):
        with pytest.raises(Refused):
            services.give_feedback(by=user, text=text, page="")
    with pytest.raises(Refused):
        services.answer_feedback(FeedbackFactory(), by=user, answer=" ")


def test_texts_of_rows(db):
    assert str(FeedbackFactory(text="长" * 50)) == "长" * 40
    assert str(EndpointFactory(address="a@b")) == "电子邮件 a@b"
