"""The accounts of a trial, and the first account of a real installation."""

import csv
import re
import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import SiteRole, User
from accounts.roles import Role, SiteRoleKind
from pilots.models import Membership, Programme, Unit
from tests.factories.pilots import EnrolmentFactory, ProgrammeFactory, UnitFactory


@pytest.fixture
def place(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR / "accounts.tsv"


@pytest.fixture
def country(db):
    """Two programmes; the second's bureau is a slot, and a third bureau is gone."""
    for code, kind in (
        ("440300-gaj", "municipal_department"),
        ("440304-zf", "district_government"),
    ):
        unit = UnitFactory(code=code, kind=kind)
    first, second = ProgrammeFactory(code="shenzhen-2021"), ProgrammeFactory()
    EnrolmentFactory(programme=first, unit=Unit.rows.get(code="440300-gaj"))
    EnrolmentFactory(programme=first, unit=unit)
    EnrolmentFactory(programme=first, part="bureau")
    EnrolmentFactory(programme=first, part="superior")
    EnrolmentFactory(programme=second, part="bureau", unit__is_slot=True)
    EnrolmentFactory(programme=second, part="bureau", unit__ceased_on="2021-01-01")


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def make(command="create_trial_accounts", **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def test_one_account_of_each_role_and_a_second_pair(country, place):
    said = make()
    rows = rows_of(place)
    assert str(place) in said
    assert [row["role"] for row in rows[:10]] == [
        "bureau_officer",
        "bureau_head",
        "unit_cdo",
        "data_officer",
        "evaluator",
        "auditor",
        "system_admin",
        "security_admin",
        "provincial_reader",
        "api_client",
    ]
    assert {row["role"] for row in rows} == {*Role.values, *SiteRoleKind.values}
    assert place.read_text().splitlines()[0] == "role\tusername\tpassword"
    for place_number, row in enumerate(rows, start=1):
        user = User.objects.get(username=row["username"])
        assert user.check_password(row["password"])
        assert user.display_name == f"演示人员{place_number:02d}"
        assert not user.must_change_password
    assert len({row["password"] for row in rows}) == 12


def test_only_the_owner_reads_the_file(country, place):
    make()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_who_acts_where(country, place):
    make()
    held = {
        (row.user.username, row.unit.code) for row in Membership.rows.select_related("user", "unit")
    }
    assert {("unit_cdo", "440300-gaj"), ("data_officer_ft", "440304-zf")} <= held
    for name in ("bureau_officer", "bureau_head", "evaluator", "api_client"):
        user = User.objects.get(username=name)
        assert Programme.objects.seen_whole_by(user).count() == 2, name
        assert Membership.rows.filter(user=user).count() == 2  # not at the body that is gone
    reader = User.objects.get(username="provincial_reader")
    assert Programme.objects.seen_whole_by(reader).count() == 1
    assert set(SiteRole.objects.values_list("user__username", "kind")) == {
        ("auditor", "auditor"),
        ("system_admin", "system_admin"),
        ("security_admin", "security_admin"),
    }


def test_again_changes_nothing_but_what_is_new(country, place):
    make()
    before = place.read_text()
    users = set(User.objects.values_list("pk", "password"))
    memberships = Membership.rows.count()
    make()
    assert place.read_text() == before
    assert set(User.objects.values_list("pk", "password")) == users
    assert Membership.rows.count() == memberships
    EnrolmentFactory(part="bureau")
    make()
    assert Membership.rows.count() == memberships + 4


def test_a_lost_file_is_written_anew_with_new_passwords(country, place):
    make()
    place.unlink()
    make()
    for row in rows_of(place):
        assert User.objects.get(username=row["username"]).check_password(row["password"])


def test_a_fresh_database_beside_an_old_file(country, place):
    place.parent.mkdir()
    place.write_text("role\tusername\tpassword\nauditor\tauditor\told\nbroken line\n")
    make()
    row = next(row for row in rows_of(place) if row["role"] == "auditor")
    assert User.objects.get(username="auditor").check_password(row["password"])


def test_a_real_installation_gets_no_trial_accounts(country, place, settings):
    settings.TRIAL = False
    with pytest.raises(CommandError, match="这不是试用系统"):
        make()
    assert not User.objects.exists()
    assert not place.exists()


# --- the first account ---------------------------------------------------------------------------

BOSS = {"username": "wangfang", "name": "王芳"}


def test_the_last_line_is_a_link_that_works_once(db, client, settings):
    settings.PORTAL_URL = "https://cdo.example.gov.cn/"
    link = make("create_first_account", **BOSS, site_role="security_admin").splitlines()[-1]
    assert re.fullmatch(r"https://cdo\.example\.gov\.cn/first/\w+/[\w-]+/", link)
    path = link.removeprefix("https://cdo.example.gov.cn")
    new = {"new_password": "Spring-Rain-2022", "again": "Spring-Rain-2022"}
    assert client.post(path, new).status_code == 302
    assert client.get(path).status_code == 410
    user = User.objects.get(username="wangfang")
    assert user.site_role_kind == "security_admin"
    assert not user.must_change_password
    with pytest.raises(CommandError, match="已设过密码"):
        make("create_first_account", **BOSS, site_role="security_admin")


def test_an_unused_link_is_replaced(db):
    first = make("create_first_account", **BOSS, site_role="auditor").splitlines()[-1]
    again = make("create_first_account", **BOSS, site_role="auditor").splitlines()[-1]
    assert first.split("/")[:5] == again.split("/")[:5]
    assert User.objects.count() == 1


def test_the_first_clerk_of_a_bureau(city):
    where = {"role": "bureau_officer", "unit": city.bureau.code}
    make("create_first_account", **BOSS, **where, email="wang@example.org")
    row = Membership.rows.get(user__username="wangfang")
    assert (row.unit, row.role) == (city.bureau, "bureau_officer")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"role": "bureau_officer"}, "要一起写"),
        ({"site_role": "auditor", "unit": "x"}, "要一起写"),
        ({"role": "bureau_officer", "unit": "nowhere"}, "没有代码为nowhere的单位"),
        ({"site_role": "auditor", "username": "two words"}, "账号|用户名"),
    ],
)
def test_each_mistake_is_said_and_leaves_nothing(db, options, said):
    with pytest.raises(CommandError, match=said):
        make("create_first_account", **{**BOSS, **options})
    assert not User.objects.exists()


def test_a_body_that_is_gone_gets_no_clerk(city):
    Unit.rows.filter(pk=city.bureau.pk).update(ceased_on="2021-01-01")
    with pytest.raises(CommandError, match="已撤销"):
        make("create_first_account", **BOSS, role="bureau_officer", unit=city.bureau.code)
