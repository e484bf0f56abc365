"""Orders as far as a test needs them."""

from datetime import date

import pytest

from core import clock
from core.models import StoredFile
from duties import services
from duties.queries import orders as queries

FACTS = {
    "title": "报送公共数据共享需求清单",
    "wanted": "梳理本单位共享需求，按模板填报。",
    "acceptance": "清单盖章，字段完整。",
    "due_on": date(2022, 4, 29),
}


@pytest.fixture
def scan(db):
    return StoredFile.objects.create(
        sha256="b" * 64, size=10, media_type="application/pdf", created_at=clock.now()
    )


def put_up(city, officer, units=(), helpers=(), **facts):
    """An order that waits for the bureau's head; to the department unless told."""
    leads = [city.enrolment(unit) for unit in units or [city.department]]
    row = services.draft_order(city.programme, by=officer, leads=leads, **{**FACTS, **facts})
    if helpers:
        chosen = [(unit, "协助核对") for unit in helpers]
        row = services.choose_helpers(
            row, {lead.pk: chosen for lead in queries.leads_of(row)}, by=officer
        )
    return services.submit_order(row, by=officer)


def issued(city, officer, head, **facts):
    """The same, signed."""
    return services.sign_order(put_up(city, officer, **facts), by=head)
