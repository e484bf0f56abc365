"""Whatever a form is sent, the answer is no crash; and how the door holds."""

import re

import pytest
from axes.models import AccessAttempt
from django.test import Client

from tests.factories.accounts import UserFactory
from tests.factories.officers import PersonFactory, PostFactory

pytestmark = pytest.mark.django_db
SURROGATE = "\ud800".encode("utf-8", "surrogatepass")
NASTY = ("\x00", "a\x00b", "9" * 30, "²", "0001-01-01", "x" * 5000, SURROGATE, "")
TOKEN = "00000000-0000-4000-8000-000000000001"


def forms(city):
    number = city.assignment(city.department).number
    PostFactory()
    PersonFactory(unit=city.department, uuid=TOKEN)
    unit = city.department.code
    area = city.obligations["training"].area
    item = area.items.first()
    enrolment = city.enrolment(city.department)
    member = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-unit": unit,
              "form-0-role": "unit_cdo", "form-0-display_name": "张三", "form-0-username": "zhang",
              "form-0-email": "", "once": "k"}  # fmt: skip
    return {
        f"/tasks/{number}/complete/": {"happened_on": "2022-04-01", "token": TOKEN, "sender": "局",
                                       "letter": "号", "remark": "", "version": "1"},
        f"/tasks/{number}/withdraw/": {"withdraw-reason": "错", "version": "1"},
        f"/obligations/{city.obligations['training'].code}/reading/": {
            "due_on": "2022-04-30", "basis": "函", "version": "1"},
        f"/areas/{area.code}/progress/": {"item": str(item.pk), "unit": str(enrolment.pk),
                                          "happened_on": "2022-04-01", "summary": "好",
                                          "token": TOKEN},
        f"/units/{unit}/rename/": {"full_name": "甲局", "short_name": "甲", "name_en": "", "basis": "",
                                   "on": "2022-04-01", "version": "1", "confirmed": "1"},
        f"/units/{unit}/succeed/": {"kind": "merger", "successor": city.government.code,
                                    "on": "2022-04-01", "note": "", "continues": "on",
                                    "version": "1", "confirmed": "1"},
        f"/programmes/{city.programme.code}/close/": {"on": "2022-04-15", "version": "1",
                                                      "confirmed": "1"},
        f"/officers/new/?unit={unit}": {
            "once": "k", "person": "", "name": "张三", "mobile": "13812345678", "email": "a@b.cn",
            "office_phone": "0755-12345678", "job_title": "副局长", "level": "deputy",
            "post": "cdo", "kind": "substantive", "document_number": "深公〔2022〕3号",
            "signed_on": "2022-04-01", "starts_on": "2022-04-01", "known_on": "", "reason": "好",
            "kept": "", "files": "on", "confirmed": "1"},
        "/officers/contacts/": {"people": TOKEN, "purpose": "通知"},
        f"/officers/confirm/{unit}/": {"next": "/"},
        f"/officers/people/{TOKEN}/edit/": {"name": "张三", "mobile": "1", "email": "", "unit": unit},
        "/members/open/": member,
        "/members/act/": {"act": "reset", "pick": "1", "once": "k", "confirmed": "1"},
        "/feedback/": {"text": "好", "page": "/"},
        "/preferences/": {"language": "en", "theme": "auto", "density": "normal"},
        "/password/": {"old_password": "a", "new_password": "b", "again": "b"},
        "/login/": {"username": "a", "password": "b"},
    }  # fmt: skip


def test_no_value_breaks_a_form(city, officer, browse):
    client, broken = browse(officer), []
    client.raise_request_exception = False
    for path, good in forms(city).items():
        for place, name in enumerate(good):
            for value in NASTY[place % 3 :: 3]:  # each field meets a third of them
                answer = client.post(path, {"version": "77", **good, name: value})
                if answer.status_code >= 500:
                    broken.append((path, name, repr(value)[:20]))
    assert broken == []


def test_lines_pasted_without_end(city, officer, browse):
    client = browse(officer)
    for lines in ("\x00", "a\tb\tc\td\te\tf\n" * 3000, "，" * 3000, "甲" * 9000):
        answer = client.post("/members/open/", {"parse": "1", "lines": lines})
        assert answer.status_code in {200, 422}
    endless = {"form-TOTAL_FORMS": "99999999", "form-INITIAL_FORMS": "0", "once": "k"}
    answer = client.post("/members/open/", endless)
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/units/", "/api/v1/units/", "/login/", "/healthz"])
@pytest.mark.parametrize("cookie", ['"\\000abcdefgh"', "x" * 3000, '"a\\015\\012b"'])
def test_no_cookie_breaks_a_page(cookie, path, client):
    client.raise_request_exception = False
    names = ("portal_session", "portal_language", "portal_csrf")
    kept = "; ".join(f"{name}={cookie}" for name in names)
    assert client.get(path, headers={"cookie": kept}).status_code < 500


@pytest.mark.parametrize("variant", ["ZHANG", "ｚｈａｎｇ", " zhang ", "zhang\u200b"])
def test_the_lock_counts_every_spelling(variant, client):
    user = UserFactory(username="zhang")
    user.set_password("Eins-zwei-3")
    user.save()
    for _try in range(5):
        answer = Client().post("/login/", {"username": variant, "password": "falsch"})
    names = set(AccessAttempt.objects.values_list("username", flat=True))
    answer = Client().post("/login/", {"username": variant, "password": "Eins-zwei-3"})
    # Either it is the account, which is locked now, or it is nobody's name.
    assert answer.status_code == 429, (names, answer.status_code)
    if names == {"zhang"}:
        again = Client().post("/login/", {"username": "zhang", "password": "Eins-zwei-3"})
        assert again.status_code == 429


def test_known_and_unknown_names_are_answered_alike(client):
    UserFactory(username="known")
    pages = [
        Client().post("/login/", {"username": name, "password": "falsch"}).content.decode()
        for name in ("known", "nobodi")
    ]
    bare = [re.sub(r"value=.*?>|known|nobodi", "", page) for page in pages]
    assert bare[0] == bare[1]
