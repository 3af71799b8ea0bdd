"""Numbers that both kernels share; changing one of a hash changes every hash, and so every index on disk."""

# Flags above the 21 bits of a code point. tools/build_fold_table.py writes the first two.
SINGLE = 1 << 31  # a token by itself
EXPANSION = 1 << 29  # in the fold table only: the low bits are an index into the expansions
TOKEN_START = 1 << 30  # in a key: the first character of a token
CODE_POINT = (1 << 21) - 1  # the bits below the flags
DROPPED, TRANSPARENT = 0, 1  # in the fold table: what ends a run, and what is not seen at all
FMIX64 = (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53)  # MurmurHash3's 64-bit finaliser
FMIX32 = (0x85EBCA6B, 0xC2B2AE35)  # MurmurHash3's 32-bit finaliser, as datasketch's affine32 has it
PLACE = 0x9E3779B97F4A7C15  # 2**64 divided by the golden ratio: parts the places inside a token
SHINGLE_MULTIPLIER = 0xD6E8FEB86659FD93  # odd, from the published `rrmxmx` mixer

# Not part of any hash: how much of each row of a signature a sketch of it keeps.
SKETCHED_BITS = 4
