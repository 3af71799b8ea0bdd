"""How fast all rules together pass ordinary text, in batches, on one core.

    python benchmarks/rules.py [--documents 1500]

Prints MB/s of UTF-8 for the whole batch, and for each finder that its gates let run alone the nanoseconds
a character, most first.
"""

import argparse

from reportclean.rules.options import CleanConfig
from reportclean.rules.runner import run_batch
from reportclean.rules.selection import select_rules
from reportclean.text.charclass import classes_of
from reportclean.text.joining import SEPARATOR
from reportclean.text.scanned import Scanned
from reportclean.text.sections.split import forget
from sentences import sentences
from timing import seconds

LINES = 30  # sentences in a document


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=1500)
    number = parser.parse_args().documents
    made = sentences(number * LINES, seed=3)
    texts = ["\n".join(made[i : i + LINES]) for i in range(0, len(made), LINES)]
    joined = Scanned(SEPARATOR.join(texts))
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    selection = select_rules(CleanConfig())
    run_batch(texts[:2], *selection)
    print(f"all rules: {megabytes / seconds(lambda: run_batch(texts, *selection), before=forget):.0f} MB/s")
    present = classes_of("".join(texts))
    finders = {rule.finder for rule in selection.rules if rule.finder is not None and rule.gate in present}
    taken = {finder.__name__: seconds(lambda f=finder: list(f(joined)), before=forget) for finder in finders}
    for name, took in sorted(taken.items(), key=lambda item: -item[1]):
        print(f"  {name:<24} {took / len(joined) * 1e9:6.1f} ns a character")


if __name__ == "__main__":
    main()
