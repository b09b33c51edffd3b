"""Where truth lies: the rows of tasks and of the catalogue, behind `TaskStore`, `CatalogStore`,
`CompanyStore` and `LedgerStore`.

Knows the model and nothing of settings, steps or doors.
"""

from longlist.store.open import SqlStore, open_store
from longlist.store.store import (
    CandidateState,
    CatalogStats,
    CatalogStore,
    CompanyStore,
    Control,
    LedgerStore,
    ProfileVersion,
    PutCount,
    Result,
    Stage,
    TaskStore,
    relevance,
)

__all__ = [
    "CandidateState",
    "CatalogStats",
    "CatalogStore",
    "CompanyStore",
    "Control",
    "LedgerStore",
    "ProfileVersion",
    "PutCount",
    "Result",
    "SqlStore",
    "Stage",
    "TaskStore",
    "open_store",
    "relevance",
]
