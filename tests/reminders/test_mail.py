"""What is kept of a mail that a server did not take."""

import pytest

from reminders import services
from reminders.channels.mail import _said
from reminders.models import ChannelSetting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["550 5.1.1", "451 4.7.1"])
def test_a_fault_is_kept_without_the_address(code, waiting, smtp):
    (delivery,) = waiting(1)
    address = delivery.endpoint.address
    smtp.refusals = {address: f"{code} <{address}>: Recipient address rejected, try {address}!"}
    services.deliver()
    delivery.refresh_from_db()
    delivery.endpoint.refresh_from_db()
    kept = [delivery.last_error, delivery.endpoint.last_error]
    kept += ChannelSetting.objects.values_list("last_error", flat=True)
    assert f"SMTPRecipientsRefused: {code} <***>: Recipient address rejected" in kept[0]
    assert address not in "".join(kept)


def test_other_faults_of_a_server_are_in_plain_words():
    assert _said(OSError("no route to a@b.cn")) == "OSError: no route to ***"
