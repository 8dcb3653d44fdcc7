"""Where messages may go: mail server and group robots, from .streamlit/secrets.toml or the environment, nowhere else.

    [mail]                         COSTWARD_MAIL_HOST, _PORT, _USER, _PASSWORD, _SENDER, _SECURITY
    host = "smtp.example.org"      security: starttls (default) | ssl | none
    [webhooks.finance-group]       COSTWARD_WEBHOOK_<NAME>_URL, _KIND, _SECRET
    kind = "wecom"                 wecom | dingtalk | feishu
    url = "https://..."
    [app]                          COSTWARD_URL
    url = "http://costward.hospital.local:8501"

Without an entry nothing is sent. Addresses of robots and passwords are secrets: they are never written to the data
folder, to a log or into an error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.catalog import DEFINITIONS, load_yaml

KINDS = ("wecom", "dingtalk", "feishu")
SECURITY = ("starttls", "ssl", "none")
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}


class ChannelError(ValueError):
    """The configuration cannot be used; `text(lang)` says which entry and what to write."""

    def __init__(self, reason: str, **params: Any) -> None:
        self.reason, self._params = reason, params
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """What is wrong and what to do."""
        words: str = load_yaml(DEFINITIONS / "messages.yaml")["channels"][self.reason][lang]
        return words.format(**self._params)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A robot of a group chat."""

    name: str
    kind: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Channels:
    """Everything that is configured; nothing by default. `url`: where the app is opened, for links."""

    mail: Mail | None = None
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    url: str = ""

    @property
    def any(self) -> bool:
        """Whether anything can be sent at all."""
        return self.mail is not None or bool(self.webhooks)


def load_channels(path: Path, environ: Mapping[str, str]) -> Channels:
    """Read the configuration; the environment wins over the file.

    Raises:
        ChannelError: an entry cannot be used.
    """
    raw: dict[str, Any] = {}
    if path.is_file():
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise ChannelError("file", file=path.name, problem=str(problem).splitlines()[0]) from None
    mail = {**raw.get("mail", {}), **_given(environ, "COSTWARD_MAIL_")}
    hooks = {name: dict(entry) for name, entry in raw.get("webhooks", {}).items()}
    for key, text in environ.items():
        if found := re.fullmatch(r"COSTWARD_WEBHOOK_(.+)_(URL|KIND|SECRET)", key):
            name = found[1].lower().replace("_", "-")
            hooks.setdefault(name, {})[found[2].lower()] = text
    url = environ.get("COSTWARD_URL") or raw.get("app", {}).get("url", "")
    return Channels(_mail(mail), {name: _hook(name, entry) for name, entry in sorted(hooks.items())}, url)


def _given(environ: Mapping[str, str], lead: str) -> dict[str, str]:
    names = ("host", "port", "user", "password", "sender", "security")
    return {name: environ[lead + name.upper()] for name in names if environ.get(lead + name.upper())}


def _mail(raw: Mapping[str, Any]) -> Mail | None:
    if not raw.get("host"):
        return None
    security = str(raw.get("security", "starttls"))
    if security not in SECURITY:
        raise ChannelError("security", value=security, allowed=", ".join(SECURITY))
    port = str(raw.get("port", _PORTS[security]))
    if not port.isdigit():
        raise ChannelError("port", value=port)
    sender = str(raw.get("sender") or raw.get("user") or "")
    if "@" not in sender:
        raise ChannelError("sender")
    return Mail(
        str(raw["host"]), int(port), sender, str(raw.get("user", "")), str(raw.get("password", "")), security
    )


def _hook(name: str, raw: Mapping[str, Any]) -> Webhook:
    kind = str(raw.get("kind", ""))
    if kind not in KINDS:
        raise ChannelError("kind", name=name, value=kind, allowed=", ".join(KINDS))
    url = str(raw.get("url", ""))
    if not re.match(r"https?://", url):
        raise ChannelError("url", name=name)
    return Webhook(name, kind, url, str(raw.get("secret", "")))
