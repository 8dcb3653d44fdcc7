"""Delivery against servers started here: mail, robots with signatures, retries, and nothing unless configured."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal as D
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.alerts.channels import ChannelError, Channels, Mail, Webhook, load_channels
from core.alerts.delivery import Delivered, deliver, log_of
from core.alerts.inbox import act
from core.alerts.life import Run, event
from core.alerts.sending import SendError, payload, send_mail, send_webhook
from core.journal import journal
from core.people import Person, set_people
from core.store import Store
from tests.readings import H, clock

KEY = "a04|0401|staff|202501"


class Robot(BaseHTTPRequestHandler):
    """Answers what the test says and keeps what came."""

    seen: list[tuple[str, dict[str, Any]]] = []
    answers: list[tuple[int, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, json.loads(body)))
        code, answer = self.answers.pop(0) if self.answers else (200, b'{"errcode": 0, "code": 0}')
        self.send_response(code)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        return


class Post(socketserver.StreamRequestHandler):
    """As much SMTP as one message needs."""

    seen: list[tuple[str, bytes]] = []
    refuse: list[str] = []

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        to = ""
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                to = line.split(b"<")[1].split(b">")[0].decode()
                self.wfile.write(b"550 no such user\r\n" if to in self.refuse else b"250 ok\r\n")
            elif word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (text := self.rfile.readline()) != b".\r\n":
                    lines.append(text)
                self.seen.append((to, b"".join(lines)))
                self.wfile.write(b"250 ok\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def robot() -> Iterator[str]:
    Robot.seen, Robot.answers = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/send?key=K"
    server.shutdown()
    server.server_close()


@pytest.fixture
def post() -> Iterator[Mail]:
    Post.seen, Post.refuse = [], []
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Mail("127.0.0.1", server.server_address[1], "costward@example.org", security="none")
    server.shutdown()
    server.server_close()


def hook(url: str, kind: str = "wecom", secret: str = "") -> Webhook:
    return Webhook("group", kind, url, secret)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One alert of 0401, owned by a person with mail and a robot."""
    store = Store(tmp_path / "data")
    head = Person("李强", ("dept_head",), ("0401",), "li@example.org", "group")
    set_people(store, H, [head, Person("王芳", ("finance",), (), "wang@example.org")], actor="a", at=clock(0))
    rise(store, 1)
    return store


def run(**more: Any) -> Run:
    figures = {"level": "notice", "actual": D(3), "line": D(3), "limit": D(3)} | more
    terms = (D("200000"), D("190000"), D("600000"), D("570000"), None)
    return Run("a04", "0401", "骨科病区", "staff", "staff", 202501, 202503, terms=terms, **figures)


def rise(store: Store, step: int, key: str = KEY, what: str = "raised", **more: Any) -> None:
    journal(store).add(H, [event(what, key, run(**more), "s")], by="CostWard", at=clock(step))


def go(store: Store, channels: Channels, step: float) -> Delivered:
    return deliver(store, H, channels, at=clock(0) + timedelta(minutes=step))


def test_nothing_is_sent_unless_configured(store: Store, tmp_path: Path) -> None:
    assert load_channels(tmp_path / "none.toml", {}) == Channels()
    assert go(store, Channels(), 2) == Delivered() and log_of(store, H) == []


def test_the_owner_gets_mail_once_and_again_when_it_comes_back(store: Store, post: Mail) -> None:
    channels = Channels(post, url="http://board.example.org/")
    assert go(store, channels, 2) == Delivered(1, 0)
    assert go(store, channels, 3) == Delivered(), "told once"
    ((to, raw),) = Post.seen
    message = message_from_bytes(raw, policy=policy.default)
    text = message.get_content()
    assert to == "li@example.org" and message["Subject"] == "成本预警：1 条待处理"
    assert "李强，您好" in text and "骨科病区 · 人员经费：连续超预算，连续 3 个月超预算" in text
    assert "打开：http://board.example.org/alerts" in text
    rise(store, 4, what="changed", actual=D(4))
    assert go(store, channels, 5) == Delivered(), "the run went on: nothing new to tell"
    rise(store, 6, what="changed", level="serious")
    assert go(store, channels, 7) == Delivered(1, 0), "it became serious"
    rise(store, 8, what="reopened", level="serious")
    assert go(store, channels, 9) == Delivered(1, 0)
    last = message_from_bytes(Post.seen[-1][1], policy=policy.default)
    assert last["Subject"] == "成本预警：1 条待处理，其中严重 1 条" and "再次出现" in last.get_content()


def test_one_message_holds_everything_new_for_a_person(store: Store, post: Mail) -> None:
    for n in range(24):
        rise(store, 1, f"{KEY}|{n}")
    assert go(store, Channels(post), 2) == Delivered(1, 0)
    text = message_from_bytes(Post.seen[0][1], policy=policy.default).get_content()
    assert text.count("骨科病区") == 20 and "另有 5 条" in text


def test_answered_ownerless_and_old_alerts_are_not_sent(store: Store, post: Mail) -> None:
    act(store, H, [KEY], "done", actor="li", at=clock(1))
    nobody = Run("a04_vendor", "", "", "V1", "V1", 202501, 202503, "notice", D(3), D(3), D(3), (None,) * 5)
    journal(store).add(H, [event("raised", "v", nobody, "s")], by="x", at=clock(1))
    assert go(store, Channels(post), 2) == Delivered()
    rise(store, 3, "later")
    assert go(store, Channels(post), 3 + 3 * 24 * 60 + 1) == Delivered(), (
        "set up three days later: not poured out"
    )


def test_retries_with_growing_pauses_then_gives_up(store: Store, robot: str) -> None:
    channels = Channels(webhooks={"group": hook(robot)})
    Robot.answers = [
        (500, b""),
        (200, b'{"errcode": 45009, "errmsg": "too often"}'),
        (200, b"not json"),
        (500, b""),
        (500, b""),
    ]
    steps = [2, 2.9, 3, 7.9, 8, 37, 38, 157, 158, 500, 5000]
    told = [go(store, channels, step) for step in steps]
    assert [one.failed for one in told] == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0] and not any(
        one.sent for one in told
    )
    log = [entry.data for entry in log_of(store, H, KEY) if entry.data["status"] == "failed"]
    assert [entry["error"] for entry in log[:3]] == [
        "wecom HTTP 500",
        "wecom 45009: too often",
        "wecom: JSONDecodeError",
    ]
    assert [entry["attempt"] for entry in log] == [1, 2, 3, 4, 5] and [e["given_up"] for e in log] == [
        False
    ] * 4 + [True]


def test_a_retry_that_works_is_the_last(store: Store, robot: str) -> None:
    channels = Channels(webhooks={"group": hook(robot)})
    Robot.answers = [(500, b"")]
    assert go(store, channels, 2) == Delivered(0, 1) and go(store, channels, 3) == Delivered(1, 0)
    assert go(store, channels, 500) == Delivered()
    assert [entry.data["status"] for entry in log_of(store, H)] == ["sending", "failed", "sending", "sent"]


def test_a_sender_that_died_is_taken_over_later(store: Store, robot: str) -> None:
    seq = journal(store).entries("alert", H)[0].seq
    claim = {"channel": "webhook", "to": "group", "person": "李强", "status": "sending", "attempt": 1, "events": [seq],
             "alerts": [KEY], "error": "", "given_up": False}  # fmt: skip
    journal(store).add(H, [("delivery", "x", claim)], by="other", at=clock(2))
    channels = Channels(webhooks={"group": hook(robot)})
    assert go(store, channels, 11) == Delivered() and go(store, channels, 13) == Delivered(1, 0)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_robots_get_the_format_they_know(robot: str, kind: str) -> None:
    secret = "" if kind == "wecom" else "SEC123"
    send_webhook(hook(robot, kind, secret), "标题", "正文", clock(5))
    ((path, body),) = Robot.seen
    query = parse_qs(urlsplit(path).query)
    seconds = int(clock(5).timestamp())
    assert query["key"] == ["K"]
    if kind == "wecom":
        assert body == {"msgtype": "text", "text": {"content": "标题\n正文"}}
    elif kind == "dingtalk":
        words = f"{seconds * 1000}\nSEC123".encode()
        sign = base64.b64encode(hmac.new(b"SEC123", words, hashlib.sha256).digest()).decode()
        assert query["timestamp"] == [str(seconds * 1000)] and query["sign"] == [sign]
        assert body == {"msgtype": "text", "text": {"content": "标题\n正文"}}
    else:
        sign = base64.b64encode(
            hmac.new(f"{seconds}\nSEC123".encode(), b"", hashlib.sha256).digest()
        ).decode()
        assert body == {
            "timestamp": str(seconds),
            "sign": sign,
            "msg_type": "text",
            "content": {"text": "标题\n正文"},
        }
    assert payload(hook(robot, kind), "t", "x", clock(5))[0] == robot, "without a secret nothing is signed"


def test_errors_never_hold_a_secret(robot: str, post: Mail) -> None:
    Robot.answers = [(403, b"")]
    with pytest.raises(SendError) as told:
        send_webhook(hook(robot, "dingtalk", "SEC123"), "t", "x", clock(1))
    Post.refuse = ["li@example.org"]
    with pytest.raises(SendError, match="refused the address"):
        send_mail(post, "li@example.org", "t", "x")
    with pytest.raises(SendError, match="ConnectionRefusedError") as dead:
        send_mail(Mail("127.0.0.1", 9, "a@b.c", "user", "geheim", "none"), "x@y.z", "t", "x")
    said = (
        str(told.value)
        + str(dead.value)
        + repr(hook(robot, "dingtalk", "SEC123"))
        + repr(Mail("h", 1, "s", "u", "geheim"))
    )
    assert "SEC123" not in said and "key=K" not in said and "geheim" not in said


SECRETS = """
[app]
url = "http://board"
[mail]
host = "smtp.example.org"
sender = "a@example.org"
password = "p"
[webhooks.finance-group]
kind = "wecom"
url = "https://robot.example.org/send"
"""


def test_configuration_from_file_and_environment(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(SECRETS, encoding="utf-8")
    found = load_channels(path, {})
    assert (
        found.mail == Mail("smtp.example.org", 587, "a@example.org", "", "p") and found.url == "http://board"
    )
    assert found.any and list(found.webhooks) == ["finance-group"]
    environ = {
        "COSTWARD_MAIL_HOST": "other", "COSTWARD_MAIL_SECURITY": "ssl", "COSTWARD_WEBHOOK_OPS_URL": "http://x",
        "COSTWARD_WEBHOOK_OPS_KIND": "feishu", "COSTWARD_WEBHOOK_OPS_SECRET": "s", "COSTWARD_URL": "http://y",
    }  # fmt: skip
    found = load_channels(path, environ)
    assert (found.mail.host, found.mail.port) == ("other", 465) and found.url == "http://y"
    assert found.webhooks["ops"] == Webhook("ops", "feishu", "http://x", "s")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [('"wecom"', '"teams"', "kind"), ("https://robot", "robot", "url"), ("a@example.org", "nobody", "sender"),
     ('password = "p"', 'security = "maybe"', "security"), ('password = "p"', 'port = "x"', "port"), ("[app]", "[app", "file")],
)  # fmt: skip
def test_a_wrong_configuration_says_which_entry(tmp_path: Path, old: str, new: str, reason: str) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(SECRETS.replace(old, new), encoding="utf-8")
    with pytest.raises(ChannelError) as told:
        load_channels(path, {})
    assert told.value.reason == reason and told.value.text("zh") != told.value.text("en")
