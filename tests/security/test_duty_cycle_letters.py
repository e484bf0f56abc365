"""Who enters a letter for a unit reads nothing of what the unit keeps for itself."""

from datetime import date

import pytest

from core.errors import Refused
from reports import services
from reports.choices import Completion
from reports.services import Letter
from tests.factories.reports import EvidenceFactory
from tests.reports.conftest import desk, received, stored  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
CANARY = "云雀机密"
LETTER = Letter("测试市公安局", date(2022, 4, 12), "测公函〔2022〕7号")


@pytest.fixture
def begun(desk, received, city):  # noqa: F811
    """A report in which the unit wrote something, deleted it again, and sent a letter."""
    report = desk.report()
    first, by = desk.section(report), desk.data_officer
    services.save_section(first, {"body": CANARY}, by=by, version=None)
    services.save_section(first, {"body": ""}, by=by, version=None)
    EvidenceFactory(
        unit=city.department, programme=city.programme, name=f"{CANARY}.pdf", uploaded_by=by
    )
    task = city.assignment_of(city.department, "2022Q1")
    services.start_letter(task, LETTER, received=received, by=desk.officer)
    return report


def test_the_officer_reads_neither_what_was_deleted_nor_the_units_files(desk, begun, browse):  # noqa: F811
    client, first = browse(desk.officer), desk.section(begun)
    here = f"/reports/{begun.number}"
    assert client.get(f"{here}/edit/").status_code == 200
    for page in (f"edit/?q={CANARY}", f"revisions/{first.key}/", f"evidence/pick/{first.key}/"):
        assert CANARY not in client.get(f"{here}/{page}").content.decode(), page
    assert services.save_section(first, {"body": "来文"}, by=desk.officer, version=None)
    assert "来文" in client.get(f"{here}/revisions/{first.key}/").content.decode()


def test_nor_does_a_guessed_number_bring_it_back(desk, begun, browse):  # noqa: F811
    client, first = browse(desk.officer), desk.section(begun)
    old = first.revisions.order_by("id").first()
    answer = client.post(f"/reports/{begun.number}/revisions/{first.key}/", {"revision": old.pk})
    assert answer.status_code == 404
    name = f"s{first.pk}"
    form = {f"{name}-version": first.version, f"{name}-other": old.pk, f"{name}-choose": "take"}
    client.post(f"/reports/{begun.number}/edit/", form)
    first.refresh_from_db()
    assert CANARY not in first.body


def test_a_draft_of_choices_and_files_alone_is_the_units_too(desk, received, city):  # noqa: F811
    task = city.assignment_of(city.department, "2022Q1")
    report = desk.report()
    first, by = desk.section(report), desk.data_officer
    chosen = {"completion": Completion.UNDER_WAY}
    services.save_section(first, chosen, by=by, version=None)
    with pytest.raises(Refused, match="已在网上填写"):
        services.start_letter(task, LETTER, received=received, by=desk.officer)
    services.save_section(first, {"completion": ""}, by=by, version=None)
    evidence = EvidenceFactory(unit=city.department, programme=city.programme, uploaded_by=by)
    use = services.attach(first, evidence, by=by)
    with pytest.raises(Refused, match="已在网上填写"):
        services.start_letter(task, LETTER, received=received, by=desk.officer)
    services.detach(use, by=by)
    assert services.start_letter(task, LETTER, received=received, by=desk.officer)
