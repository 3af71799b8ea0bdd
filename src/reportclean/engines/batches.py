"""One batch from documents to index: what a worker process does, and what the library does in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportclean.document import Document, Rejected
from reportclean.engines.pipeline import BatchIndex
from reportclean.engines.spool import Spool
from reportclean.engines.stages import Prepared, prepare, section_rows
from reportclean.errors import InputError
from reportclean.formats.base import Chunk, Loaded, ReadOptions
from reportclean.formats.registry import FORMATS
from reportclean.kernels import choose
from reportclean.near.bands import choose_bands
from reportclean.near.options import DedupeConfig


@dataclass(frozen=True, slots=True)
class Task:
    """A worker's share: pieces of input of about the same size, and what is known to be unusable among them."""

    number: int
    pieces: tuple[Chunk | Rejected, ...]

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(piece.length for piece in self.pieces if isinstance(piece, Chunk))


@dataclass(frozen=True, slots=True)
class Settings:
    """What every worker is told once.

    Attributes:
        config: What matches.
        read: How records are read.
        characters: Characters of the whole input, by which the kernels are chosen.
    """

    config: DedupeConfig
    read: ReadOptions
    characters: int


def run_task(task: Task, settings: Settings, spool: Spool) -> BatchIndex:
    """Read, prepare and sign the documents of a task; their texts go to the spool."""
    loaded: list[tuple[Document, str, bytes]] = []
    rejected: list[Rejected] = []
    for piece in task.pieces:
        if isinstance(piece, Rejected):
            rejected.append(piece)
            continue
        try:
            for item in FORMATS[piece.format].read(piece, settings.read):
                if isinstance(item, Loaded):
                    loaded.append((item.document, piece.format, item.envelope))
                else:
                    rejected.append(item)
        except (OSError, InputError) as error:
            detail = (isinstance(error, OSError) and error.strerror) or str(error)
            rejected.append(Rejected(piece.name, None, "unreadable", detail))
    return index_batch(task.number, loaded, rejected, settings, spool)


def index_batch(
    number: int,
    loaded: Iterable[tuple[Document, str, bytes]],
    rejected: Sequence[Rejected],
    settings: Settings,
    spool: Spool,
) -> BatchIndex:
    """Prepare and sign documents given with their format and envelope.

    A document of which cleaning leaves nothing goes to quarantine.
    """
    prepared: list[Prepared] = []
    out = list(rejected)
    findings: Counter[str] = Counter()
    for document, form, envelope in loaded:
        item = prepare(document, settings.config.unit, form, envelope)
        findings.update(item.findings)
        if item.text.strip():
            prepared.append(item)
        else:
            out.append(Rejected(document.source, document.line, "empty", "nothing is left after cleaning"))
    batch = tuple(prepared)
    spool.write(number, batch)
    kernels = choose(settings.characters)
    return BatchIndex(
        [item.document_id for item in batch],
        [item.source for item in batch],
        [item.line for item in batch],
        [item.date for item in batch],
        [len(item.sections) for item in batch],
        section_rows(batch, settings.config, choose_bands(settings.config), kernels),
        out,
        findings,
    )
