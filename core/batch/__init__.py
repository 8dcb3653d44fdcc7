"""Batches: what accepting a file would do, accepting it, taking it back, and the history of all that."""

from core.batch.accept import accept
from core.batch.effect import preview
from core.batch.history import batch_of, history
from core.batch.source import stem
from core.batch.types import (
    Alias,
    Batch,
    BatchPart,
    Change,
    Decisions,
    Differs,
    Duplicate,
    Effect,
    NeedsDecision,
    SlotChange,
    SourceChoice,
    Warned,
)
from core.batch.undo import undo

__all__ = [
    "Alias",
    "Batch",
    "BatchPart",
    "Change",
    "Decisions",
    "Differs",
    "Duplicate",
    "Effect",
    "NeedsDecision",
    "SlotChange",
    "SourceChoice",
    "Warned",
    "accept",
    "batch_of",
    "history",
    "preview",
    "stem",
    "undo",
]
