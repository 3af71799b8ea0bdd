"""Print the commands of the README, one a line: what CI runs is what the README says.

Call it without arguments.
"""

import re
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"


def commands(text: str) -> list[str]:
    """The lines of the blocks marked as ``sh``."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


if __name__ == "__main__":
    print(*commands(README.read_text(encoding="utf-8")), sep="\n")
