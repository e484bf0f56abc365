"""Saved views: who keeps, sees, shares and removes them; on the lists and on their own page."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.models import AuditEntry
from pilots import services
from pilots.models import SavedView
from tests.conftest import make_city
from tests.factories.pilots import EnrolmentFactory, SavedViewFactory

pytestmark = pytest.mark.django_db
TASKS = {"path": "/tasks/", "query": "light=overdue"}


def keep(by, name="区里逾期", **given):
    return services.keep_view(by=by, name=name, **{**TASKS, **given})


def names(user, path="/tasks/"):
    rows = SavedView.objects.visible_to(user).live().filter(path=path)
    return [row.name for row in rows.in_order()]


# --- services ------------------------------------------------------------------------------------


def test_a_view_is_the_query_that_the_list_knows_in_one_order(data_officer):
    row = keep(data_officer, query="?status=returned&page=4&q=&status=assigned")
    assert row.query == "status=assigned&status=returned"
    assert row.address == "/tasks/?status=assigned&status=returned"
    assert not AuditEntry.objects.filter(verb__startswith="saved_view").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"path": "/help/"}, "path"),
        ({"query": "nonsense=1"}, "query"),
        ({"query": "page=2"}, "query"),
        ({"name": "长" * 21}, "name"),
        ({"name": " "}, "name"),
    ],
)
def test_what_is_no_view_is_refused_by_field(given, field, data_officer):
    with pytest.raises(ValidationError) as refusal:
        keep(data_officer, **given)
    assert field in refusal.value.message_dict


def test_a_name_stands_once_on_a_list_and_is_free_again_when_removed(data_officer, stranger):
    row = keep(data_officer)
    with pytest.raises(ValidationError, match="同名"):
        keep(data_officer)
    keep(data_officer, path="/deadlines/")
    keep(stranger)
    services.remove_view(row, by=data_officer)
    again = keep(data_officer)
    with pytest.raises(ValidationError, match="同名"):
        services.restore_view(row, by=data_officer)
    services.remove_view(again, by=data_officer)
    assert services.restore_view(row, by=data_officer).removed_at is None


def test_twenty_of_one_person_fill_a_list(data_officer):
    SavedViewFactory.create_batch(20, owner=data_officer)
    with pytest.raises(Refused, match="20个"):
        keep(data_officer)
    assert keep(data_officer, path="/deadlines/")


def test_sharing_names_the_programme_and_is_recorded(city, officer, unit_cdo, stranger):
    row = keep(officer, programme=city.programme)
    assert row.query == f"light=overdue&programme={city.programme.code}"
    assert names(unit_cdo) == names(stranger) == ["区里逾期"]
    entry = AuditEntry.objects.get(verb="saved_view.share")
    assert (entry.programme_code, entry.after["name"]) == (city.programme.code, "区里逾期")


def test_a_list_without_programmes_is_shared_as_it_stands(city, officer):
    row = services.keep_view(
        path="/deliveries/",
        query="state=failed",
        name="没送达",
        by=officer,
        programme=city.programme,
    )
    assert row.query == "state=failed"


def test_only_the_bureau_shares_and_only_in_its_own_programme(
    city, data_officer, head, foreigner, officer
):
    for user in (data_officer, head, foreigner):
        with pytest.raises(PermissionRefused):
            keep(user, programme=city.programme)
    assert SavedView.rows.count() == 0


def test_own_ones_are_nobody_elses(city, cast):
    keep(cast["data_officer"])
    for name, user in cast.items():
        assert names(user) == (["区里逾期"] if name == "data_officer" else [])


def test_shared_ones_are_seen_by_all_people_of_the_programme_first(city, cast):
    keep(cast["data_officer"], name="自己的")
    keep(cast["officer"], programme=city.programme, name="共享的")
    assert names(cast["data_officer"]) == ["共享的", "自己的"]
    blind = {"foreigner", "system_admin", "security_admin"}
    for name, user in cast.items():
        assert ("共享的" in names(user)) == (name not in blind), name


def test_mending_renames_shares_and_takes_back(city, officer, head):
    row = keep(officer)
    row = services.mend_view(row, by=officer, version=row.version, name="逾期的")
    assert not AuditEntry.objects.filter(verb__startswith="saved_view").exists()
    row = services.mend_view(row, by=officer, programme=city.programme)
    assert names(head) == ["逾期的"]
    row = services.mend_view(row, by=officer, name="逾期的任务", programme=city.programme)
    row = services.mend_view(row, by=officer, name="逾期的任务")  # nothing changed
    assert row.version == 4
    row = services.mend_view(row, by=officer, programme=None)
    assert names(head) == []
    verbs = AuditEntry.objects.filter(verb__startswith="saved_view").order_by("id")
    assert [entry.verb for entry in verbs] == [
        "saved_view.share",
        "saved_view.rename",
        "saved_view.unshare",
    ]


def test_others_change_nothing_but_a_colleague_mends_what_is_shared(
    city, officer, head, data_officer
):
    mine = keep(data_officer)
    with pytest.raises(PermissionRefused):
        services.mend_view(mine, by=officer, name="别的")
    shared = keep(officer, programme=city.programme)
    for user in (head, data_officer):
        with pytest.raises(PermissionRefused):
            services.remove_view(shared, by=user)
    SavedView.rows.filter(pk=shared.pk).update(owner=head)
    row = services.remove_view(shared, by=officer)
    with pytest.raises(PermissionRefused):
        services.restore_view(row, by=officer)
    assert AuditEntry.objects.filter(verb="saved_view.remove").count() == 1


def test_a_stale_version_and_a_removed_view_are_refused(data_officer):
    row = keep(data_officer)
    with pytest.raises(StaleVersion):
        services.mend_view(row, by=data_officer, version=7, name="别的")
    with pytest.raises(MoveNotAllowed):
        services.restore_view(row, by=data_officer)
    row = services.remove_view(row, by=data_officer, version=1)
    with pytest.raises(MoveNotAllowed):
        services.remove_view(row, by=data_officer)


# --- pages ---------------------------------------------------------------------------------------


def test_keeping_leads_back_to_the_list_where_it_stands_as_a_link(city, data_officer, browse):
    client = browse(data_officer)
    page = client.get("/tasks/?light=normal&odd=1").content.decode()
    assert 'name="query" value="light=normal"' in page
    assert "共享给本方案人员" not in page
    given = {"path": "/tasks/", "query": "light=normal&odd=1", "name": "正常的"}
    answer = client.post("/views/", given)
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/?light=normal")
    page = client.get("/tasks/?light=normal").content.decode()
    assert '<a href="?light=normal" aria-current="true">正常的</a>' in page
    assert "aria-current" not in page.split('<nav class="views"')[1].split("管理")[0].replace(
        'aria-current="true">正常的', ""
    )
    assert "正常的" not in client.get("/units/").content.decode()


def test_a_list_without_a_state_offers_nothing_to_keep(city, data_officer, browse):
    assert "存为常用" not in browse(data_officer).get("/tasks/").content.decode()


def test_the_officer_shares_with_the_programme_on_the_page(city, officer, unit_cdo, browse):
    client = browse(officer)
    assert "共享给本方案人员" in client.get("/tasks/?light=normal").content.decode()
    client.post("/views/", {**TASKS, "name": "逾期", "share": "on"})
    page = browse(unit_cdo).get("/tasks/").content.decode()
    assert f"?light=overdue&amp;programme={city.programme.code}" in page
    assert "<small>共享</small>" in page


def test_the_tick_of_somebody_who_may_not_share_shares_nothing(city, data_officer, browse):
    browse(data_officer).post("/views/", {**TASKS, "name": "逾期", "share": "on"})
    assert SavedView.rows.get().programme is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": ""}, "填写“名称”"),
        ({"query": "page=2", "name": "空的"}, "没有筛选"),
        ({"path": "/help/", "name": "不是列表"}, "不是一个列表"),
    ],
)
def test_a_fault_is_said_with_everything_kept(given, says, city, data_officer, browse):
    answer = browse(data_officer).post("/views/", {**TASKS, **given})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert f'value="{given["name"]}"' in page or not given["name"]


def test_the_own_page_renames_removes_and_restores(city, data_officer, browse):
    client, row = browse(data_officer), keep(data_officer)
    page = client.get("/views/").content.decode()
    assert "任务台账" in page
    assert "只有本人" in page
    act = f"/views/{row.pk}/"
    page = client.post(
        act, {"act": "mend", "version": 1, "name": "逾期的"}, follow=True
    ).content.decode()
    assert "已保存：逾期的" in page
    page = client.post(act, {"act": "remove", "version": 2, "name": "x"}, follow=True)
    assert "已移除的1个" in page.content.decode()
    page = client.post(act, {"act": "restore", "version": 3}, follow=True).content.decode()
    assert "已恢复“逾期的”" in page


def test_what_goes_wrong_on_the_own_page_is_said_there(city, data_officer, stranger, browse):
    client, row = browse(data_officer), keep(data_officer)
    keep(data_officer, name="另一个")
    act = f"/views/{row.pk}/"
    for given, says in (
        ({"act": "mend", "version": 9, "name": "新"}, "刚被修改过"),
        ({"act": "mend", "version": "x", "name": "新"}, "刚被修改过"),
        ({"act": "mend", "version": 1, "name": ""}, "填写“名称”"),
        ({"act": "mend", "version": 1, "name": "另一个"}, "同名"),
        ({"act": "restore", "version": 1}, "当前状态不允许"),
    ):
        assert says in client.post(act, given, follow=True).content.decode()
    assert browse(stranger).post(act, {"act": "remove", "version": 1}).status_code == 404


def test_the_bureau_sees_on_its_page_what_is_shared_and_takes_it_back(
    city, officer, head, data_officer, browse
):
    row = keep(officer, programme=city.programme)
    assert "修改或移除" not in browse(head).get("/views/").content.decode()
    assert (
        browse(head).post(f"/views/{row.pk}/", {"act": "remove", "version": 1}).status_code == 403
    )
    client = browse(officer)
    assert "共享给本方案人员" in client.get("/views/").content.decode()
    client.post(f"/views/{row.pk}/", {"act": "mend", "version": 1, "name": "逾期"})
    assert names(data_officer) == []
    client.post(f"/views/{row.pk}/", {"act": "mend", "version": 2, "name": "逾期", "share": "on"})
    assert names(data_officer) == ["逾期"]


def test_views_of_a_list_that_is_gone_still_show_and_can_be_removed(city, data_officer, browse):
    SavedViewFactory(owner=data_officer, path="/gone/", name="旧的")
    assert "/gone/" in browse(data_officer).get("/views/").content.decode()


def test_what_another_programme_shares_stands_on_its_own_lists(city, officer, browse):
    other = make_city("440100", "另一市")
    EnrolmentFactory(programme=other.programme, unit=city.bureau, part="bureau")
    keep(officer, programme=city.programme, name="这个市的")
    keep(officer, programme=other.programme, name="那个市的")
    page = browse(officer).get(f"/tasks/?programme={other.programme.code}").content.decode()
    assert "那个市的" in page
    assert "这个市的" not in page


def test_rows_of_views_cost_a_list_one_query(city, officer, browse):
    client = browse(officer)

    def cost():
        with CaptureQueriesContext(connection) as found:
            client.get("/tasks/")
        return len(found), sum("pilots_savedview" in query["sql"] for query in found)

    cost()  # the first page of a session also reads what a process keeps
    before = cost()
    SavedViewFactory.create_batch(20, owner=officer)
    assert cost() == before
    assert before[1] == 1


@pytest.mark.parametrize("path", ["/deadlines/", "/officers/", "/units/", "/audit/", "/filings/"])
def test_every_list_has_its_own_row(path, city, officer, browse):
    query = {"/audit/": "days=7", "/units/": "kind=city_government"}.get(path, "q=测试")
    row = services.keep_view(path=path, query=query, name="常看的", by=officer)
    page = browse(officer).get(row.address).content.decode()
    assert 'aria-current="true">常看的</a>' in page
    assert "存为常用" in page


def test_ready_made_filters_of_tasks_open_what_they_say(city, officer, browse):
    page = browse(officer).get("/tasks/").content.decode()
    code = city.programme.code
    week = f"?programme={code}&amp;due_after=2022-04-11&amp;due_before=2022-04-17&amp;open=true"
    assert week in page
    done = f"/tasks/?programme={code}&status=done&done_after=2022-04-01"
    assert 'aria-current="true">本季度已完成</a>' in browse(officer).get(done).content.decode()
