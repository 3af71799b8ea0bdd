"""What the sections of an index were signed and filed with; an index that is kept records it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from reportclean.errors import IndexMismatchError
from reportclean.index.online.signed import SignedSection
from reportclean.near.bands import choose_bands
from reportclean.near.options import DedupeConfig
from reportclean.text.folding import fold_table

FORMAT = 1  # of the records and of where they are filed
_CHOSEN = ("threshold", "shingle_size", "num_perm", "seed", "min_tokens")  # by the user, in the config
_SIGNED = {"num_perm": "permutations", "seed": "seed", "shingle_size": "shingle_size"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineSettings:
    """The settings of an index.

    Attributes:
        threshold: Jaccard from which a section matches.
        shingle_size: Tokens in a shingle.
        num_perm: Permutations that were asked for.
        seed: Their seed.
        min_tokens: Sections of fewer tokens match only when their keys are equal.
        expire: Seconds that a section stays, ``None`` for ever.
        permutations: Permutations of a signature, after doubling.
        bands: Bands under which a section is filed.
        rows: Rows of a band.
        fold_version: Version of the fold table.
        format: Version of the records.
    """

    threshold: float
    shingle_size: int
    num_perm: int
    seed: int
    min_tokens: int
    expire: float | None
    permutations: int
    bands: int
    rows: int
    fold_version: int
    format: int = FORMAT

    @classmethod
    def of(cls, config: DedupeConfig, expire: float | None = None) -> OnlineSettings:
        """The settings that a configuration leads to.

        Raises:
            IndexMismatchError: A spin lexicon is named, which would change the keys.
        """
        if config.spin_lexicon:
            raise IndexMismatchError(
                f"an index knows no spin lexicon: its keys are made without {config.spin_lexicon}; "
                "leave spin_lexicon out"
            )
        banding = choose_bands(config)
        return cls(
            threshold=float(config.threshold),
            shingle_size=config.shingle_size,
            num_perm=config.num_perm,
            seed=config.seed,
            min_tokens=config.min_tokens,
            expire=None if expire is None else float(expire),
            permutations=banding.num_perm,
            bands=banding.bands,
            rows=banding.rows,
            fold_version=fold_table().version,
        )

    @classmethod
    def from_json(cls, data: bytes, where: str) -> OnlineSettings:
        """Read what :meth:`to_json` wrote.

        Raises:
            IndexMismatchError: It is of another format, or no settings at all.
        """
        try:
            values = json.loads(data)
            version = values["format"]
            known = version == FORMAT
            settings = cls(**values) if known else None
            if settings is not None:
                settings.config()  # its values are in range
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise IndexMismatchError(f"what is kept as {where} is no index; choose another name") from error
        if settings is None:
            raise IndexMismatchError(
                f"{where} has format {version}, this version of reportclean {FORMAT}; "
                "open it with the version that made it, or build it anew under another name"
            )
        return settings

    def to_json(self) -> bytes:
        """The same bytes for the same settings."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    def config(self) -> DedupeConfig:
        """The configuration that leads to these settings."""
        return DedupeConfig(**{name: getattr(self, name) for name in _CHOSEN})

    def matches_near(self, signed: SignedSection) -> bool:
        """Whether a section is long enough to match others than its equals."""
        return signed.tokens >= max(1, self.min_tokens)

    def require(self, signed: SignedSection) -> None:
        """Refuse a section that was signed otherwise.

        Raises:
            IndexMismatchError: The message names the setting.
        """
        wanted = {name: getattr(self, mine) for name, mine in _SIGNED.items()}
        for name, value in {**wanted, "fold_version": self.fold_version}.items():
            if getattr(signed, name) != value:
                raise IndexMismatchError(
                    f"the section was signed with {name} {getattr(signed, name)}, the index has {value}; "
                    "sign it with the index's config"
                )

    def require_mergeable(self, other: OnlineSettings) -> None:
        """Refuse an index whose sections do not belong into this one.

        Raises:
            IndexMismatchError: The message names the setting.
        """
        for name in _CHOSEN:
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs:
                raise IndexMismatchError(
                    f"the other index has {name} {theirs}, this one {mine}; build both with the same settings"
                )

    def require_same(self, kept: OnlineSettings, where: str) -> None:
        """Refuse to open what is kept with other settings.

        Raises:
            IndexMismatchError: The message names the setting and says what to do.
        """
        for field in fields(self):
            asked, there = getattr(self, field.name), getattr(kept, field.name)
            if asked == there:
                continue
            if field.name in _CHOSEN or field.name == "expire":
                raise IndexMismatchError(
                    f"{where} has {field.name} {there}, not {asked}; open it without a config and "
                    "without expire to take its own settings, or choose another name"
                )
            raise IndexMismatchError(
                f"{where} has {field.name} {there}, this version of reportclean {asked}; "
                "open it with the version that made it, or build it anew under another name"
            )
