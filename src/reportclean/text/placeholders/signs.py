"""The signs that stand in the place of a word, by family, and what may stand between them.

A run of one family is the elementary mark: ``xx``, ``××``, ``**``, ``____``, ``○○``. Letters and
multiplication signs are one family, since templates mix them freely.
"""

CROSS = "xXｘＸхХ×✕✖╳⨯"
STAR = "*＊﹡∗"
LINE = "_＿﹍﹎﹏"
HOLLOW = "○◯〇□△◇"
SOLID = "●■▲◆"
FAMILIES = {"cross": CROSS, "star": STAR, "line": LINE, "hollow": HOLLOW, "solid": SOLID}
FAMILY_OF = {sign: family for family, signs in FAMILIES.items() for sign in signs}

# Inside a character class. Solid signs are bullets and ratings too, so dates are not made of them.
MASKS = CROSS + r"*＊﹡∗_＿﹍﹎﹏○◯〇□△◇"
ALL = MASKS + SOLID

SPACE = r" \t\u3000\xa0"  # within a line; no pattern of this package crosses a line end
HAN = r"\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
LINE_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # those of str.splitlines
