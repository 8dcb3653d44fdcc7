"""One message to one address: SMTP, or the robot of a group chat (WeCom, DingTalk, Feishu, the latter two signed).

    send_mail(mail, to, subject, text)            send_webhook(hook, title, text, at)
    payload(hook, title, text, at) -> (url, body)     what a robot is sent, for tests and for reading

Nothing here is retried; see delivery.py. An error names the step and the server's answer, never a secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from core.alerts.channels import Mail, Webhook

TIMEOUT = 15  # seconds


class SendError(Exception):
    """The message did not arrive; the text is fit to be shown and kept."""


def send_mail(mail: Mail, to: str, subject: str, text: str) -> None:
    """Hand one message to the mail server.

    Raises:
        SendError: the server cannot be reached, refuses the login, or refuses the address.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, to, subject
    message.set_content(text)
    try:
        if mail.security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.host, mail.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
        with server:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(message)
    except smtplib.SMTPAuthenticationError as problem:
        raise SendError(f"SMTP login refused ({problem.smtp_code})") from None
    except smtplib.SMTPRecipientsRefused:
        raise SendError(f"SMTP refused the address {to}") from None
    except smtplib.SMTPResponseException as problem:
        raise SendError(f"SMTP {problem.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as problem:
        raise SendError(f"SMTP {mail.host}:{mail.port}: {type(problem).__name__}") from None


def sign_dingtalk(secret: str, millis: int) -> str:
    """DingTalk: HMAC-SHA256 of 'time\\nsecret' under the secret, base64."""
    digest = hmac.new(secret.encode(), f"{millis}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def sign_feishu(secret: str, seconds: int) -> str:
    """Feishu: HMAC-SHA256 of nothing under 'time\\nsecret', base64."""
    digest = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def payload(hook: Webhook, title: str, text: str, at: datetime) -> tuple[str, dict[str, Any]]:
    """Address and body of a robot's message, signed where the robot has a secret."""
    if hook.kind == "wecom":
        return hook.url, {"msgtype": "text", "text": {"content": f"{title}\n{text}"}}
    if hook.kind == "dingtalk":
        url = hook.url
        if hook.secret:
            millis = int(at.timestamp() * 1000)
            sign = urllib.parse.quote_plus(sign_dingtalk(hook.secret, millis))
            url += ("&" if "?" in url else "?") + f"timestamp={millis}&sign={sign}"
        return url, {"msgtype": "text", "text": {"content": f"{title}\n{text}"}}
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": f"{title}\n{text}"}}
    if hook.secret:
        seconds = int(at.timestamp())
        body = {"timestamp": str(seconds), "sign": sign_feishu(hook.secret, seconds), **body}
    return hook.url, body


def send_webhook(hook: Webhook, title: str, text: str, at: datetime) -> None:
    """Hand one message to a robot.

    Raises:
        SendError: it cannot be reached, or answers that it did not take the message.
    """
    url, body = payload(hook, title, text, at)
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(
        url, data, {"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            said = json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as problem:
        raise SendError(f"{hook.kind} HTTP {problem.code}") from None
    except (OSError, ValueError) as problem:
        raise SendError(f"{hook.kind}: {type(problem).__name__}") from None
    # WeCom and DingTalk answer errcode, Feishu code (StatusCode in its older form); 0 is good.
    code = next((said[key] for key in ("errcode", "code", "StatusCode") if key in said), None)
    if code != 0:
        words = str(said.get("errmsg") or said.get("msg") or "")[:120]
        raise SendError(f"{hook.kind} {code}: {words}")
