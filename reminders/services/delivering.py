"""Delivering: claim under a lease, commit `sending`, send, commit `sent` fenced by owner and lease.

Whoever dies in between leaves a row whose lease runs out; the next worker takes it over and marks
it 可能已送达, for the peer may have had it (reliability.md §0.2, §3.1). No transaction is ever held
over the network call.
"""

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from core import clock
from core.faults import fault
from core.models import SiteState

from ..channels import Adapter, Message, Refused, TryLater, adapters
from ..choices import DeliveryState, Manner, OnUncertain, Reason
from ..models import ChannelSetting, Delivery, DeliveryLine
from . import addressing, claiming, composing, falling_back, health, merging, resting
from .claiming import LEASE, RETRY_AFTER

log = structlog.get_logger("portal.reminders")

BATCH = 60
GROUP = 20  # begun with one commit; a worker that dies leaves so many in doubt at most
PATIENCE = min(30.0, LEASE.total_seconds() / 4)  # what was asked again longer ago is asked anew
POISON_TRIES = 5


@dataclass
class Outcome:
    """What one round did, in messages."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    cancelled: int = 0
    held: int = 0
    recovered: int = 0

    @property
    def settled(self) -> int:
        """Messages that left the queue: while there are any, another round is worth it."""
        return self.sent + self.failed + self.cancelled + self.held


def deliver(limit: int = BATCH) -> Outcome:
    """Send what is due, up to about `limit` messages a channel, over one kept line each. Every channel
    has its turn: a slow one with a long queue holds up the others for no longer than its batch takes.
    At night and on days off only what is urgent leaves (ux.md §8)."""
    resting.let_rest()
    outcome = Outcome(recovered=claiming.recover())
    owner = claiming.new_owner()
    for adapter in adapters():
        ids = claiming.claim(owner, adapter, limit)
        if not ids:
            continue
        fault("after_claim")
        rows = Delivery.rows.select_related("endpoint__user").in_bulk(ids)
        for row in rows.values():
            row.owner = owner
        setting = ChannelSetting.of(adapter.channel)
        _Run(adapter(setting), owner, outcome).over([rows[pk] for pk in ids])
    return outcome


@dataclass
class _Run:
    """One channel's share of a batch."""

    adapter: Adapter
    owner: str
    outcome: Outcome
    is_open: bool = False

    def over(self, rows: list[Delivery]) -> None:
        """Ask again and write for all, then group by group commit `sending` and send one by one."""
        try:
            letters = self._letters(rows)
            groups = self._groups([row for row in rows if row.pk in letters])
            started = time.monotonic()
            for place, group in enumerate(groups):
                if not self._group(group, letters, started):
                    late = [row.pk for later in groups[place + 1 :] for row in later]
                    claiming.put_back(late, self.owner)
                    break
        finally:
            self._close()
            health.note(self.adapter.setting)

    def _groups(self, rows: list[Delivery]) -> list[list[Delivery]]:
        """What a dead worker left goes last and each by itself: the one of them that kills whoever sends
        it takes no other along."""
        holds = self.adapter.setting.on_uncertain == OnUncertain.HOLD
        size = 1 if holds else GROUP
        firm = [row for row in rows if not row.is_uncertain]
        groups = [firm[start : start + size] for start in range(0, len(firm), size)]
        return groups + [[row] for row in rows if row.is_uncertain]

    def _group(self, rows: list[Delivery], letters: dict[int, Message], started: float) -> bool:
        """Send these; False when what was asked of them is too long ago, and the rest went back."""
        fault("before_sending")
        begun = claiming.begin([row.pk for row in rows], self.owner)
        fault("after_sending")
        waiting = [row for row in rows if row.pk in begun]
        while waiting and time.monotonic() - started <= PATIENCE:
            row = waiting.pop(0)
            row.tries += 1
            try:
                self._send(row, letters[row.pk])
            except BaseException:
                self._spare(waiting)
                raise
        self._spare(waiting)
        return not waiting

    def _spare(self, waiting: list[Delivery]) -> None:
        """Nothing of these has left: nobody must think that it may have."""
        claiming.put_back([row.pk for row in waiting], self.owner)

    def _letters(self, rows: list[Delivery]) -> dict[int, Message]:
        """Messages by delivery; what has nothing to say is cancelled, what cannot be written waits, and
        what is not come to in time goes back."""
        rows = self._as_one([row for row in rows if self._has_address(row)])
        found, on, is_demo = {}, clock.today(), SiteState.current().is_demo
        started, drafts = time.monotonic(), composing.drafts(rows)
        for place, draft in enumerate(drafts):
            if place and time.monotonic() - started > PATIENCE:
                late = [each.delivery.pk for each in drafts[place:]]
                claiming.put_back(late, self.owner)  # or the lease would run out over the writing
                break
            try:
                if draft.error:
                    raise draft.error
                letter = composing.write(draft, on, is_demo=is_demo)
                _drop(draft)
            except SoftTimeLimitExceeded:
                raise
            except Exception as error:  # noqa: BLE001 - a bad row must not stop the others
                self._poisoned(draft.delivery, error)
                continue
            if letter is None:
                self._cancel(draft)
            else:
                found[draft.delivery.pk] = letter
        return found

    def _has_address(self, row: Delivery) -> bool:
        """What has none any more is cancelled."""
        if addressing.follow(row):
            return True
        state, reason = DeliveryState.CANCELLED, Reason.NO_ADDRESS
        self.outcome.cancelled += claiming.finish(row, state, reason=reason)
        return False

    def _as_one(self, rows: list[Delivery]) -> list[Delivery]:
        """Digests of several mornings that one address has yet to get leave as one."""
        digests = [row for row in rows if row.manner == Manner.DIGEST and not row.is_uncertain]
        merged = merging.merge({row.endpoint_id: row.pk for row in reversed(digests)}, self.owner)
        self.outcome.cancelled += len(merged)
        return [row for row in rows if row.pk not in merged]

    def _cancel(self, draft: composing.Draft) -> None:
        reason = Reason.NOTHING_TO_DO if draft.notices else next(iter(draft.dropped.values()), "")
        state = DeliveryState.CANCELLED
        self.outcome.cancelled += claiming.finish(
            draft.delivery, state, reason=reason or Reason.SETTLED
        )

    def _poisoned(self, row: Delivery, error: Exception) -> None:
        row.tries += 1
        text = f"{type(error).__name__}: {error}"
        log.error("delivery_cannot_be_written", delivery=row.key, tries=row.tries, error=text)
        self._again(row, text, give_up=row.tries >= POISON_TRIES)

    def _send(self, row: Delivery, letter: Message) -> None:
        try:
            self._open()
            ref = self._hand_over(row, letter)
        except Refused as error:
            self._refused(row, error)
        except TryLater as error:
            self._close()
            if not error.is_of_address:
                health.failed(self.adapter.setting, error)
            self._again(row, _said(error), wait=error.retry_after)
        except SoftTimeLimitExceeded:
            raise  # the row stays in `sending` and is taken over: 可能已送达
        except Exception as error:  # noqa: BLE001 - whatever was raised, the text may have left
            self._close()
            health.failed(self.adapter.setting, error)
            self._doubtful(row, error)
        else:
            fault("after_send")
            self.outcome.sent += _recorded(claiming.finish(row, DeliveryState.SENT, ref=ref), row)
            fault("after_sent")
            health.went_through(self.adapter.setting)
            addressing.note_error(row.endpoint, "")

    def _open(self) -> None:
        if self.is_open:
            return
        try:
            self.adapter.open()
        except (TryLater, SoftTimeLimitExceeded):
            raise
        except Exception as error:
            raise TryLater(_said(error), is_ours=True) from error  # nothing has left yet
        self.is_open = True
        fault("after_connect")

    def _hand_over(self, row: Delivery, letter: Message) -> str:
        claiming.note_handed_over(row, self.adapter)
        return self.adapter.send(row.endpoint, letter)

    def _close(self) -> None:
        if not self.is_open:
            return
        self.is_open = False
        try:
            self.adapter.close()
        except Exception as error:  # noqa: BLE001 - a line that does not close cleanly harms nothing
            log.info("channel_close_failed", channel=self.adapter.channel, error=str(error))

    def _refused(self, row: Delivery, error: Refused) -> None:
        text = _said(error)
        log.warning("delivery_refused", delivery=row.key, error=text)
        with transaction.atomic():
            done = claiming.finish(row, DeliveryState.FAILED, error=text)
            if done:
                falling_back.fall_back(row)
        self.outcome.failed += _recorded(done, row)
        addressing.note_error(row.endpoint, text)

    def _doubtful(self, row: Delivery, error: Exception) -> None:
        holds = self.adapter.setting.on_uncertain == OnUncertain.HOLD
        if not holds or self.adapter.knows_again(sum(RETRY_AFTER[: row.tries], timedelta())):
            self._again(row, _said(error), uncertain=True)
            return
        done = claiming.finish(row, DeliveryState.HELD, error=_said(error), uncertain=True)
        self.outcome.held += _recorded(done, row)

    def _again(
        self,
        row: Delivery,
        text: str,
        *,
        wait: timedelta | None = None,
        uncertain: bool = False,
        give_up: bool = False,
    ) -> None:
        """Put it into the table of retries, or give it up after three days."""
        log.warning("delivery_not_sent", delivery=row.key, tries=row.tries, error=text)
        if give_up or row.tries > len(RETRY_AFTER):
            with transaction.atomic():
                done = claiming.finish(row, DeliveryState.FAILED, error=text, uncertain=uncertain)
                if done and not uncertain and not give_up:
                    falling_back.fall_back(row)
            self.outcome.failed += _recorded(done, row)
            addressing.note_error(row.endpoint, text)
            return
        fault("before_retry")
        pause = max(RETRY_AFTER[row.tries - 1], wait or timedelta())
        done = claiming.finish(
            row, DeliveryState.RETRY, error=text, wait=pause, uncertain=uncertain
        )
        fault("after_retry")
        self.outcome.retried += _recorded(done, row)


def _recorded(done: int, row: Delivery) -> int:
    if not done:
        log.warning("delivery_taken_over", delivery=row.key)
    return done


def _said(error: Exception) -> str:
    text = str(error)
    return (
        text
        if isinstance(error, Refused | TryLater) and text
        else f"{type(error).__name__}: {text}"
    )


def _drop(draft: composing.Draft) -> None:
    if not draft.dropped:
        return
    by_reason = defaultdict(list)
    for pk, reason in draft.dropped.items():
        by_reason[reason].append(pk)
    with transaction.atomic():
        for reason, keys in by_reason.items():
            rows = DeliveryLine.objects.filter(pk__in=keys, cancelled_at=None)
            rows.update(cancelled_at=clock.now(), reason=str(reason))
