"""Two texts held against each other as ``dedupe`` does it: by the same keys, rank and words."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise

import numpy as np

from reportclean.comparison import Comparison, Kept, Side
from reportclean.document import Document
from reportclean.engines.stages import clean_batch, key_hashes, placeholders, split_text, worded
from reportclean.errors import ConfigError
from reportclean.formats.dates import seconds
from reportclean.kernels import choose
from reportclean.near.cluster import Ranked, criteria
from reportclean.near.options import DedupeConfig
from reportclean.near.spinlexicon import SpinLexicon, read_lexicon
from reportclean.near.spinning import judged
from reportclean.near.swaps import Swapped, swapped
from reportclean.near.verify import exact
from reportclean.results import Kind
from reportclean.rules.options import CleanConfig
from reportclean.text.differing import Differs, surfaces, what_differs
from reportclean.text.folding import fold_batch, fold_with_masks, key_to_str
from reportclean.text.pieces import About, Region, Tokens, pieces, tokens_in

CONTAINED_FROM = 0.8  # of the shingles of the smaller side; what is contained is named, not removed


@dataclass(frozen=True, slots=True)
class Subject:
    """A text to be compared, and what its rank depends on.

    Attributes:
        name: What it is called.
        text: The text, clean or not.
        title: Its heading at its start, which does not count for what differs.
        repairs: Edits that cleaning made in it.
        source: The path that ``prefer`` is held against.
        date: Seconds since 1970, for ``keep="newest"``.
        recorded: What a run has written of it.
    """

    name: str
    text: str
    title: str = ""
    repairs: int = 0
    source: str = ""
    date: float = -np.inf
    recorded: str = ""


def compare(
    a: Document | str,
    b: Document | str,
    config: DedupeConfig | None = None,
    clean: CleanConfig | None = None,
    *,
    raw: bool = False,
) -> Comparison:
    """Compare two texts as ``dedupe`` does: cleaned, by the shingles of their matching keys, and as wholes.

    Args:
        a: The left text, or a document, whose source and date may count for which one stays.
        b: The right one.
        config: What matches and what stays; the defaults where there is none.
        clean: Which rules run and which fixes are applied; all rules and the safe fixes where there is none.
        raw: Compare the texts as they are; for those that are clean already, such as ``result.text(id)``.

    Returns:
        Jaccard, containment, kind, what differs, which one stays, and both texts as one row of pieces.

    Raises:
        ConfigError: A side is neither a text nor a document, or the lexicon of ``config`` cannot be read.

    >>> found = compare("20xx年，全年檢修線路。。", "2015年，全年抢修线路。")
    >>> [(piece.about, piece.left, piece.right) for piece in found.differences]
    [('masks', '20xx', '2015'), ('words', '檢修', '抢修'), ('form', '線', '线')]
    """
    config = config or DedupeConfig()
    left, right = (
        subject_of(_document(argument, item), side, config, clean, raw=raw)
        for argument, item, side in (("a", a, "left"), ("b", b, "right"))
    )
    return compare_subjects(left, right, config, read_lexicon(config.spin_lexicon))


def _document(argument: str, item: object) -> Document:
    if isinstance(item, Document):
        return item
    if isinstance(item, str):
        return Document("", item)
    raise ConfigError(f"{argument} is {type(item).__name__}; give a str or a Document")


def subject_of(
    document: Document,
    side: str,
    config: DedupeConfig,
    clean: CleanConfig | None = None,
    *,
    raw: bool = False,
) -> Subject:
    """A whole document as something to compare; one without an id is called by its side."""
    text, repairs = document.text, 0
    if not raw:
        (cleaned,) = clean_batch([document], clean or CleanConfig(), {})
        text, repairs = cleaned.text, len(cleaned.edits)
    sections = split_text(text, config.unit)
    title = sections[0].title if len(sections) == 1 and sections[0].ordinal else ""
    name = document.id or side
    return Subject(name, text, title, repairs, document.source, seconds(document.metadata.get("date")))


def compare_subjects(
    left: Subject, right: Subject, config: DedupeConfig, lexicon: SpinLexicon | None = None
) -> Comparison:
    """Compare two texts with all that is known of them.

    Args:
        left: The one text.
        right: The other.
        config: What matches and what stays.
        lexicon: Swaps whose words are one in the matching keys; None for none.
    """
    both = (left, right)
    texts = [subject.text for subject in both]
    kernels = choose(sum(map(len, texts)))
    plain, masks = fold_with_masks(texts, kernels)
    codes = [plain.codes[begin:end] for begin, end in pairwise(plain.offsets.tolist())]
    keys = plain if lexicon is None else fold_batch(worded(texts, lexicon), kernels)
    hashes, sizes = key_hashes(keys), keys.token_counts()
    equal = bool(sizes.all()) and np.array_equal(hashes[0], hashes[1])
    shingles = kernels.shingle_hashes(keys.codes, keys.offsets, config.shingle_size)
    one, other = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    ratios = exact(kernels, kernels.sorted_sets(*shingles), one, other)
    jaccard, containment = (1.0 if equal else float(ratio[0]) for ratio in ratios)

    bodies = [subject.text.lstrip().removeprefix(subject.title) for subject in both]
    differs = what_differs(*surfaces(bodies, kernels))
    taken = swapped(*map(key_to_str, codes))
    spinning = judged(taken, lexicon)
    kind: Kind | None = "contained" if containment >= CONTAINED_FROM else None
    if equal or (jaccard >= config.threshold and min(sizes) >= config.min_tokens):
        spun = config.spun and differs == "words" and spinning.spun
        kind = "spun" if spun else "near" if differs == "words" or not equal else "exact"
    elif min(sizes) < config.min_tokens:
        kind = None
    ranked = Ranked(
        hashes,
        sizes,
        keys.placeholders + np.array([subject.repairs for subject in both]),
        np.array([bool(config.prefer) and fnmatchcase(subject.source, config.prefer) for subject in both]),
        np.array([subject.date for subject in both]),
        np.array([kind == "spun" and spinning.original == side for side in ("right", "left")]),
    )
    kept, reason = _decision(kind, jaccard, differs, ranked, config)
    mine, theirs = map(tokens_in, texts, codes, masks)
    row = pieces(mine, theirs, _swap_regions(taken, mine, theirs, spun=spinning.spun))
    one_side, other_side = map(_side, both, sizes.tolist())
    return Comparison(
        one_side,
        other_side,
        jaccard,
        containment,
        config.threshold,
        kind,
        differs,
        spinning,
        kept,
        reason,
        tuple(row),
    )


def _side(subject: Subject, tokens: int) -> Side:
    found = placeholders(subject.text)
    return Side(subject.name, subject.text, tokens, found, subject.repairs, subject.recorded)


def _decision(
    kind: Kind | None, jaccard: float, differs: Differs, ranked: Ranked, config: DedupeConfig
) -> tuple[Kept, str]:
    """Which side stays, and why: the rank of ``dedupe``, put into words."""
    if kind is None:
        if not ranked.tokens.all():
            return "both", "a text without tokens matches nothing"
        if jaccard >= config.threshold:
            return (
                "both",
                f"texts of fewer than {config.min_tokens} tokens match only when their keys are equal",
            )
        return "both", f"no match: the Jaccard is under {config.threshold:g}"
    if kind == "contained":
        return (
            "both",
            f"no match: the Jaccard is under {config.threshold:g}, and what another text contains stays",
        )
    if config.keep_updates and differs in {"years", "numbers"}:
        return "both", f"an update: {differs} differ"
    order = criteria(ranked, config)
    name = next(name for name, (mine, theirs) in order.items() if mine != theirs)  # the last one differs
    winner, loser = (0, 1) if order[name][0] < order[name][1] else (1, 0)
    return ("left", "right")[winner], _words(name, ranked, winner, loser, config)


def _words(name: str, ranked: Ranked, winner: int, loser: int, config: DedupeConfig) -> str:
    """What decided, in words."""
    if name == "preferred":
        return f"its source matches {config.prefer}"
    if name == "newest":
        return "newer"
    if name == "spun":
        return "the original wording, not the spun one"
    if name == "marks":
        return f"fewer placeholders and repairs: {ranked.marks[winner]:,} against {ranked.marks[loser]:,}"
    if name == "longest":
        return f"longer: {ranked.tokens[winner]:,} tokens against {ranked.tokens[loser]:,}"
    if name == "first":
        return "first in the input" if config.keep == "first" else "equal in all that counts, and first"
    return "equal in all that counts; a hash of the key decides, so that the order of input does not"


def _swap_regions(taken: Swapped, left: Tokens, right: Tokens, *, spun: bool) -> list[Region]:
    """Swaps of words, found in keys, as ranges of tokens; each character of such a word is one."""
    if not taken.swaps:
        return []
    mine, theirs = _places(taken.left, left.names), _places(taken.right, right.names)
    about: About = "swap" if spun else "words"
    found = []
    for swap in taken.swaps:
        start, other_start = mine[swap.start], theirs[swap.other_start]
        end, other_end = start + len(swap.left), other_start + len(swap.right)
        found.append(Region(start, end, other_start, other_end, about))
    return found


def _places(key: str, names: list[str]) -> dict[int, int]:
    """The number of each token by its place in the key, which has a space between runs."""
    found: dict[int, int] = {}
    place = 0
    for number, name in enumerate(names):
        place += key.startswith(" ", place)
        found[place] = number
        place += len(name)
    return found
