"""A comparison as one page: no script, no network, every text escaped, what is left out folded away."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from unicodedata import category

from reportclean.comparison import Comparison
from reportclean.report.comparison_text import CONTEXT, fact_words
from reportclean.report.marked import Fragment, marked
from reportclean.report.showing import escaped

_STYLE = """
:root { color-scheme: light dark; --left: #fbd5d5; --right: #cdeed3; --swap: #e7d3f5; --value: #fbe7b5; }
@media (prefers-color-scheme: dark) {
  :root { --left: #6b2b2b; --right: #1f5a2e; --swap: #573a70; --value: #665016; }
}
body { font: 1rem/1.7 system-ui, "Noto Sans CJK SC", sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
main { white-space: pre-wrap; overflow-wrap: anywhere; border-top: 1px solid #8888; padding-top: 1rem; }
del { background: var(--left); } ins { background: var(--right); text-decoration: none; }
.swap { background: var(--swap); } .masks, .years { background: var(--value); }
.signs, .form { outline: 1px dotted #8888; background: none; }
mark { background: none; color: inherit; border-bottom: 2px solid #d08a00; }
details { display: inline; } details[open] > summary { display: none; }
summary { display: inline; cursor: pointer; opacity: .7; list-style: none; }
"""
_PAGE = """<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<dl>
{facts}
</dl>
<main dir="auto">{text}</main>
</body>
</html>
"""


def comparison_html(
    comparison: Comparison, *, full: bool = False, context: int = CONTEXT, unseen: bool = True
) -> str:
    """The page; arguments as those of :func:`reportclean.report.comparison_text.comparison_lines`."""
    names = " | ".join(escape(escaped(side.name)) for side in (comparison.left, comparison.right))
    facts = "\n".join(
        f"<dt>{escape(label)}</dt><dd>{escape(words)}</dd>"
        for label, words in fact_words(comparison, unseen=unseen)
    )
    fragments = marked(comparison, context=None if full else context, unseen=unseen)
    return _PAGE.format(title=names, style=_STYLE, facts=facts, text="".join(map(_element, fragments)))


def _element(fragment: Fragment) -> str:
    """A fragment as markup."""
    text = escape("".join(_visible(fragment.text)))
    if fragment.hidden:
        text = f"<details><summary>… {len(fragment.text):,} …</summary>{text}</details>"
    elif fragment.placeholder:
        text = f"<mark>{text}</mark>"
    name = {"left": "del", "right": "ins"}.get(fragment.side)
    return f'<{name} class="{fragment.about}">{text}</{name}>' if name else text


def _visible(text: str) -> Iterator[str]:
    """Characters that are seen as they are, line ends among them; the others spelled out."""
    if text.isprintable():
        yield text
        return
    for character in text:
        plain = character.isprintable() or character in "\n\t" or category(character) == "Zs"
        yield character if plain else escaped(character)
