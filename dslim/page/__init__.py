"""One self-contained HTML page: its frame, its look, and text that cannot be taken for anything but text."""

from dslim.page.document import document as document
from dslim.page.words import line as line
from dslim.page.words import number as number
from dslim.page.words import percent as percent
from dslim.page.words import plain as plain
from dslim.page.words import text as text
