"""Clean scraped report corpora and remove what repeats, section by section; Chinese first.

    import reportclean as rc
    rc.clean(text)          # CleanText(text, edits, findings)
    rc.split(text)          # sections
    rc.fold(text)           # the matching key
    rc.compare(a, b)        # Jaccard, kind, what differs, which one stays
    rc.dedupe(texts)        # clusters, matches, kept, removed
    rc.check(texts)         # findings, and whether they are within the limits

Names are loaded when they are used, so importing this package costs a few milliseconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from reportclean.comparison import Comparison as Comparison
    from reportclean.comparison import Side as Side
    from reportclean.document import Document as Document
    from reportclean.document import Edit as Edit
    from reportclean.document import Finding as Finding
    from reportclean.document import Hit as Hit
    from reportclean.document import OffsetMap as OffsetMap
    from reportclean.document import Rejected as Rejected
    from reportclean.document import Section as Section
    from reportclean.document import Span as Span
    from reportclean.document import apply_edits as apply_edits
    from reportclean.engines.checking import check as check
    from reportclean.engines.clean_memory import clean as clean
    from reportclean.engines.comparing import compare as compare
    from reportclean.engines.memory import dedupe as dedupe
    from reportclean.engines.stages import placeholders as placeholders
    from reportclean.errors import ConfigError as ConfigError
    from reportclean.errors import DecodeError as DecodeError
    from reportclean.errors import IndexMismatchError as IndexMismatchError
    from reportclean.errors import InputError as InputError
    from reportclean.errors import OutputError as OutputError
    from reportclean.errors import ReportcleanError as ReportcleanError
    from reportclean.errors import StoreError as StoreError
    from reportclean.formats.reading import QuarantineWarning as QuarantineWarning
    from reportclean.formats.reading import read as read
    from reportclean.index.online.signed import SignedSection as SignedSection
    from reportclean.index.online.signed import sign as sign
    from reportclean.index.section_index import IndexMatch as IndexMatch
    from reportclean.index.section_index import SectionIndex as SectionIndex
    from reportclean.near.options import DedupeConfig as DedupeConfig
    from reportclean.results import Breach as Breach
    from reportclean.results import CheckFinding as CheckFinding
    from reportclean.results import CheckReport as CheckReport
    from reportclean.results import CleanText as CleanText
    from reportclean.results import Cluster as Cluster
    from reportclean.results import DedupeResult as DedupeResult
    from reportclean.results import DocumentResult as DocumentResult
    from reportclean.results import Known as Known
    from reportclean.results import LearnedSwap as LearnedSwap
    from reportclean.results import Match as Match
    from reportclean.results import Passage as Passage
    from reportclean.results import Repeat as Repeat
    from reportclean.results import SectionResult as SectionResult
    from reportclean.results import Swap as Swap
    from reportclean.results import TableResult as TableResult
    from reportclean.rules.options import CheckConfig as CheckConfig
    from reportclean.rules.options import CleanConfig as CleanConfig
    from reportclean.text.decoding import Decoded as Decoded
    from reportclean.text.decoding import decode as decode
    from reportclean.text.folding import fold as fold
    from reportclean.text.pieces import Piece as Piece
    from reportclean.text.sections import split as split

_HOMES = {
    "comparison": ("Comparison", "Side"),
    "document": (
        "Document",
        "Edit",
        "Finding",
        "Hit",
        "OffsetMap",
        "Rejected",
        "Section",
        "Span",
        "apply_edits",
    ),
    "engines.checking": ("check",),
    "engines.comparing": ("compare",),
    "engines.clean_memory": ("clean",),
    "engines.memory": ("dedupe",),
    "engines.stages": ("placeholders",),
    "errors": (
        "ConfigError",
        "DecodeError",
        "IndexMismatchError",
        "InputError",
        "OutputError",
        "ReportcleanError",
        "StoreError",
    ),
    "formats.reading": ("QuarantineWarning", "read"),
    "index.online.signed": ("SignedSection", "sign"),
    "index.section_index": ("IndexMatch", "SectionIndex"),
    "near.options": ("DedupeConfig",),
    "results": (
        "Breach",
        "CheckFinding",
        "CheckReport",
        "CleanText",
        "Cluster",
        "DedupeResult",
        "DocumentResult",
        "Known",
        "LearnedSwap",
        "Match",
        "Passage",
        "Repeat",
        "SectionResult",
        "Swap",
        "TableResult",
    ),
    "rules.options": ("CheckConfig", "CleanConfig"),
    "text.decoding": ("Decoded", "decode"),
    "text.folding": ("fold",),
    "text.pieces": ("Piece",),
    "text.sections": ("split",),
}
_NAMES = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_NAMES)  # noqa: PLE0605  # the table above is the one list of names


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'reportclean' has no attribute {name!r}")
    value = getattr(import_module(f"reportclean.{_NAMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_NAMES})
