"""The definitions of the core, written plainly and slowly, for the fast code to be held against."""

from importlib.util import find_spec

import numpy as np
from datasketch import MinHash

from reportclean.kernels import reference
from reportclean.near.minhash import low_word
from reportclean.text.folding import SINGLE, TOKEN_START, fold_batch

KERNELS = [reference]
if find_spec("numba"):
    from reportclean.kernels import jit

    KERNELS.append(jit)

CODE_POINT = (1 << 21) - 1
MASK64 = (1 << 64) - 1


def tokens_of(text):
    """The tokens of a text's key, as strings, taken out of the key's array one by one."""
    tokens = []
    for code in fold_batch([text]).codes.tolist():
        if code & TOKEN_START:
            tokens.append("")
        tokens[-1] += chr(code & CODE_POINT)
        assert not code & SINGLE or len(tokens[-1]) == 1
    return tokens


def shingles_of(tokens, size):
    """The set of shingles of a list of tokens."""
    if not tokens:
        return set()
    size = min(size, len(tokens))
    return {tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)}


def jaccard(left, right):
    """Of two sets; 0 where both are empty."""
    return len(left & right) / len(left | right) if left | right else 0.0


def containment(left, right):
    """Of the smaller set in the larger."""
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def fmix64(value):
    """MurmurHash3's 64-bit finaliser on Python's own integers."""
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & MASK64
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & MASK64
    return value ^ value >> 33


def token_hash(token):
    """A token's hash: the mixed sum of its mixed characters, each with its place counted from 1."""
    places = enumerate(token, start=1)
    return fmix64(
        sum(fmix64(ord(char) + place * 0x9E3779B97F4A7C15 & MASK64) for place, char in places) & MASK64
    )


def shingle_hash(shingle):
    """A shingle's hash: its tokens chained by exclusive-or, multiply and shift, from their number on."""
    value = len(shingle)
    for token in shingle:
        value = (value ^ token_hash(token)) * 0xD6E8FEB86659FD93 & MASK64
        value ^= value >> 32
    return value


def packed(sets):
    """Lists of hashes as the kernels take them: one array and its offsets."""
    offsets = np.cumsum([0, *map(len, sets)], dtype=np.int64)
    return np.array([value for values in sets for value in values], dtype=np.uint64), offsets


def datasketchs(values, num_perm, seed):
    """datasketch's own MinHash of shingle hashes."""
    minhash = MinHash(num_perm=num_perm, seed=seed, scheme="affine32", hashfunc=low_word)
    minhash.update_batch([value.to_bytes(8, "little") for value in values])
    return minhash
