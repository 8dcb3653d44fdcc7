"""One snapshot opened: raw views over its Parquet files, departments and items resolved, staging views over those."""

from core.staging.opened import Staging, new_schema, open_staging

__all__ = ["Staging", "new_schema", "open_staging"]
