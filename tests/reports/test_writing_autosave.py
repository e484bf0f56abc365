"""One section saved by itself, as the page's script sends it."""

import pytest

from accounts.middleware import SEEN
from reports import services
from reports.models import SectionRevision
from tests.conftest import _member
from tests.reports.form import Form

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def draft(desk, browse):
    return Form(browse(desk.data_officer), desk.report())


@pytest.fixture
def save(draft):
    """`save(body="…", version=1)`: what the script sends of the first section."""

    def saved(client=None, *, version=1, tab="a", **typed):
        one = draft.sections[0]
        facts = {f"s{one.pk}-{name}": value for name, value in typed.items()}
        facts |= {f"s{one.pk}-version": version, "tab": tab}
        if typed.get("restored"):
            facts["restored"] = "1"
        url = f"{draft.base}sections/{one.key}/"
        return (client or draft.client).post(url, facts, headers=HX)

    return saved


def test_a_saving_answers_where_the_section_stands(draft, save):
    answer = save(body="有进展", completion="done").json()
    assert answer["state"] == "saved"
    assert (answer["version"], answer["section"], answer["word"]) == (2, "done", "已写完")
    assert answer["errors"] == {}
    again = save(body="有进展", completion="done", version=2).json()
    assert again["version"] == 2  # the same again changes nothing
    assert again["base"] == answer["base"]


def test_the_page_learns_where_it_stands_and_gets_a_token(draft, save):
    save(body="一", tab="mine")
    one = draft.sections[0]
    facts = draft.client.get(f"{draft.base}sections/{one.key}/").json()
    assert (facts["version"], facts["tab"]) == (2, "mine")
    assert len(facts["token"]) == 64
    fresh = draft.client.get(f"{draft.base}sections/{draft.sections[1].key}/").json()
    assert fresh["tab"] == ""
    assert draft.client.get(f"{draft.base}sections/nothing/").status_code == 404


def test_a_second_window_gets_both_texts(draft, save, desk, browse):
    colleague = browse(_member(desk.city, desk.city.department, "data_officer"))
    save(colleague, body="同事的", tab="b")
    answer = save(body="我的", version=1)
    assert answer.status_code == 409
    facts = answer.json()
    assert (facts["state"], facts["version"], facts["tab"]) == ("conflict", 2, "b")
    assert "同事的" in facts["panel"]
    assert "我的" in facts["panel"]
    assert "data_officer人员" in facts["panel"]
    kept = SectionRevision.objects.filter(section=draft.sections[0], kind="conflict").get()
    assert kept.content["body"] == "我的"


def test_a_text_from_a_tabs_memory_that_was_saved_before_is_no_conflict(draft, save):
    save(body="先写的")
    save(body="后来改的", version=2, tab="b")
    answer = save(body="先写的", version=1, restored="1")
    assert answer.json() == {"state": "known"}
    assert save(body="从没存过", version=1, restored="1").json()["state"] == "conflict"
    assert save(body="现在的", version=3, restored="1").json()["state"] == "saved"


def test_a_lost_session_is_said_without_a_redirect(draft, save, client):
    assert save(client, body="x").status_code == 401
    session = draft.client.session
    session[SEEN] = 0
    session.save()
    assert save(body="x").status_code == 401


def test_what_may_not_be_written_is_said_in_words(draft, save, desk, browse, stranger):
    assert save(browse(stranger), body="x").status_code == 404
    desk.handed_in(draft.report)
    assert save(browse(desk.officer), body="x").status_code == 403
    answer = save(body="x", version=9)
    assert answer.status_code == 409
    assert answer.json()["state"] == "refused"


def test_the_script_and_the_button_of_one_window_never_meet(draft, save):
    """The page is sent while its own last saving is on its way."""
    one = draft.sections[0]
    fields = draft.fields({one: {"body": "写到这里又多写了"}})
    save(body="写到这里", tab=fields["tab"])
    assert draft.client.post(draft.url, fields).status_code == 302
    one.refresh_from_db()
    assert one.body == "写到这里又多写了"


def test_sections_nobody_typed_in_are_left_to_the_other_window(draft, save):
    one, two = draft.sections
    fields = draft.fields({two: {"body": "乙"}})
    save(body="甲", tab="other")
    assert draft.client.post(draft.url, fields).status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.body, two.body) == ("甲", "乙")


def test_an_area_that_was_withdrawn_meanwhile_keeps_what_was_typed(draft, desk):
    one = draft.sections[0]
    fields = draft.fields({one: {"body": "写在旧页面上"}})
    one.area.withdrawn_on = "2022-04-15"
    one.area.save()
    services.start_report(draft.report.assignment, by=None)
    assert draft.client.post(draft.url, fields).status_code == 302
    one.refresh_from_db()
    assert (one.body, one.dropped_on is None) == ("写在旧页面上", False)


# --- a session that ended while somebody wrote, without a script ----------------------------------


@pytest.fixture
def too_late(draft):
    """The whole form, sent half an hour after the last click."""

    def sent(url="", **typed):
        one = draft.sections[0]
        fields = draft.fields({one: typed})
        session = draft.client.session
        session[SEEN] = 0
        session.save()
        return draft.client.post(url or draft.url, fields, headers={"Referer": draft.url})

    return sent


def test_what_was_sent_after_the_session_comes_back_after_the_login(draft, too_late, desk):
    answer = too_late(body="半小时写的", completion="done", items=[])
    assert answer["Location"].startswith("/login/")
    desk.data_officer.set_password("Trial-2022-pass")
    desk.data_officer.save()
    facts = {"username": desk.data_officer.username, "password": "Trial-2022-pass"}
    answer = draft.client.post(answer["Location"], facts)
    shown = draft.client.get(draft.url)
    said = shown.content.decode()
    assert "半小时写的" in said
    assert "登录已超时，下面是超时前填写的内容，还没有保存" in said
    one = draft.sections[0]
    assert one.body == ""
    assert draft.client.post(draft.url, draft.read(shown)).status_code == 302
    one.refresh_from_db()
    assert (one.body, one.completion) == ("半小时写的", "done")
    assert "半小时写的" in draft.shown()
    assert "下面是超时前填写的内容" not in draft.shown()


def test_somebody_else_at_the_same_browser_gets_nothing_of_it(draft, too_late, desk):
    too_late(body="别人的稿子")
    colleague = _member(desk.city, desk.city.department, "data_officer")
    session = dict(draft.client.session)
    draft.client.force_login(colleague, backend="accounts.backends.AccountBackend")
    kept = draft.client.session
    kept["left_over"] = session["left_over"]
    kept.save()
    assert "别人的稿子" not in draft.shown()
    assert "left_over" not in draft.client.session


def test_only_a_form_of_texts_is_kept_and_not_without_end(draft, too_late, client, desk):
    too_late(body="字" * 200_001)
    assert "left_over" not in draft.client.session
    for path in ("/preferences/", "/nothing-here/"):
        draft.client.force_login(desk.data_officer, backend="accounts.backends.AccountBackend")
        session = draft.client.session
        session[SEEN] = 0
        session.save()
        draft.client.post(path, {"a": "b"})
        assert "left_over" not in draft.client.session


def test_of_a_left_over_text_another_window_may_have_been_quicker(draft, too_late, desk):
    too_late(body="我超时前写的")
    one = draft.sections[0]
    services.save_section(one, {"body": "同事先写的"}, by=desk.unit_cdo, version=1, tab="x")
    kept = dict(draft.client.session)
    draft.client.force_login(desk.data_officer, backend="accounts.backends.AccountBackend")
    session = draft.client.session
    session["left_over"] = kept["left_over"]
    session.save()
    fields = draft.read(draft.client.get(draft.url))
    answer = draft.client.post(draft.url, fields)
    assert answer.status_code == 409
    assert "两份都已保留" in answer.content.decode()
