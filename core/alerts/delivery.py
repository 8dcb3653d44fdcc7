"""Telling the owners: what was raised or came back goes to the person it belongs to, once, with retries and a log.

    deliver(store, hospital, channels, at=) -> Delivered(sent, failed)     nothing where nothing is configured
    log_of(store, hospital, key=None) -> [Entry]                           every attempt, oldest first

One message per person and channel holds everything new for that person. Each attempt is an entry of kind "delivery"
(sending, then sent or failed); an attempt that failed is repeated after 1, 5, 30 and 120 minutes and then given up.
Another process sees the "sending" entry and keeps off; one that was killed in the middle is taken over after a while.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.alerts.channels import Channels
from core.alerts.late import owner_of
from core.alerts.life import KIND, Status, fold, rank, run_of
from core.alerts.messages import body, title
from core.alerts.sending import SendError, send_mail, send_webhook
from core.journal import Entry, Writer, journal
from core.people import Person
from core.settings import Settings, get_settings
from core.store import Store

DELIVERY = "delivery"
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(minutes=120))
TAKE_OVER = timedelta(minutes=10)
# What happened before a channel was set up is not poured out when it is.
FRESH = timedelta(days=3)
SENDER = "CostWard"


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages went out and how many did not."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message: who gets it, where, about which causes, and the journal entries that gave rise to it."""

    person: Person
    channel: str
    to: str
    statuses: tuple[Status, ...]
    events: tuple[int, ...]
    attempt: int

    @property
    def id(self) -> str:
        """The same for every attempt."""
        text = f"{self.channel}\n{self.to}\n{self.events}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def telling(status: Status) -> int:
    """The newest entry of a cause that its owner should hear of: raised, reopened, or a higher level than before."""
    found, level = 0, -1
    for entry in status.history:
        run = entry.data.get("run")
        if run is None:
            continue
        now = rank(run_of(run).level)
        if entry.data["event"] in ("raised", "reopened") or now > level:
            found = entry.seq
        level = now
    return found


def outbox(
    entries: Sequence[Entry], log: Sequence[Entry], settings: Settings, channels: Channels, at: datetime
) -> list[Message]:
    """What is to be sent now."""
    state = _attempts(log)
    times = {entry.seq: entry.at for entry in entries}
    groups: dict[tuple[str, str, int], list[tuple[Status, int]]] = {}
    people: dict[str, Person] = {}
    for status in fold(entries).values():
        person = owner_of(settings, status.run)
        seq = telling(status)
        if not status.open or person is None or at - times[seq] > FRESH:
            continue
        for channel, to in addresses(person, channels):
            last, failures = state.get((channel, to, seq), (None, 0))
            if not _may(last, failures, at):
                continue
            people[to] = person
            groups.setdefault((channel, to, failures), []).append((status, seq))
    found = []
    for (channel, to, failures), about in sorted(groups.items()):
        about.sort(key=lambda pair: (-rank(pair[0].run.level), pair[1]))
        statuses, events = tuple(s for s, _ in about), tuple(sorted(seq for _, seq in about))
        found.append(Message(people[to], channel, to, statuses, events, failures + 1))
    return found


def addresses(person: Person, channels: Channels) -> list[tuple[str, str]]:
    """(channel, address) of a person, as far as they are configured."""
    found = [("mail", person.email)] if channels.mail and person.email else []
    return found + ([("webhook", person.webhook)] if person.webhook in channels.webhooks else [])


def _attempts(log: Sequence[Entry]) -> Mapping[tuple[str, str, int], tuple[Entry, int]]:
    """(channel, address, event) -> (last entry, failures so far)."""
    state: dict[tuple[str, str, int], tuple[Entry, int]] = {}
    for entry in log:
        for seq in entry.data["events"]:
            key = (entry.data["channel"], entry.data["to"], seq)
            failures = state[key][1] if key in state else 0
            state[key] = (entry, failures + (entry.data["status"] == "failed"))
    return state


def _may(last: Entry | None, failures: int, at: datetime) -> bool:
    if last is None:
        return True
    if last.data["status"] == "sending":
        return at - last.at > TAKE_OVER
    if last.data["status"] == "sent" or failures > len(BACKOFF):
        return False
    return at - last.at >= BACKOFF[failures - 1]


def deliver(store: Store, hospital: str, channels: Channels, *, at: datetime, lang: str = "zh") -> Delivered:
    """Send what is due. Safe to call from several places at once: each message is claimed before it is sent."""
    if not channels.any:
        return Delivered()
    settings = get_settings(store, store.snapshot(), hospital)
    book = journal(store)
    if not outbox(book.entries(KIND, hospital), book.entries(DELIVERY, hospital), settings, channels, at):
        return Delivered()
    with book.changing(hospital) as writer:
        due = outbox(writer.entries(KIND), writer.entries(DELIVERY), settings, channels, at)
        _note(writer, due, "sending", at)
    sent = failed = 0
    for message in due:
        error = _send(message, channels, at, lang)
        with book.changing(hospital) as writer:
            _note(writer, [message], "failed" if error else "sent", at, error)
        sent, failed = sent + (not error), failed + bool(error)
    return Delivered(sent, failed)


def _note(writer: Writer, messages: Sequence[Message], status: str, at: datetime, error: str = "") -> None:
    drafts = []
    for message in messages:
        given_up = status == "failed" and message.attempt > len(BACKOFF)
        data = {
            "channel": message.channel, "to": message.to, "person": message.person.name, "status": status,
            "attempt": message.attempt, "events": list(message.events), "alerts": [s.key for s in message.statuses],
            "error": error, "given_up": given_up,
        }  # fmt: skip
        drafts.append((DELIVERY, message.id, data))
    writer.add(drafts, by=SENDER, at=at)


def _send(message: Message, channels: Channels, at: datetime, lang: str) -> str:
    """'' when it went out, else why not."""
    head, text = title(message.statuses, lang), body(message.person, message.statuses, channels.url, lang)
    try:
        if message.channel == "mail" and channels.mail:
            send_mail(channels.mail, message.to, head, text)
        else:
            send_webhook(channels.webhooks[message.to], head, text, at)
    except SendError as problem:
        return str(problem)
    return ""


def log_of(store: Store, hospital: str, key: str | None = None) -> list[Entry]:
    """Every attempt to tell somebody, of all alerts or of one."""
    found = journal(store).entries(DELIVERY, hospital)
    return [entry for entry in found if key is None or key in entry.data["alerts"]]
