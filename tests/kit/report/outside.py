# SPDX-License-Identifier: MIT
"""outside - reads reports with parsers that this kit did not write. Silent when all is well.

    outside.py tap FILE…        every YAML block of a TAP report, by PyYAML
    outside.py markdown FILE…   HTML that a Markdown program made of a summary: only elements that we meant
    outside.py csv FILE…        rows of one length, no cell that a spreadsheet would take for a formula
"""
import csv
import sys
from html.parser import HTMLParser

ELEMENTS = {"h2", "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "details", "summary",
            "b"}
ATTRIBUTES = {"align", "class"}


def tap(path):
    import yaml
    block = None
    for line in open(path, encoding="utf-8"):
        if line == "  ---\n":
            block = ""
        elif line == "  ...\n":
            data = yaml.safe_load(block)
            assert {"message", "verdict", "severity"} <= set(data), f"{path}: {data}"
            block = None
        elif block is not None:
            assert line.startswith("  "), f"{path}: {line!r} is outside of its block"
            block += line[2:]
    assert block is None, f"{path}: a block has no end"


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag in ELEMENTS, f"<{tag}>"
        assert {name for name, _ in attrs} <= ATTRIBUTES, f"<{tag} {attrs}>"
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> ends nothing"

    def handle_comment(self, data):
        raise AssertionError("a comment")


def markdown(path):
    parser = Elements()
    parser.feed(open(path, encoding="utf-8").read())
    parser.close()
    assert not parser.open, f"{path}: {parser.open} do not end"


def sheet(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    assert rows and {len(row) for row in rows} == {len(rows[0])}, f"{path}: rows of different lengths"
    for row in rows:
        for cell in row:
            assert not cell or cell[0] not in "=+@\t\r" and (cell[0] != "-" or cell[1:2].isdigit()), f"{path}: {cell!r}"


for name in sys.argv[2:]:
    {"tap": tap, "markdown": markdown, "csv": sheet}[sys.argv[1]](name)
