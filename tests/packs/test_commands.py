"""The commands that load packs: what they print and how they end."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cdo_portal.packs import loader
from core.models import AuditEntry
from pilots.models import Programme
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_load_pack_prints_the_difference(small):
    text = run("load_pack", str(small()))

    assert "新增：单位6" in text
    assert "规定任务2" in text
    assert "新建3件" in text
    assert Programme.rows.filter(code="small-2021").exists()


def test_load_pack_dry_run_says_so_and_writes_nothing(small):
    text = run("load_pack", str(small()), "--dry-run")

    assert text.endswith("试运行，没有写入。\n")
    assert "新增：单位6" in text
    assert not Programme.rows.exists()


def test_load_pack_prints_changes_withdrawals_and_conflicts(small):
    run("load_pack", str(small()))
    Programme.rows.update(short_name="小城（改）")
    text = small().read_text(encoding="utf-8")
    second = text[text.index("  - code: ob-2") : text.index("powers:")]

    changed = small(
        "short_name: 小城", "short_name: 小镇", "title: 报送总结", "title: 报送书面总结", second, ""
    )  # fmt: skip
    shown = run("load_pack", str(changed))

    assert "变更：\n    规定任务 small-2021.ob-1：规定任务 报送总结 → 报送书面总结" in shown
    assert "撤回：\n    规定任务 small-2021.ob-2" in shown
    assert "简称 小城（改） → 小镇" in shown
    assert "任务：涉及3件" in shown


def test_a_broken_pack_ends_with_every_fault_and_their_number(small):
    path = small("quantity: 2", "quantity: 0", "signed_on: 2021-08-03", "signed_on: 3.8.2021")

    with pytest.raises(CommandError) as caught:
        run("load_pack", str(path))

    message = str(caught.value)
    assert "documents[0].signed_on" in message
    assert "obligations[1].quantity" in message
    assert message.endswith("共2处错误，什么都没有写入。")


def test_the_person_who_loads_is_recorded(small):
    person = UserFactory(username="zhang")

    run("load_pack", str(small()), "--user", "zhang")

    assert AuditEntry.objects.get(verb="pack.load").actor_id == person.pk
    with pytest.raises(CommandError, match="没有用户名为“li”的账号"):
        run("load_pack", str(small()), "--user", "li")


@pytest.fixture
def folder(small, tmp_path, monkeypatch):
    """The product's folder of packs is one with the small pack alone."""
    small()
    monkeypatch.setattr(loader, "own_packs", lambda: [tmp_path / "small-2021.yaml"])
    return tmp_path


def test_load_packs_loads_what_changed_since_the_last_start(folder, small):
    assert "small-2021" in run("load_packs")
    assert run("load_packs") == "方案包没有变化。\n"

    small("title: 组织培训", "title: 组织业务培训")

    assert "组织培训 → 组织业务培训" in run("load_packs")
    assert run("load_packs") == "方案包没有变化。\n"


def test_a_comment_is_no_change(folder, small):
    run("load_packs")

    small("format: programme", "# 说明\nformat: programme")

    assert run("load_packs") == "方案包没有变化。\n"


def test_a_new_edition_of_the_loader_loads_once_more(folder, monkeypatch):
    run("load_packs")

    monkeypatch.setattr(loader, "EDITION", loader.EDITION + 1)

    assert run("load_packs") == "small-2021：没有变化。\n"


def test_load_packs_all_and_dry_run(folder):
    assert "试运行" in run("load_packs", "--dry-run")
    assert not Programme.rows.exists()

    run("load_packs")

    assert run("load_packs", "--all") == "small-2021：没有变化。\n"


def test_one_broken_pack_stops_all(folder, small, monkeypatch):
    other = small("quantity: 2", "quantity: 0", name="broken.yaml")
    good = small()
    monkeypatch.setattr(loader, "own_packs", lambda: [good, other])

    with pytest.raises(CommandError, match="什么都没有写入"):
        run("load_packs")

    assert not Programme.rows.exists()


def test_packs_load_after_those_they_rest_on(small):
    first = small(
        "code: small-2021", "code: zeta-2020", "小府办〔2021〕7号", "小府办〔2020〕1号",
        name="zeta.yaml",
    )  # fmt: skip
    text = first.read_text(encoding="utf-8")
    first.write_text(
        text[: text.index("bodies:")] + text[text.index("documents:") : text.index("cohorts:")]
        + "not_modelled:\n  - {what: 其余, why: 略, source: S2}\n",
        encoding="utf-8",
    )  # fmt: skip
    second = small("    issuer: 小城人民政府\n", "    based_on: [zeta-2020.plan]\n")

    ordered = loader.in_order(loader.checked([second, first]))

    assert [pack.name for pack in ordered] == ["zeta-2020", "small-2021"]
    assert [row.pack for row in loader.load_all([second, first])] == ["zeta-2020", "small-2021"]
