import pytest

from approvals import services
from approvals.choices import Purpose
from core.models import StoredFile


@pytest.fixture
def put_up(city, data_officer):
    """Put a thing of the department up for signing; `put_up("BG-…")` gives the round."""

    def open_round(subject="BG-2022-0001", *, purpose=Purpose.REPORT, unit=None, by=None, **facts):
        return services.open_approval(
            purpose,
            subject,
            title="2022年第一季度进展报告",
            unit=unit or city.department,
            programme=city.programme,
            by=by or data_officer,
            **facts,
        )

    return open_round


@pytest.fixture
def scan(db):
    from core import clock

    return StoredFile.objects.create(
        sha256="a" * 64, size=10, media_type="application/pdf", created_at=clock.now()
    )
