"""Classes of words: what a sentence talks about, by lists that a person can read and mend.

A list is a text file named after its class: a word a line, several words a line, `#` comments;
`~局` stands for every word that ends in 局. The lists are ours, and travel inside a model bundle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import LexiconError

_FOLDER = "lexicon"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`words` and `endings` give the classes of a word, or of its ending, in alphabetical order."""

    words: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, tuple[str, ...]]

    def classes(self, word: str) -> tuple[str, ...]:
        """The classes of a word, its own first and those of its longest listed ending otherwise."""
        found = self.words.get(word)
        if found is not None:
            return found
        for cut in range(1, len(word)):
            if word[cut:] in self.endings:
                return self.endings[word[cut:]]
        return ()


def parse(lists: Mapping[str, str]) -> Lexicon:
    """Read the lists, `{class: text of the file}`; raises `LexiconError` for a line that cannot be one."""
    words: dict[str, list[str]] = {}
    endings: dict[str, list[str]] = {}
    for name in sorted(lists):
        for word in _entries(name, lists[name]):
            table, key = (endings, word[1:]) if word.startswith("~") else (words, word)
            table.setdefault(key, []).append(name)
    return Lexicon(_frozen(words), _frozen(endings))


def read(folder: Path) -> dict[str, str]:
    """The lists in a folder as `{class: text}`; raises `LexiconError` if there are none."""
    try:
        lists = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{folder}：读不到词表（{error}）") from error
    if not lists:
        raise LexiconError(f"{folder}：没有词表（*.txt）")
    return lists


def pack(lists: Mapping[str, str]) -> dict[str, bytes]:
    """The lists as the files of a bundle."""
    return {f"{_FOLDER}/{name}.txt": text.encode() for name, text in lists.items()}


def unpack(files: Mapping[str, bytes]) -> dict[str, str]:
    """The lists among the files of a bundle."""
    names = [name for name in files if name.startswith(f"{_FOLDER}/")]
    return {Path(name).stem: files[name].decode() for name in names}


def _entries(name: str, text: str) -> list[str]:
    entries: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for word in line.partition("#")[0].split():
            if word.strip("~") == "" or "~" in word[1:]:
                raise LexiconError(f"{name}.txt:{number}: “{word}”不是词，也不是“~词尾”")
            entries.append(word)
    return list(dict.fromkeys(entries))


def _frozen(table: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(names)) for key, names in table.items()}
