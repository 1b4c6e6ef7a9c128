"""How many packages that do not exist are caught, how often a real one is called so, and what it costs.

Us beside the two ways of others, on the same labelled answers and the same list of names; then documentation that
people wrote, for speed and for how much a stream must wait. The list is what ``muster packages sync`` or ``import``
left, or files of all names: ``--pypi FILE --npm FILE``. Where there is no complete list, the starter list is closed
over the names that are labelled real, by hand or by what is installed: each of them is on the index, none that is
labelled fake is, so that on these answers it says what a complete list would. The store is then measured with as many
generated names as the index has.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from benchmarks.packages import data, peers, scoring
from benchmarks.report import close, table

from muster.adapters.names.build import Origin, write_snapshot
from muster.adapters.names.snapshot import Snapshot
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import Lists
from muster.columns.packages.text import opened
from muster.records.language.packages import Ecosystem
from muster.settings import Settings, read_settings
from muster.wiring.packages.lists import bring, open_lists

TOKEN = 4
"""Characters of a token of code, about."""
LOOKUPS = 200_000
INDEX = 900_000
"""Names of Python's index, about, in November 2026."""


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench packages")
    parser.add_argument("--pypi", type=Path, help="all names of Python's index: one a line, or a table")
    parser.add_argument("--npm", type=Path, help="names of npm")
    parser.add_argument("--show", action="store_true", help="print every case that counts against us")
    given = parser.parse_args(arguments)
    now = datetime.now(UTC)  # noqa: TID251 - a list is stale by the real clock
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        settings = read_settings()
        if given.pypi or given.npm:
            settings = Settings(packages=Path(name))
            for ecosystem, path in ((Ecosystem.PYPI, given.pypi), (Ecosystem.NPM, given.npm)):
                if path:
                    bring(settings, path, ecosystem, lambda _: None, complete=True, taken_at=now)
        lists = open_lists(settings)
        if not lists.names[Ecosystem.PYPI].complete:
            print("no complete list is at hand: the starter list, closed over the names that are labelled real")
            lists = closed(lists, Path(name), now)
        for names in lists.names.values():
            print(f"{names.ecosystem.value}: {'complete' if names.complete else 'PARTIAL'}, {names.digest[:19]}")
        figures = found(lists, now, show=given.show) | costs(lists, now) | store(lists, Path(name))
    close("packages", figures)


def closed(lists: Lists, folder: Path, now: datetime) -> Lists:
    """Return the lists with all names that are labelled real, as complete ones."""
    labels = [label for snippet in (*data.labelled(), *data.installed()) for label in snippet.labels]
    real = {each for label in labels if label.kind == "real" for each in label.distribution.lower().split("|")}
    settings = Settings(packages=folder)
    for ecosystem in (Ecosystem.PYPI, Ecosystem.NPM):
        starter = lists.names[ecosystem]
        path = folder / f"{ecosystem.value}.txt"
        known = starter if isinstance(starter, Snapshot) else ()
        labelled = {name for name in real if name and (ecosystem is Ecosystem.NPM or name[0] != "@")}
        path.write_text("\n".join(sorted({*known, *labelled})) + "\n", encoding="utf-8")
        bring(settings, path, ecosystem, lambda _: None, complete=True, taken_at=now)
    return open_lists(settings)


def found(lists: Lists, now: datetime, *, show: bool) -> dict[str, float]:
    """Score us and the peers."""
    written, installed = list(data.labelled()), list(data.installed())
    imports = [snippet for snippet in written if snippet.style == "py" and "install" not in snippet.text]
    only = scoring.ours(imports, lists, now)
    mine, others = scoring.ours(written, lists, now), scoring.ours(installed, lists, now)
    rows: list[list[object]] = [
        ["us", mine.recall, mine.alarm_rate, mine.cautions, mine.mapped / max(mine.reals, 1)],
        ["us, imports of Python alone", only.recall, only.alarm_rate, only.cautions, only.mapped / max(only.reals, 1)],
        ["us, installed modules", "-", others.alarm_rate, others.cautions, others.mapped / max(others.reals, 1)],
    ]
    scores = {}
    for who, peer in (("patterns, raw names", peers.patterns), ("ast, equal names", peers.equality)):
        theirs, alone, also = (scoring.theirs(peer, given, lists) for given in (written, imports, installed))
        scores[who] = theirs.recall, (theirs.alarms + also.alarms) / (theirs.reals + also.reals)
        rows.append([who, theirs.recall, theirs.alarm_rate, "-", "-"])
        rows.append([f"{who}, imports of Python alone", alone.recall, alone.alarm_rate, "-", "-"])
        rows.append([f"{who}, installed modules", "-", also.alarm_rate, "-", "-"])
    title = f"\n{len(written)} answers by hand ({mine.fakes} fake, {mine.reals} real), {others.reals} installed modules"
    print(
        table(
            title,
            ["who", "recall", "false alarms", "cautions", "right distribution"],
            rows,
        )
    )
    if show:
        print("\n".join((*mine.wrong, *others.wrong)))
    rate = (mine.alarms + others.alarms) / (mine.reals + others.reals)
    (raw_recall, raw_rate), (ast_recall, ast_rate) = scores.values()
    return {
        "recall": mine.recall,
        "false_alarm_rate": rate,
        "right_distribution": (mine.mapped + others.mapped) / (mine.reals + others.reals),
        "patterns_recall": raw_recall,
        "patterns_false_alarm_rate": raw_rate,
        "ast_recall": ast_recall,
        "ast_false_alarm_rate": ast_rate,
        "recall_over_ast": mine.recall / ast_recall,
        "missed_of_ast": (1 - mine.recall) / (1 - ast_recall),
    }


def costs(lists: Lists, now: datetime) -> dict[str, float]:
    """Measure time and waiting on documentation, fed token by token."""
    documents = list(data.documents())
    size = sum(map(len, documents))
    begun = time.process_time()
    held = flagged = references = 0
    for text in documents:
        stream = opened(lists, scoring.SILENT, now)
        stream.feed(text)
        stream.close()
        held += stream.held
        references += len(stream.judgements)
        flagged += sum(judgement.verdict in scoring.MISSING for judgement in stream.judgements)
    seconds = time.process_time() - begun
    tokens, delayed, streamed = _streamed(documents, lists, now)
    print(f"{len(documents)} documents, {size:,} characters, {references} references, {flagged} of them not found")
    print(
        f"whole {seconds * 1e6 / size:.2f} ms per 1,000 characters; in tokens {streamed * 1e6 / tokens / TOKEN:.2f}\n"
    )
    return {
        "ms_per_1000_chars": seconds * 1e6 / size,
        "ms_per_1000_chars_streamed": streamed * 1e6 / tokens / TOKEN,
        "us_per_token": streamed * 1e6 / tokens,
        "held_fraction": held / size,
        "delayed_fraction": delayed / size,
        "documents_not_found_rate": flagged / max(references, 1),
    }


def _streamed(documents: Sequence[str], lists: Lists, now: datetime) -> tuple[int, int, float]:
    """Return tokens, characters that were not released with their token, and CPU seconds."""
    tokens = delayed = 0
    begun = time.process_time()
    for text in documents[::4]:
        stream = opened(lists, scoring.SILENT, now)
        waiting = 0
        for at in range(0, len(text), TOKEN):
            piece = text[at : at + TOKEN]
            waiting += len(piece) - len(stream.feed(piece))
            delayed += min(waiting, len(piece))
            tokens += 1
        stream.close()
    return tokens, delayed * 4, time.process_time() - begun


def store(lists: Lists, folder: Path) -> dict[str, float]:
    """Measure the store of Python's names, where it is one of files here."""
    names = lists.names[Ecosystem.PYPI]
    if not isinstance(names, Snapshot):
        return {}
    keys = [key for _, key in zip(range(LOOKUPS // 2), names, strict=False)]
    asked = [*keys, *(key + "-zq" for key in keys)]
    begun = time.perf_counter()
    hits = sum(key in names for key in asked)
    figures = {"lookups_per_s": len(asked) / (time.perf_counter() - begun)}
    if hits < len(keys):
        sys.exit("the store lost names")
    place = folder / "store"
    place.mkdir()
    large = len(names) >= INDEX // 2
    origin = Origin(Ecosystem.PYPI, complete=True, taken_at=names.taken_at, source="file")
    write_snapshot(place, origin, map(Listed, names if large else generated(list(names))))
    begun = time.perf_counter()
    opened_again = Snapshot.open(place)
    figures["open_ms"] = (time.perf_counter() - begun) * 1e3
    figures["store_mib"] = sum(path.stat().st_size for path in place.iterdir()) / 2**20
    figures["store_names"] = float(len(opened_again))
    print(f"store of {len(opened_again):,} {'' if large else 'generated '}names: {figures['store_mib']:.2f} MiB\n")
    return figures


def generated(names: Sequence[str]) -> Iterator[str]:
    """Yield as many names as the index has, of the words that its most used names are made of."""
    words = sorted({word for name in names for word in name.split("-") if len(word) > 1})
    draw = np.random.default_rng(20261123)
    for first, second, count in zip(
        draw.choice(words, INDEX), draw.choice(words, INDEX), draw.integers(0, 100, INDEX), strict=True
    ):
        yield f"{first}-{second}{count if count < 20 else ''}"


if __name__ == "__main__":
    main(sys.argv[1:])
