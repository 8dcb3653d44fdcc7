"""Commands and options of `python -m core`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from core.catalog import catalog
from core.cli.words import say

WRONG_USAGE = 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage()
        self.exit(WRONG_USAGE, f"{self.prog}: {message}\n")


def build_parser() -> argparse.ArgumentParser:
    """The whole command tree; every subcommand accepts --data and --lang."""
    parser = _Parser(prog="python -m core", description=say("about"))
    common = _Parser(add_help=False)
    common.add_argument("--data", type=Path, help=say("data"))
    common.add_argument("--lang", choices=("zh", "en"), help=say("lang"))
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)

    def command(name: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, parents=[common], help=say(f"help_{name}"), description=say(f"help_{name}")
        )

    bring = command("import")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.add_argument("--extract", choices=sorted(catalog().extracts), help=say("extract"))
    bring.add_argument("--hospital", help=say("hospital"))
    bring.add_argument("--period", type=_period, help=say("period"))
    bring.add_argument("--source", help=say("source"))
    bring.add_argument("--unit", help=say("unit"))
    bring.add_argument("--map", type=Path, help=say("map"))
    bring.add_argument("--accept-proposals", action="store_true", help=say("accept_proposals"))
    bring.add_argument("--dry-run", action="store_true", help=say("dry_run"))
    bring.add_argument("--json", action="store_true", help=say("json"))

    back = command("undo")
    back.add_argument("batch")

    past = command("history")
    past.add_argument("--json", action="store_true", help=say("json"))

    ask = command("query")
    ask.add_argument("sql")
    ask.add_argument("--format", choices=("table", "csv", "json"), default="table")
    ask.add_argument("--snapshot", help=say("snapshot"))

    check = command("check")
    check.add_argument("--json", action="store_true", help=say("json"))

    demo = command("demo")
    demo.add_argument("--scale", type=int, default=0, help=say("scale"))
    demo.add_argument("--if-empty", action="store_true", help=say("if_empty"))

    warn = command("alerts")
    warn.add_argument("--evaluate", action="store_true", help=say("evaluate"))
    warn.add_argument("--json", action="store_true", help=say("json"))

    blank = command("template")
    blank.add_argument("extract", choices=sorted(catalog().extracts))
    blank.add_argument("--out", type=Path, required=True)
    return parser


def _period(text: str) -> int:
    if not (len(text) == 6 and text.isdigit() and 1 <= int(text[4:]) <= 12):
        raise argparse.ArgumentTypeError(say("bad_period", text=text))
    return int(text)
