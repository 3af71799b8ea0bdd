"""What splitting into sections costs a character, in batches and one by one, on one core.

    python benchmarks/split.py [--characters 600000]

Prints nanoseconds of CPU time a character for each kind of document, the mean length and number of sections;
reports also apart by whether their numbering starts again, which may mean a second article.
"""

import argparse
import random
from collections.abc import Iterator

from reportclean.text.sections import split, split_batch
from reportclean.text.sections.joined import joined
from reportclean.text.sections.split import forget
from reportclean.text.sections.whole import doubtful
from sentences import DO, HOW, WHAT, WHO, sentences
from timing import seconds

NUMBERS = "一二三四五六七八九十"
KINDS = ("工作总结", "工作汇报", "自查报告", "实施方案", "心得体会", "工作计划", "述职报告", "讲话稿")
WORDS = (
    "the annual report of our library says that water meters in every village were read twice this year and "
    "staff training safety drills road repairs tree planting school visits had been finished on time while "
    "costs fell members asked for more books longer hours better light new chairs and a quiet room"
).split()


class Writer:
    """Writes documents of a kind, the same for the same seed.

    Args:
        seed: Of the generator.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.pool = sentences(6000, seed)

    def paragraph(self, most: int = 4) -> str:
        """A few sentences."""
        return "".join(self.rng.choices(self.pool, k=self.rng.randint(1, most)))

    def title(self) -> str:
        """What a report is called."""
        rng = self.rng
        year = rng.choice(("", "2015年", "20xx年", "关于", "2016年度", "第一季度"))
        return rng.choice(WHO) + year + rng.choice(WHAT) + rng.choice(KINDS)

    def heading(self) -> str:
        """What a part of a report is called."""
        return self.rng.choice(HOW) + self.rng.choice(DO) + self.rng.choice(WHAT)

    def report(self) -> str:
        """Title, headings, paragraphs; half of them indented, a third without headings."""
        rng = self.rng
        indent = rng.choice(("", "　　", "　　", "    "))
        size = int(rng.lognormvariate(6.75, 0.55))
        lines = [self.title()] if rng.random() < 0.8 else []
        if rng.random() < 0.2:
            lines.append(rng.choice(("尊敬的各位领导：", "同志们：", "各位代表：")))
        lines.append(indent + self.paragraph())
        style = rng.choice(("plain", "han", "nested", "digits"))
        number = 0
        while sum(map(len, lines)) < min(max(size, 300), 3000):
            if style != "plain" and number < 10:
                sign = f"{number + 1}." if style == "digits" else NUMBERS[number] + "、"
                lines.append(indent + sign + self.heading())
                number += 1
                if style == "nested":
                    parts = NUMBERS[: rng.randint(1, 3)]
                    lines += [f"{indent}（{sign}）{self.heading()}。{self.paragraph(2)}" for sign in parts]
            lines.append(indent + self.paragraph())
        if rng.random() < 0.2:
            lines += [rng.choice(WHO), f"2016年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"]
        return ("\n\n" if rng.random() < 0.1 else "\n").join(lines)

    def compilation(self) -> str:
        """A page of several reports with headings or without."""
        rng = self.rng
        title, count = self.title(), rng.randint(3, 6)
        headed = rng.random() < 0.6
        lines = [f"{title}（精选{count}篇）"]
        for number in range(count):
            lines += [f"篇{number + 1}" if headed else self.title(), self.report()]
        return "\n".join(lines)

    def english(self) -> str:
        """A report in English."""
        rng = self.rng
        lines = [" ".join(rng.choices(WORDS, k=5)).title()]
        for number in range(rng.randint(4, 10)):
            said = [" ".join(rng.choices(WORDS, k=rng.randint(6, 18))).capitalize() for _ in range(4)]
            lines.append(f"{number + 1}. " * (rng.random() < 0.3) + ". ".join(said) + ".")
        return "\n".join(lines)

    def list(self) -> str:
        """A report that is mostly short numbered lines."""
        rng = self.rng
        lines = [self.title()]
        for number in range(rng.randint(2, 5)):
            lines.append(f"{NUMBERS[number]}、{self.heading()}")
            lines += [f"{item + 1}、{self.heading()}；" for item in range(rng.randint(3, 9))]
        return "\n".join(lines)

    def made(self, kind: str, characters: int) -> Iterator[str]:
        """Documents of a kind until so many characters are reached."""
        while characters > 0:
            text: str = getattr(self, kind)()
            characters -= len(text)
            yield text


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--characters", type=int, default=600_000)
    wanted = parser.parse_args().characters
    print(f"{'kind':<12} {'characters':>10} {'one by one':>10} {'batch':>6} {'sections':>8}")
    for kind in ("report", "compilation", "english", "list"):
        texts = list(Writer(7).made(kind, wanted))
        show(kind, texts)
        if kind == "report":
            _, restarting = doubtful(joined(texts))
            show("restarting", [text for text, again in zip(texts, restarting, strict=True) if again])
            show("counting on", [text for text, again in zip(texts, restarting, strict=True) if not again])


def show(kind: str, texts: list[str]) -> None:
    """Print the figures of one kind of document."""
    total = sum(map(len, texts))
    alone = seconds(lambda: [split(text) for text in texts], before=forget) / total * 1e9
    batch = seconds(lambda: split_batch(texts), before=forget) / total * 1e9
    found = sum(map(len, split_batch(texts))) / len(texts)
    print(f"{kind:<12} {total / len(texts):>10.0f} {alone:>10.1f} {batch:>6.1f} {found:>8.2f}")


if __name__ == "__main__":
    main()
