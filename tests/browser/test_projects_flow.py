"""The way of a veto in Chromium, with and without JavaScript: given by the CDO, restated, recorded,
shown to the bureau; and the pages of projects as they look on a desk and on a phone."""

import pytest

from pilots.models import Programme, Unit
from projects import services
from projects.models import Opinion, Project
from tests.browser.tour import Tour, faults, without
from tests.factories.projects import PowerFactory

SEEN = [(1280, "light"), (375, "dark")]
KINDS = ("veto", "correct", "coordinate", "guide")


def project(tour: Tour, name: str) -> Project:
    """A project of the department, in a programme that grants what Shenzhen's does."""
    programme = Programme.rows.get(code=tour.city.codes["programme"])
    if not programme.powers.exists():
        for kind in KINDS:
            PowerFactory(programme=programme, kind=kind, name=kind, clause=None)
    unit = Unit.rows.get(code=tour.city.codes["department"])
    place = unit.enrolments.get(programme=programme, part="pilot")
    return services.register_project(place, name=name, by=None)


def look(page) -> None:
    for width, scheme in SEEN:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert without(faults(page), 422) == [], f"{page.url} {width} {scheme}"
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_veto_is_restated_recorded_and_shown(tour: Tour, script: bool) -> None:
    row = project(tour, f"平台{script}")
    options = {} if script else {"java_script_enabled": False}
    page = tour.open("unit_cdo", f"/projects/{row.number}/", **options)
    page.click("main a:text-is('出具意见')")
    page.check("input[name=gate][value=approval]")
    page.check("input[name=decision][value=veto]")
    page.click("main button:text-is('出具意见')")
    assert "否决要写明理由" in page.inner_text("main")
    page.fill("#id_reason", "与已建平台重复")
    page.fill("#id_basis", "方案四（二）4")
    page.click("main button:text-is('出具意见')")
    assert "不能修改、不能撤回" in page.inner_text("main")
    assert not Opinion.rows.filter(project=row).exists()
    if script:
        look(page)
    page.click("button:text-is('返回修改')")
    assert page.input_value("#id_reason") == "与已建平台重复"
    page.click("main button:text-is('出具意见')")
    page.click("button:text-is('确认否决')")
    assert "已登记立项意见：否决。" in page.inner_text("body")
    opinion = Opinion.rows.get(project=row)
    assert (opinion.is_veto, opinion.route) == (True, "online")
    seen = tour.open("officer", f"/projects/?approval=veto&q={row.number}", **options)
    assert "立项被否决" in seen.inner_text("main")
    seen.click(f"main a:text-is('{row.name}')")
    assert "与已建平台重复" in seen.inner_text("main")
    if script:
        look(seen)


def test_lists_and_forms_hold_on_a_desk_and_on_a_phone(tour: Tour) -> None:
    row = project(tour, "另一个平台")
    finding = services.report_finding(
        row.enrolment,
        nature="breach",
        title="未经审批对外提供数据",
        what="接口未办审批。",
        basis="数据安全法",
        found_on=row.created_at.date().replace(year=2022, month=3, day=1),
        project=row,
        by=None,
    )
    for role, path in (
        ("officer", "/projects/"),
        ("officer", "/findings/"),
        ("data_officer", "/projects/new/"),
        ("data_officer", f"/projects/{row.number}/opinion/paper/"),
        ("data_officer", f"/projects/{row.number}/records/new/"),
        ("data_officer", "/findings/new/"),
        ("data_officer", f"/findings/{finding.number}/"),
        ("data_officer", f"/findings/{finding.number}/order/"),
    ):
        look(tour.open(role, path))
