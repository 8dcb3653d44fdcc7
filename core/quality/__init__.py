"""Can this month be trusted? What is there, what is missing, what hangs loose, what was refused, what does not agree.

coverage(store, snapshot, hospital) -> Coverage           extract x month, from the list of what fills each slot
loose(warehouse, hospital, period) -> [Loose]             money that met no department, item or fund, largest first
refused(warehouse, hospital, period) -> [Refused]         refused cells with their place
findings(store, snapshot, hospital, period) -> Findings   what the readings of this month's files said
checks(warehouse, hospital, period) -> Checks             payroll against the ledger, charged prices against the list
trust(...) -> Trust                                       the verdict, by rule
"""

from core.quality.checks import MOST, Check, Checks, checks
from core.quality.coverage import NEEDED, STATES, Cell, Coverage, coverage
from core.quality.findings import Difference, Findings, Remark, findings
from core.quality.loose import Loose, Refused, loose, refused
from core.quality.proof import Fallback, Proof, Proven, proof
from core.quality.trust import VERDICTS, Trust, trust

__all__ = [
    "MOST",
    "NEEDED",
    "STATES",
    "VERDICTS",
    "Cell",
    "Check",
    "Checks",
    "Coverage",
    "Difference",
    "Fallback",
    "Findings",
    "Loose",
    "Proof",
    "Proven",
    "Refused",
    "Remark",
    "Trust",
    "checks",
    "coverage",
    "findings",
    "loose",
    "proof",
    "refused",
    "trust",
]
