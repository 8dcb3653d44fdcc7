"""`python -m core …`: import, undo, history, query, check, demo, alerts, template.

Exit status: 0 done; 1 refused or waiting for a decision (nothing of that file stored), or an identity is broken;
2 wrong usage.
"""

from __future__ import annotations

import logging
import sys
import uuid

from core.catalog import DefinitionError
from core.cli.parser import WRONG_USAGE, build_parser
from core.cli.words import choose, say
from core.importing import MappingRefused
from core.store import StoreError

__all__ = ["main"]


def main(argv: list[str]) -> int:
    """Run one command; returns the exit status."""
    if "--lang" in argv[:-1]:
        choose(argv[argv.index("--lang") + 1])
    options = build_parser().parse_args(argv)
    choose(options.lang)
    from core.cli import (
        alerting,
        asking,
        importing,
    )  # the libraries behind them take half a second: not for --help

    command = {
        "import": importing.bring,
        "undo": importing.undo,
        "demo": importing.demo,
        "history": asking.history,
        "query": asking.query,
        "check": asking.check,
        "template": asking.template,
        "alerts": alerting.alerts,
    }[options.command]
    try:
        return command(options)
    except MappingRefused as refused:
        return _wrong(say("map_keys", where=refused.where, keys=refused.keys, allowed=list(refused.allowed)))
    except DefinitionError as refused:
        return _wrong(say("bad_map", file=getattr(options, "map", ""), reason=refused))
    except StoreError as refused:
        print(refused, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except Exception as fault:
        reference = uuid.uuid4().hex[:8]
        logging.getLogger("costward").exception("reference %s", reference)
        print(say("failed", reference=reference, reason=f"{type(fault).__name__}: {fault}"), file=sys.stderr)
        return 1


def _wrong(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONG_USAGE
