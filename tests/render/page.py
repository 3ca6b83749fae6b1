"""Reading a page in tests: its elements, its text by section, and whether it is well formed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect", "line", "circle"}
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "td", "th", "dt", "dd", "summary", "figcaption",
          "caption"}  # fmt: skip


@dataclass
class Page(HTMLParser):
    """A parsed page; `problems` lists every tag that is not closed in its place."""

    source: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    sentences: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self._open = []
        self._text = []
        self.feed(self.source)
        self.close()
        self.problems += [f"{tag} is never closed" for tag, _ in self._open]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in BLOCKS:
            self._flush()
        if tag not in VOID:
            self._open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self._flush()
        if tag in VOID:
            return
        if not self._open or self._open[-1][0] != tag:
            self.problems.append(f"</{tag}> closes {self._open[-1:] or 'nothing'}")
            return
        self._open.pop()

    def handle_data(self, data):
        tags = [tag for tag, _ in self._open]
        hidden = any("visually-hidden" in (a.get("class") or "") or a.get("aria-hidden")
                     or (a.get("class") or "") == "cite" for _, a in self._open)  # fmt: skip
        if not hidden and not {"style", "svg", "code", "title"} & set(tags):
            self._text.append(data)

    def _flush(self):
        text = " ".join("".join(self._text).split())
        self._text = []
        section = next((a["id"] for tag, a in reversed(self._open)
                        if tag == "section" and "id" in a), "top")  # fmt: skip
        if text:
            self.sentences.setdefault(section, []).append(text)

    def ids(self):
        """Every id, repeats included."""
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]
