"""`trialkg extract`: the findings of one record or of plain text, without a graph."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from kg.cli.options import Json, Lexicon, out, plain
from kg.cli.records import read_trials
from kg.errors import RecordError, UsageError
from kg.extract import extract
from kg.extract.findings import Claim, Construct, Extraction
from kg.extract.lexicon import load_lexicon
from kg.forms import recognised
from kg.records import Text, Trial
from kg.resources import LEXICON
from kg.sources import HEAD, SUFFIXES
from loaders import LOADERS

Source = Annotated[Path, typer.Argument(metavar="FILE|-", help="A record, records or plain text.")]
Registry = Annotated[
    str | None,
    typer.Option(help="The form of the records (`trialkg registries`); else by content."),
]

_RECORD_SUFFIXES = frozenset(SUFFIXES) - {".txt"}
_RECORDS_BEGIN = (b"{", b"[", b"<")
_LONGEST_QUOTE = 70
_WIDTH = 160


class _Found(msgspec.Struct, frozen=True):
    """What is printed of one trial."""

    registry_id: str
    findings: Extraction


def extract_command(
    source: Source,
    *,
    lexicon: Lexicon = None,
    registry: Registry = None,
    json: Json = False,
) -> None:
    """Print what extraction finds: of registry records, or of plain text as one summary."""
    tables = load_lexicon([LEXICON, *(lexicon or [])])
    for trial in _trials(source, registry):
        found = extract(trial, tables)
        if json:
            encoded = msgspec.json.encode(_Found(trial.registry_id, found))
            sys.stdout.write(msgspec.json.format(encoded).decode() + "\n")
        else:
            _print(trial, found)


def _trials(source: Path, registry: str | None) -> Iterator[Trial]:
    if str(source) == "-":
        yield from _of_input(registry)
    elif registry is not None or source.suffix in _RECORD_SUFFIXES:
        yield from read_trials([source], registry)
    elif source.is_file():
        yield _of_text(source.read_text(encoding="utf-8", errors="replace"))
    else:
        raise UsageError(f"{source} is no file")


def _of_input(registry: str | None) -> Iterator[Trial]:
    given = sys.stdin.buffer.read()
    if registry is None and not given.lstrip().startswith(_RECORDS_BEGIN):
        yield _of_text(given.decode("utf-8", errors="replace"))
        return
    if registry is not None and registry not in LOADERS:
        raise UsageError(f"no loader for {registry!r}; there are: {', '.join(LOADERS)}")
    loader = LOADERS[registry] if registry else recognised(LOADERS, given[:HEAD], "standard input")
    for raw in loader.read(BytesIO(given), "standard input"):
        if isinstance(raw, RecordError):
            raise raw
        yield loader.parse(loader.version(raw).content)


def _of_text(words: str) -> Trial:
    """Return plain text as a trial: its first line as title, the rest as summary."""
    if not words.strip():
        raise RecordError("text", "", "there is no text", remedy="give a record or some words")
    title, _, rest = words.strip().partition("\n")
    return Trial(
        registry="text",
        registry_id="text",
        brief_title=Text(field="/title", raw=title, plain=title),
        brief_summary=Text(field="/summary", raw=rest, plain=rest) if rest.strip() else None,
    )


def _print(trial: Trial, found: Extraction) -> None:
    console = out() if sys.stdout.isatty() else plain(_WIDTH)
    console.print(f"{trial.registry_id}  {trial.brief_title.plain}")
    for construct in found.constructs:
        console.print(_construct(construct))
    mentions = Table("antigen", "role", "words", title="antigens named")
    for mention in found.mentions:
        quote = mention.evidence[0]
        mentions.add_row(mention.antigen, mention.role, f"{quote.exact} ({quote.field})")
    if found.mentions:
        console.print(mentions)


def _construct(construct: Construct) -> Table:
    table = Table("what", "value", "basis", "rule", "words", title=construct.label)
    for what, claims in _claims(construct):
        for claim in claims:
            words = claim.evidence[0].exact[:_LONGEST_QUOTE] if claim.evidence else ""
            table.add_row(what, claim.value, claim.basis, claim.rule, words)
    for part in construct.components:
        words = part.kind.evidence[0].exact[:_LONGEST_QUOTE] if part.kind.evidence else ""
        table.add_row(f"component: {part.kind.value}", part.label, "Stated", part.kind.rule, words)
    return table


def _claims(construct: Construct) -> Iterator[tuple[str, Sequence[Claim]]]:
    yield "modality", (construct.modality,)
    yield "targets", construct.targets
    yield "recruits", construct.recruits
    yield "spares", construct.spares
    yield "logic", (construct.target_logic,)
    yield "disclosure", (construct.target_disclosure,)
    yield "effector cell", (construct.effector_cell,)
    yield "cell source", (construct.cell_source,)
    yield "donor", (construct.donor,)
    for name, claim in (
        ("usual donor", construct.usual_donor),
        ("architecture", construct.architecture),
        ("combined", construct.combined_as),
        ("product", construct.product),
    ):
        if claim is not None:
            yield name, (claim,)
