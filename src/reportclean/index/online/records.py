"""A signed section as bytes. Nothing of it is ever executed: numbers in a fixed layout, then text.

    bytes    what
    1        version of the layout
    1        flags: 1 filed under its bands, 2 filed under its key
    16       digest of the matching key
    4, 4     tokens, shingles: little-endian
    4 each   signature, big-endian: the bytes of a band are the name that datasketch gives its bucket
    8 each   shingles, little-endian
    rest     matching key, UTF-8

The scripts in lua/ read the flags, the digest and the bands, so that they can remove a section whole.
"""

from __future__ import annotations

import struct
from hashlib import blake2b

import numpy as np

from reportclean.index.online.settings import FORMAT, OnlineSettings
from reportclean.index.online.signed import SignedSection

_HEAD = struct.Struct("<BB16sII")
_NEAR, _EQUAL = 1, 2


def key_digest(key: str) -> bytes:
    """16 bytes that stand for a matching key."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def signature_bytes(signed: SignedSection) -> bytes:
    """A signature, big-endian; the bytes of consecutive rows name a band's bucket as datasketch does."""
    return signed.signature.astype(">u4").tobytes()


def pack(signed: SignedSection, settings: OnlineSettings) -> bytes:
    """A section's record."""
    flags = (_NEAR if settings.matches_near(signed) else 0) | (_EQUAL if signed.tokens else 0)
    head = _HEAD.pack(FORMAT, flags, key_digest(signed.key), signed.tokens, len(signed.shingles))
    shingles = signed.shingles.astype("<u8").tobytes()
    return head + signature_bytes(signed) + shingles + signed.key.encode("utf-8", "surrogatepass")


def unpack(record: bytes, settings: OnlineSettings) -> SignedSection:
    """The section of a record.

    Raises:
        ValueError: It is none.
    """
    if len(record) < _HEAD.size or record[0] != FORMAT:
        raise ValueError("no record of this version")
    _, _, digest, tokens, count = _HEAD.unpack_from(record)
    shingles_at = _HEAD.size + 4 * settings.permutations
    key_at = shingles_at + 8 * count
    if len(record) < key_at:
        raise ValueError("the record is cut off")
    key = record[key_at:].decode("utf-8", "surrogatepass")
    if key_digest(key) != digest:
        raise ValueError("the record is damaged")
    return SignedSection(
        key,
        tokens,
        np.frombuffer(record, ">u4", settings.permutations, _HEAD.size).astype(np.uint32),
        np.frombuffer(record, "<u8", count, shingles_at).astype(np.uint64),
        settings.permutations,
        settings.seed,
        settings.shingle_size,
        settings.fold_version,
    )
