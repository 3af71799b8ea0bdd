"""``clean`` on what a program has in hand: one text, or a table of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, overload

from reportclean.document import Document, Hit
from reportclean.engines import stages
from reportclean.errors import ConfigError
from reportclean.frames.base import TableT
from reportclean.frames.registry import Opened, opened
from reportclean.results import CleanText
from reportclean.rules.options import CleanConfig


@overload
def clean(text: str, config: CleanConfig | None = None, decode_hits: Sequence[Hit] = ()) -> CleanText: ...
@overload
def clean(
    text: TableT, config: CleanConfig | None = None, *, text_column: Hashable = "text", workers: int = 1
) -> TableT: ...
def clean(
    text: Any,
    config: CleanConfig | None = None,
    decode_hits: Sequence[Hit] = (),
    *,
    text_column: Hashable = "text",
    workers: int = 1,
) -> Any:
    """Apply fixes to a text and say what was found; or to a column of a table, and give the table back.

    Args:
        text: The decoded text; or a table of pandas, polars or pyarrow, a single column of one, a
            ``datasets.Dataset`` or ``DatasetDict``. Any other object with ``__arrow_c_stream__`` comes back
            as a ``pyarrow.Table``.
        config: Which rules run and which fixes are applied; every rule and the safe fixes by default.
        decode_hits: What decoding the bytes of the text reported, at positions of it.
        text_column: The column with the texts. The others, the rows and their order stay as they are.
        workers: Worker processes for a table, at most.

    Returns:
        Of a text the clean text with edits and findings; of a table one of the same type.

    Raises:
        ConfigError: The configuration names a rule that does not exist; or the table has no such column, or
            no text in it.

    >>> clean("全年检修线路一百二十公里。。").text
    '全年检修线路一百二十公里。'
    """
    if isinstance(text, str):
        return stages.clean(text, config, decode_hits)
    table = opened(text)
    if table is None:
        raise ConfigError(f"text is {type(text).__name__}; give a str, or a table with a column of texts")
    return _cleaned(table, config or CleanConfig(), text_column, workers)


def _cleaned(table: Opened, config: CleanConfig, text_column: Hashable, workers: int) -> Any:
    from reportclean.engines.boilerplate import count_in  # noqa: PLC0415  # processes and formats: for tables
    from reportclean.engines.given import at_work, shares  # noqa: PLC0415  # the same

    column = table.text_column(text_column)
    texts = table.frame.texts(column)
    given = [Document("", text or "") for text in texts]
    boilerplate = count_in((item.text for item in given), config.boilerplate_min_documents)
    todo = list(shares(given))
    with at_work(workers, todo, kernels=False) as (hands, _):
        calls = ((share.documents, config, boilerplate) for share in todo)
        became = [text for part in hands.each(clean_texts, calls) for text in part]
    new = [None if old is None else text for old, text in zip(texts, became, strict=True)]
    return table.given_back(table.frame.rebuilt(column, range(len(new)), new))


def clean_texts(
    documents: Sequence[Document], config: CleanConfig, boilerplate: Mapping[str, int]
) -> list[str]:
    """The clean texts of documents."""
    return [cleaned.text for cleaned in stages.clean_batch(documents, config, boilerplate)]
