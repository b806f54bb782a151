"""The seed form: a page of a blog, saved as text. docs/seed-form.md describes it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from articles.content.folding import fold_headline
from articles.content.plain_text import NotText, clean_text, decode_text
from articles.content.text import RelatedMarker
from articles.importers import sidecar
from articles.importers.base import (
    MAX_HEADLINE,
    MAX_NAME,
    Block,
    ImportedArticle,
    ImportedLink,
    ImportedName,
    Input,
    Refused,
    content_hash,
    printable,
)
from articles.importers.head_lines import Head, split_dateline
from articles.importers.marks import (
    Followed,
    is_popular_heading,
    parse_followed,
    parse_reference,
    parse_related,
    strip_bullet,
)
from articles.importers.paragraphs import Line, is_prose, join_lines, split_blocks

# No mark is longer; long lines are prose and need not be looked at.
_LONGEST_MARK: Final = 400


class SeedImporter:
    name = "seed"
    suffixes: tuple[str, ...] = (".txt",)

    def accepts(self, source: Input) -> bool:
        return True

    def read(self, source: Input) -> Iterator[ImportedArticle]:
        if not source.data.strip():
            raise Refused("The file is empty; expected a headline and paragraphs.")
        try:
            text = clean_text(decode_text(source.data))
        except NotText as error:
            raise Refused(str(error)) from error
        parsed = parse_seed(text)
        beside = sidecar.read_sidecar(source)
        yield ImportedArticle(
            path=source.path,
            name=printable(source.name),
            folder=source.folder,
            headline=parsed.headline,
            blocks=tuple(parsed.blocks),
            links=tuple(parsed.links),
            bylines=parsed.people,
            dateline=parsed.dateline,
            sources=parsed.sources,
            popular=tuple(parsed.popular.values()),
            content_hash=content_hash(parsed.canonical, *beside.fingerprint),
            published_at=parsed.head.published_at or beside.published_at,
            updated_at=beside.updated_at or parsed.head.updated_at,
            file_time=source.modified_at,
            dek=beside.dek,
            section=beside.section,
            tags=beside.tags,
            story_type=beside.story_type,
            language=beside.language,
            canonical_url=beside.canonical_url,
            picture=beside.picture,
            corrections=beside.corrections,
            notes=parsed.notes,
        )


@dataclass
class ParsedSeed:
    """What the text itself says."""

    headline: str
    # The text without what does not count: space around lines, the number of empty lines.
    canonical: str
    blocks: list[Block] = field(default_factory=list)
    links: list[ImportedLink] = field(default_factory=list)
    head: Head = field(default_factory=Head)
    dateline: str = ""
    followed: list[Followed] = field(default_factory=list)
    popular: dict[str, str] = field(default_factory=dict)  # by folded headline, so that none stands twice

    @property
    def people(self) -> tuple[ImportedName, ...]:
        """Bylines, with the accounts of those whom the text asks to follow."""
        return tuple(ImportedName(name, self._accounts_of(name.casefold())) for name in self.head.bylines)

    @property
    def sources(self) -> tuple[ImportedName, ...]:
        """Those whom the text asks to follow, but for its own authors."""
        writers = {name.casefold() for name in self.head.bylines}
        names = {one.name.casefold(): one.name for one in self.followed if one.name}
        if self.followed and not names:  # “Follow us on Twitter: @desk”: the handle is all that is known
            names[""] = self.followed[0].handle.lstrip("@")[:MAX_NAME]
        return tuple(ImportedName(name, self._accounts_of(key)) for key, name in names.items() if key not in writers)

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(one.complaint for one in self.followed if one.complaint)

    def _accounts_of(self, key: str) -> tuple[str, ...]:
        """Accounts of the person or source with this folded name; “us” is the only one named, if there is one."""
        named = {one.name.casefold() for one in self.followed if one.name}
        ours = key in named and len(named) == 1
        accounts = [
            str(one.account)
            for one in self.followed
            if one.account and (one.name.casefold() == key or (ours and not one.name))
        ]
        return tuple(dict.fromkeys(accounts))


def parse_seed(text: str) -> ParsedSeed:
    """Read a cleaned text. Pure; raises Refused with the line on which something else was expected."""
    blocks = list(split_blocks(text))
    if not blocks:
        raise Refused("The file is empty; expected a headline and paragraphs.")
    first = blocks[0].pop(0)
    _check_headline(first)
    canonical = "\n\n".join("\n".join(line.text for line in block) for block in blocks)
    reader = _Reader(ParsedSeed(first.text, f"{first.text}\n\n{canonical}"))
    for block in blocks:
        reader.take_block(block)
    seed = reader.seed
    if not seed.blocks:
        raise Refused("Nothing but a headline; expected paragraphs under it.", line=first.number)
    _take_dateline(seed)
    return seed


def _check_headline(line: Line) -> None:
    if len(line.text) > MAX_HEADLINE:
        raise Refused(
            f"The first line has {len(line.text):,} characters; expected a headline of at most {MAX_HEADLINE}.",
            line=line.number,
        )
    if is_popular_heading(line.text) or parse_related(line.text) or parse_followed(line.text):
        raise Refused(f"Expected a headline, found “{line.text}”.", line=line.number)


def _take_dateline(seed: ParsedSeed) -> None:
    for place, block in enumerate(seed.blocks):
        if isinstance(block, str):
            seed.dateline, seed.blocks[place] = split_dateline(block)
            return


class _Reader:
    """Goes through the blocks under the headline, one after another."""

    def __init__(self, seed: ParsedSeed) -> None:
        self.seed = seed
        self.is_in_head = True
        self.popular: _PopularList | None = None
        self.awaits_reference = False
        self.run: list[str] = []

    def take_block(self, block: list[Line]) -> None:
        lines = deque(line.text for line in block)
        if self.awaits_reference:
            self.awaits_reference = False
            # After an empty line: one headline, or a list with bullets.
            if len(lines) == 1 or all(strip_bullet(line)[0] for line in lines):
                self._take_references(lines)
        if self.popular and lines and not self.popular.goes_on_in(list(lines)):
            self.popular = None
        while lines:
            if self.awaits_reference:
                self.awaits_reference = False
                self._take_references(lines)
            else:
                self._take_line(lines.popleft())
        self._end_run()

    def _take_line(self, line: str) -> None:
        if self.is_in_head and not self.run and self.seed.head.take(line):
            self.popular = None
        elif len(line) > _LONGEST_MARK or not self._take_mark(line):
            self._take_words(line)

    def _take_mark(self, line: str) -> bool:
        if is_popular_heading(line):
            self._end_run()
            self.popular = _PopularList()
            return True
        if followed := parse_followed(line):
            self._end_run()
            self.seed.followed.append(followed)
            self.popular = None
            return True
        link = parse_related(line)
        # Popular stories too are called “Watch: …”.
        if link is None or (self.popular and not line.lower().startswith("related")):
            return False
        self._end_run()
        self.popular = None
        self.awaits_reference = not link.headline
        if link.headline:
            self._add_link(link)
        return True

    def _take_words(self, line: str) -> None:
        entry = self.popular.read_entry(line) if self.popular else ""
        if entry:
            self.seed.popular.setdefault(fold_headline(entry), entry)
        else:
            self.popular = None
            self.run.append(line)

    def _take_references(self, lines: deque[str]) -> None:
        """After a bare “Related:”: take all lines up to a mark where all are headlines, else the first if it is one."""
        headlines = list(takewhile(lambda line: not is_prose([line]) and not self._is_mark(line), lines))
        if len(headlines) < len(lines) and not self._is_mark(lines[len(headlines)]):
            del headlines[1:]
        for _ in headlines:
            self._add_link(parse_reference(strip_bullet(lines.popleft())[1]))

    def _is_mark(self, line: str) -> bool:
        return is_popular_heading(line) or parse_followed(line) is not None or parse_related(line) is not None

    def _add_link(self, link: ImportedLink) -> None:
        self.is_in_head = False
        self.seed.links.append(link)
        self.seed.blocks.append(RelatedMarker(len(self.seed.links)))

    def _end_run(self) -> None:
        if self.run:
            self.is_in_head = False
            self.seed.blocks.extend(join_lines(self.run))
            self.run = []


class _PopularList:
    """How far a list of popular posts goes, by the look of the entries so far."""

    def __init__(self) -> None:
        self.has_bullets: bool | None = None
        self.entries = 0
        self.entries_before_block = 0

    def goes_on_in(self, lines: list[str]) -> bool:
        """Whether a block below may belong to it. Entries that stood line by line end with an empty line."""
        if self.has_bullets:
            return strip_bullet(lines[0])[0]
        if self.entries > 1 and not self.entries_before_block:
            return False
        self.entries_before_block = self.entries
        return not is_prose(lines)

    def read_entry(self, line: str) -> str:
        """The headline in a line; "" where the list is over."""
        has_bullet, text = strip_bullet(line)
        if self.has_bullets is None:
            self.has_bullets = has_bullet
        if len(text) > MAX_HEADLINE or (not has_bullet and (self.has_bullets or is_prose([text]))):
            return ""
        self.entries += 1
        return text
