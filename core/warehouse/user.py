"""Questions a person typed: one SELECT over the views, read-only, with a time limit, locked to the data folder."""

from __future__ import annotations

import pyarrow as pa

from core import engine
from core.staging import Staging
from core.store import Snapshot, Store
from core.warehouse.opened import Warehouse

TIMEOUT_MS = 60_000


class QueryRefused(ValueError):
    """The text is not one read-only question; the message says why."""


def user_query(
    store: Store,
    snapshot: Snapshot | None,
    sql: str,
    *,
    limit: int | None = None,
    timeout_ms: int = TIMEOUT_MS,
) -> pa.Table:
    """The answer to one SELECT over stg_* and mart_* views, at most `limit` rows.

    It runs on a connection of its own that can read the tables and results of this store and nothing else.

    Raises:
        QueryRefused: more than one statement, anything but SELECT, unknown names, or over the time limit.
    """
    connection = engine.connect()
    text = sql.strip().rstrip(";")
    try:
        if not engine.is_one_select(connection, text):
            raise QueryRefused("Only a single SELECT is answered; nothing can be changed from here.")
        warehouse = Warehouse(Staging(store, snapshot or store.snapshot(), connection))
        warehouse.complete(text)
        engine.lock(connection, [store.root / "tables", store.root / "derived"])
        bounded = text if limit is None else f"select * from ({text}) limit {int(limit)}"
        return engine.arrow(connection, bounded, (), None, warehouse.schema, timeout_ms)
    except engine.EngineError as problem:
        raise QueryRefused(str(problem)) from None
    finally:
        connection.close()
