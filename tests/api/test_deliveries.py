"""Messages at the API: what became of each; again, or not any more."""

import pytest

from reminders.models import Delivery
from tests.factories.pilots import ProgrammeFactory
from tests.factories.reminders import DeliveryLineFactory, EndpointFactory, NoticeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(notices):
    Delivery.rows.update(state="failed", last_error="550 no such user")
    return Delivery.rows.get(notices=notices.department)


def test_a_message_names_its_person_and_what_it_carries_but_no_address(
    failed, notices, officer, data_officer, read, foreigner
):
    DeliveryLineFactory(delivery=failed, notice=NoticeFactory(recipient=data_officer))
    row = read(officer, "deliveries", failed.pk)
    assert (row["recipient"], row["channel"]) == (data_officer.username, "email")
    assert row["notices"] == [notices.department.pk], "what another city told is not shown"
    assert row["last_error"] == "550 no such user"
    assert data_officer.email not in str(row)
    assert read(foreigner, "deliveries")["count"] == 0


def test_a_group_is_nobody(failed, city, officer, read):
    failed.endpoint = EndpointFactory(user=None, unit=city.department, address="qun#1")
    failed.save()
    assert read(officer, "deliveries", failed.pk)["recipient"] is None


def test_it_is_sent_again_and_given_up(failed, officer, done, send):
    assert done(officer, f"deliveries/{failed.pk}/resend", etag=None)["state"] == "retry"
    assert send(officer, f"deliveries/{failed.pk}/resend").status_code == 409
    assert done(officer, f"deliveries/{failed.pk}/give-up", etag=None)["state"] == "cancelled"


def test_what_another_city_told_in_it_is_not_given_up_for_it(failed, officer, data_officer, send):
    other = NoticeFactory(recipient=data_officer, programme=ProgrammeFactory())
    DeliveryLineFactory(delivery=failed, notice=other)
    assert send(officer, f"deliveries/{failed.pk}/give-up").status_code == 409
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_only_who_manages_the_programme_may(
    failed, city, officer, head, data_officer, foreigner, send
):
    for act in ("resend", "give-up"):
        answers = [
            send(user, f"deliveries/{failed.pk}/{act}").status_code
            for user in (head, data_officer, foreigner)
        ]
        assert answers == [403, 403, 404]
    own = DeliveryLineFactory(delivery__endpoint__user=officer, notice__recipient=officer).delivery
    assert send(officer, f"deliveries/{own.pk}/resend").status_code == 403
