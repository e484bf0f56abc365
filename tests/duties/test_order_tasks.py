"""The page of a task: what its order asks, who helps, what a leader said, when what happened."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from duties import services
from duties.models import Helper, Opening, Remark
from duties.queries import orders as queries
from duties.queries.todo import helped_tasks

from .ordering import issued, scan  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def page_of(response):
    return response.content.decode()


@pytest.fixture
def task(city, officer, head):
    row = issued(city, officer, head, units=[city.department], helpers=[city.district])
    return queries.tasks_of(row).get()


@pytest.fixture
def url(task):
    return f"/tasks/{task.number}/"


def test_the_unit_reads_what_the_order_asks_and_both_read_when_it_opened(
    url, task, data_officer, officer, browse
):
    page = page_of(browse(data_officer).get(url))
    for words in (
        "通知要求",
        "梳理本单位共享需求",
        "清单盖章，字段完整。",
        "按专项通知交办。",
        "首次打开",
    ):
        assert words in page
    opening = Opening.objects.get()
    assert opening.opened_by == data_officer
    page = page_of(browse(officer).get(url))
    assert "data_officer人员" in page
    assert Opening.objects.count() == 1


def test_a_task_of_the_plan_says_that_it_comes_from_the_plan(city, officer, browse):
    page = page_of(browse(officer).get(f"/tasks/{city.assignment(city.department).number}/"))
    assert "按方案自动生成。" in page
    assert "通知要求" not in page


def test_moments_tell_hand_in_return_and_the_end(url, task, data_officer, officer, browse):
    services.follow_hand_in(task, "submit", by=data_officer)
    services.follow_hand_in(task, "return", by=officer, note="补签字")
    page = page_of(browse(officer).get(url))
    for words in ("报送", "退回"):
        assert f"<dt>{words}</dt>" in page
    assert "<dt>完成</dt>" in page
    services.take_off(task, "withdraw", by=officer, reason="并入")
    assert "<dt>已撤销</dt>" in page_of(browse(officer).get(url))


def test_a_page_that_cannot_note_its_opening_is_read_all_the_same(url, data_officer, browse):
    client = browse(data_officer)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE read_only_sql_transaction; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refused BEFORE INSERT ON duties_opening"
            " FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    response = client.get(url)
    assert response.status_code == 200
    assert not Opening.objects.exists()


# --- who helps ------------------------------------------------------------------------------------


def test_who_helps_reads_and_can_do_nothing(url, task, stranger, browse, city):
    client = browse(stranger)
    page = page_of(client.get(url))
    assert "本单位协办，由测试市公安局签收和报送" in page
    assert "协助核对" in page
    for words in (">签收</button>", "登记完成", "批示转录", "<summary>指定协办单位"):
        assert words not in page
    for act in ("accept", "complete", "withdraw", "exempt", "restore", "helpers", "remarks"):
        response = client.post(f"{url}{act}/", {"version": task.version})
        assert response.status_code == 403, act
    task.refresh_from_db()
    assert task.status == "assigned"
    assert Opening.objects.get().unit == city.district


def test_helped_tasks_stand_apart_on_the_first_page_and_in_the_ledger(
    url, task, stranger, browse, city
):
    client = browse(stranger)
    assert helped_tasks(stranger) == [task]
    page = page_of(client.get("/"))
    assert "协办（由主办单位签收和报送，不计数）" in page
    assert task.number in page
    assert task.number not in page_of(client.get("/tasks/"))
    page = page_of(client.get("/tasks/?helping=true"))
    assert task.number in page
    assert "共1项" in page
    assert "协办的任务" in page


def test_the_desk_names_helpers_and_takes_them_off(url, task, officer, browse, city):
    client = browse(officer)
    add = {"version": task.version, "helper-unit": city.government.pk, "helper-note": "提供名录"}
    assert client.post(f"{url}helpers/", add).status_code == 302
    page = page_of(client.get(url))
    assert "提供名录" in page
    assert "还没有打开" in page
    wrong = client.post(f"{url}helpers/", {"version": task.version, "helper-unit": "0"})
    assert wrong.status_code == 422
    assert client.post(f"{url}helpers/", {**add, "version": 99}).status_code in {412, 422}
    helper = Helper.objects.get(unit=city.government)
    gone = f"{url}helpers/{helper.pk}/remove/"
    assert client.post(gone, {"version": 99}).status_code == 412
    assert client.post(gone, {"version": task.version}).status_code == 302
    assert client.post(gone, {"version": task.version}).status_code == 404
    assert "取消协办单位" in page_of(client.get(url))
    assert client.get(gone).status_code == 302


# --- remarks --------------------------------------------------------------------------------------


def test_the_head_writes_a_remark_and_the_unit_reads_it(url, task, head, data_officer, browse):
    client = browse(head)
    empty = client.post(f"{url}remarks/", {"version": task.version, "remark-text": ""})
    assert empty.status_code == 422
    response = client.post(
        f"{url}remarks/", {"version": task.version, "remark-text": "请加快进度。"}, follow=True
    )
    assert f"已批示{task.number}" in page_of(response)
    page = page_of(browse(data_officer).get(url))
    assert "请加快进度。" in page
    assert "bureau_head人员" in page
    assert "划去<span" not in page


def test_who_may_only_transcribe_is_told_who_can_remark(url, task, officer, browse):
    page = page_of(browse(officer).get(url))
    assert 'name="remark-text"' not in page
    assert 'name="transcript-text"' in page
    response = browse(officer).post(
        f"{url}remarks/", {"version": task.version, "remark-text": "抓紧。"}
    )
    assert response.status_code == 403
    assert "经办人可以转录" in page_of(response)


def test_a_remark_on_paper_is_transcribed_with_its_scan(url, task, data_officer, browse, stranger):
    client = browse(data_officer)
    sent = {
        "version": task.version,
        "transcript-said_by": "张三",
        "transcript-said_on": "2022-04-20",
        "transcript-text": "请办公室牵头。",
        "transcript-document_title": "进展报告",
        "transcript-document_number": "深公[2022]5号",
        "transcript-file": SimpleUploadedFile("批示.pdf", PDF, "application/pdf"),
    }
    refused = client.post(f"{url}remarks/transcribe/", sent)
    assert refused.status_code == 422
    assert "还没有到" in page_of(refused)
    assert "“批示.pdf”已收到" in page_of(refused)
    kept = next(
        line.split('value="')[1].split('"')[0]
        for line in page_of(refused).split("<input")
        if 'name="transcript-kept"' in line
    )
    del sent["transcript-file"]
    again = {**sent, "transcript-said_on": "2022-04-12", "transcript-kept": kept}
    assert client.post(f"{url}remarks/transcribe/", again).status_code == 302
    row = Remark.rows.get()
    assert (row.said_by, row.document_number, row.scan_name) == (
        "张三",
        "深公〔2022〕5号",
        "批示.pdf",
    )
    page = page_of(client.get(url))
    assert "批在《进展报告》深公〔2022〕5号上" in page
    scan_url = f"{url}remarks/{row.number}/scan/"
    assert client.get(scan_url).getvalue() == PDF
    assert browse(stranger).get(scan_url).status_code == 404
    bare = services.transcribe_remark(
        task,
        text="另一条",
        said_by="李四",
        said_on=row.said_on,
        document_title="纪要",
        by=data_officer,
    )
    assert client.get(f"{url}remarks/{bare.number}/scan/").status_code == 404


def test_what_the_service_finds_stands_beside_its_field(url, task, data_officer, browse):
    sent = {
        "version": task.version,
        "transcript-said_by": "张三",
        "transcript-said_on": "2022-04-12",
        "transcript-text": "请办公室牵头。",
        "transcript-document_title": " ",
    }
    assert browse(data_officer).post(f"{url}remarks/transcribe/", sent).status_code == 422


def test_a_mistaken_remark_is_struck_out_on_the_page(url, task, head, unit_cdo, browse):
    row = services.write_remark(task, text="请加快进度。", by=head)
    strike = f"{url}remarks/{row.number}/strike/"
    key = f"strike-{row.number}-reason"
    empty = browse(head).post(strike, {"version": row.version, key: ""})
    assert empty.status_code == 422
    assert "填写“划去的原因”" in page_of(empty)
    assert browse(unit_cdo).post(strike, {"version": 1, key: "不对"}).status_code == 403
    assert browse(head).post(strike, {"version": row.version, key: "写错了任务"}).status_code == 302
    page = page_of(browse(unit_cdo).get(url))
    assert "<del>请加快进度。</del>" in page
    assert "划去：写错了任务" in page
    late = browse(head).post(strike, {"version": 2, key: "再划"})
    assert late.status_code == 409


def test_who_helps_reads_no_remark_in_the_course_either(url, task, head, stranger, browse):
    services.write_remark(task, text="请加快进度。", by=head)
    page = page_of(browse(stranger).get(url))
    assert "请加快进度" not in page
    assert ">批示<" not in page
