"""Reading documents for programs: paths and globs in, documents out."""

from __future__ import annotations

import glob
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from reportclean.document import Document, Rejected
from reportclean.errors import InputError
from reportclean.formats.base import Loaded, ReadOptions
from reportclean.formats.limits import DEFAULT, Limits
from reportclean.formats.registry import pieces_of, records
from reportclean.formats.remote import Remote, is_url


class QuarantineWarning(UserWarning):
    """A record could not be used, and the caller gave no list to collect it in."""


def read(
    *paths: str | Path,
    text_field: str = "text",
    id_field: str = "id",
    date_field: str = "date",
    encoding: str = "",
    limits: Limits = DEFAULT,
    format: str = "",  # noqa: A002  # the option's name
    quarantine: list[Rejected] | None = None,
) -> Iterator[Document]:
    """Read files, folders and globs, and addresses (``s3://…``) of such.

    Args:
        paths: What to read; ``*``, ``?``, ``[…]`` and ``**`` are expanded.
        text_field: The field of a record that holds the text, by its name or by a path.
        id_field: The field that holds its id.
        date_field: The field that holds its date.
        encoding: Name of the encoding of all input; guessed for each file where it is empty.
        limits: How much one input may cost.
        format: What every file is, whatever it is called: ``"jsonl"``, ``"html"`` and so on.
        quarantine: Collects what could not be used; without it each is a :class:`QuarantineWarning`.

    Yields:
        Documents, as they are in the files: nothing is cleaned yet.

    Raises:
        InputError: A path does not exist, or a glob matches nothing.
        ConfigError: There is no such encoding, or no such format.
    """
    options = ReadOptions(text_field, id_field, date_field, encoding, limits, format)
    found = [found for path in paths for found in _expanded(path)]
    with tempfile.TemporaryDirectory(prefix="reportclean-") as folder:
        for piece in pieces_of(found, unpacked=Path(folder), options=options):
            for item in records(piece, options):
                if isinstance(item, Loaded):
                    yield item.document
                elif quarantine is not None:
                    quarantine.append(item)
                else:
                    place = item.source if item.line is None else f"{item.source}:{item.line}"
                    warnings.warn(f"{place} was left out: {item.detail}", QuarantineWarning, stacklevel=2)


def _expanded(path: str | Path) -> list[Path | Remote]:
    if isinstance(path, str) and is_url(path):
        return [Remote(path)]
    if isinstance(path, Path) or Path(path).exists() or not glob.has_magic(path):
        return [Path(path)]
    found = sorted(glob.glob(path, recursive=True))  # noqa: PTH207  # Path.glob takes no absolute pattern
    if not found:
        raise InputError(f"{path} matches no file")
    return [Path(name) for name in found]
