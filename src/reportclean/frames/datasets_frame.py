"""Datasets of Hugging Face: features, split and format stay; a dictionary of splits is one corpus."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

from reportclean.errors import ConfigError
from reportclean.frames.arrow_frame import ArrowFrame
from reportclean.frames.base import Frame


class DatasetFrame:
    """A ``datasets.Dataset``.

    Args:
        dataset: It; never changed.
    """

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset
        self._frame = ArrowFrame(dataset.with_format("arrow")[:])
        self.names, self.parts = self._frame.names, self._frame.parts
        self.texts, self.values = self._frame.texts, self._frame.values

    def rebuilt(self, name: Hashable, rows: Sequence[int], texts: Sequence[str | None]) -> Any:
        """The dataset with some of its rows and other texts, in memory."""
        import datasets  # noqa: PLC0415  # only for those who came with one

        old = self._dataset
        new = datasets.Dataset(self._frame.rebuilt(name, rows, texts), info=old.info.copy(), split=old.split)
        how = old.format
        return new.with_format(how["type"], how["columns"], how["output_all_columns"], **how["format_kwargs"])


class SplitsFrame:
    """A ``datasets.DatasetDict``: what one split repeats of another is found, too.

    Args:
        splits: Datasets by name.
        made: What makes a dictionary of the same type.
    """

    def __init__(self, splits: Mapping[str, Any], made: Any) -> None:
        self._made = made
        self._frames: dict[str, Frame] = {str(name): DatasetFrame(one) for name, one in splits.items()}
        named = {tuple(frame.names) for frame in self._frames.values()}
        if len({frozenset(names) for names in named}) > 1:
            raise ConfigError("the splits have different columns; give them one by one")
        self.names: Sequence[Hashable] = next(iter(named), ())
        self.parts = [(name, frame.parts[0][1]) for name, frame in self._frames.items()]

    def texts(self, name: Hashable) -> list[str | None]:
        """The texts of all splits."""
        return [text for frame in self._frames.values() for text in frame.texts(name)]

    def values(self, name: Hashable) -> list[Any]:
        """The values of all splits."""
        return [value for frame in self._frames.values() for value in frame.values(name)]

    def rebuilt(self, name: Hashable, rows: Sequence[int], texts: Sequence[str | None]) -> Any:
        """Each split with some of its rows and other texts."""
        bounds = list(accumulate((count for _, count in self.parts), initial=0))
        new = {}
        for (part, frame), (begin, end) in zip(self._frames.items(), pairwise(bounds), strict=True):
            first, last = bisect_left(rows, begin), bisect_left(rows, end)
            new[part] = frame.rebuilt(name, [row - begin for row in rows[first:last]], texts[first:last])
        return self._made(new)
