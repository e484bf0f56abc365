"""The trial's mail files, and signs of life."""

import email
from datetime import timedelta
from email.policy import default

import pytest
from celery import signals
from django.core.mail import EmailMessage

from core import clock, heartbeats, tasks  # noqa: F401 - its receivers
from core.mail import EmlBackend
from core.models import Heartbeat


def test_a_trial_mail_is_one_readable_file(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    sent = EmlBackend().send_messages([EmailMessage("【履职提醒】", "正文", to=["a@example.org"])])
    (file,) = (tmp_path / "mail").iterdir()
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    assert sent == 1
    assert file.suffix == ".eml"
    assert message["Subject"] == "【履职提醒】"
    assert message.get_content().strip() == "正文"


@pytest.mark.django_db
def test_a_process_lives_while_its_last_beat_is_fresh():
    assert heartbeats.state("beat") == {"ok": False, "last": None}
    heartbeats.beat("beat", tick=1)
    assert heartbeats.state("beat")["ok"]
    Heartbeat.objects.update(at=clock.now() - timedelta(minutes=4))
    assert not heartbeats.state("beat")["ok"]
    assert str(Heartbeat.objects.get()).startswith("beat:")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("signal", "kind"), [(signals.worker_ready, "worker"), (signals.beat_init, "beat")]
)
def test_a_process_is_said_to_live_from_its_first_second(signal, kind):
    """The first bell rings a minute after the start; until then pages would say that nobody is there."""
    assert not heartbeats.state(kind)["ok"]
    signal.send(sender=None)
    assert heartbeats.state(kind)["ok"]
