"""The frame of a page: one file, no network, and a policy that holds a browser to it."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import os

from dslim.page.words import text

_HERE = os.path.dirname(__file__)

_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="dslim">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
{data}<script>{script}</script>
</body>
</html>
"""


def document(title: str, body: str, *, style: str = "", script: str = "", data: object = None) -> str:
    """A whole page as text to be written in UTF-8.

    ``title`` is text. ``body`` is HTML: whatever a stranger wrote in it must have gone through
    :func:`dslim.page.words.text`. ``style`` is CSS that follows the common sheet (``style.css``). ``script`` is
    JavaScript; it finds ``data``, any value that JSON can say, with
    ``JSON.parse(document.getElementById("data").textContent)``.

    The page's policy forbids everything but this very style and this very script, which are named by their digests: no
    request, no other script, no handler in an attribute, no ``style`` attribute.
    """
    style = sheet() + style
    held = "" if data is None else f'<script type="application/json" id="data">{embedded(data)}</script>\n'
    policy = (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return _FRAME.format(title=text(title), body=body, style=style, script=script, data=held, policy=policy)


def embedded(data: object) -> str:
    """``data`` as JSON in ASCII that cannot end the element it stands in: <, > and & are escapes."""
    said = json.dumps(data, separators=(",", ":"))
    return said.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@functools.cache
def sheet() -> str:
    """The look that all pages share."""
    return asset(os.path.join(_HERE, "style.css"))


def asset(path: str) -> str:
    """A style or script that ships with dslim."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def _digest(content: str) -> str:
    """As a policy names what is inline: https://www.w3.org/TR/CSP3/#match-element-to-source-list."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
