"""The tools: each is made over a desk, and its docstring is what an assistant reads of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from mcp.server.mcpserver.exceptions import ToolError

from kg.errors import KGError, QueryError
from kg.find.facets import FACETS
from kg.find.hits import hits
from kg.find.selection import BOTH, NEAR, SINCE, WITHIN, WORDS
from kg.find.sparql import sparql
from kg.find.wanted import read_wanted
from kg.mcp.desk import Desk
from kg.mcp.queries import answered
from kg.mcp.schema import Schema, schema_query
from kg.query.questions import Question, question, question_names
from kg.query.texts import page_query

Answer = dict[str, Any]
Tool = Callable[..., Coroutine[Any, Any, Answer]]

MOST_TRIALS = 100
_MOST_SITES = 40
# Long texts of a trial, which are shown when asked for.
_LONG = ("eligibility", "detailed_description", "criteria", "outcomes", "mentions")

_FACETS = "; ".join(f"{name} ({facet.title})" for name, facet in FACETS.items())
_BESIDE = (
    f"{BOTH} (an antigen targeted as well), {NEAR} (latitude,longitude) with {WITHIN}, "
    f"{SINCE} (updated on this day or later)"
)


def find_trials(desk: Desk) -> Tool:
    """Return the tool that searches by facets."""

    async def find_trials(
        facets: dict[str, str | list[str]] | None = None, words: str = "", limit: int = 20
    ) -> Answer:
        with _told():
            catalogue = await desk.catalogue()
            wanted = read_wanted(catalogue, _pairs(facets or {}, words))
            found = catalogue.newest(catalogue.find(wanted))
            shown = list(hits(catalogue, found[: max(1, min(limit, MOST_TRIALS))]))
            return {
                "total": len(found),
                "shown": len(shown),
                "snapshot": desk.snapshot.name,
                "sparql": sparql(wanted),
                "trials": msgspec.to_builtins(shown),
            }

    find_trials.__doc__ = (
        f"Find trials, the latest updated first. `facets` maps names to a value or to alternatives:"
        f" {_FACETS}. Beside them: {_BESIDE}. Values are keys, labels or synonyms ('DLL3', "
        f"'NK cell', 'China'). Facets about constructs hold of one construct; country, city and "
        f"open of one site, so that open=true with country=CN means recruiting there. `words` "
        f"stand each somewhere in the titles, keywords, conditions or interventions. `limit` is at "
        f"most {MOST_TRIALS}; `total` says how many there are. `sparql` says the same as a query."
    )
    return find_trials


def show_trial(desk: Desk) -> Tool:
    """Return the tool that shows one trial."""

    async def show_trial(
        registry_id: str, registry: str = "clinicaltrials", full: bool = False
    ) -> Answer:
        """Show one trial: constructs, targets, arms, sites, flags, and why each of these is said.

        Every derived fact comes with the quotes that it rests on (field of the record, exact words,
        position). `full` adds eligibility, criteria, outcomes, long texts and all sites. Tell your
        user of `flags` and `abridged`.
        """
        with _told():
            found = await desk.trial(registry, registry_id)
            if found is None:
                raise ToolError(
                    f"no trial {registry}/{registry_id} is published; ids look like NCT07480213, "
                    f"and find_trials with words finds them"
                )
            told: Answer = msgspec.to_builtins(found)
            return told if full else _shortened(told)

    return show_trial


def describe_schema(desk: Desk) -> Tool:
    """Return the tool that tells what the graph holds."""

    async def describe_schema(term: str = "") -> Answer:
        """Describe the classes and properties of the graph.

        Without a term: the prefixes, and the classes in use with their counts. With a class
        ("tkg:Construct"): its properties in use, what they lead to and how often. With a property
        or an individual: what it means and where it is used.
        """
        with _told():
            used, defined = (
                await desk.rows(schema_query()),
                await desk.rows(page_query("definitions")),
            )
            schema = Schema(used, defined)
            return schema.term(term) if term else schema.overview()

    return describe_schema


def examples(desk: Desk) -> Tool:  # noqa: ARG001 - the questions come with the package
    """Return the tool that shows example questions."""

    async def examples(name: str = "", words: str = "") -> Answer:
        """Show example questions with their SPARQL.

        With a name: that question and its query. With words: the questions that have all of them.
        Else: all questions, by name.
        """
        if name:
            if name not in question_names():
                raise ToolError(f"no example {name!r}; call examples without a name for all")
            asked = question(name)
            return {"name": name, "question": asked.comment, "sparql": asked.query}
        wanted = words.casefold().split()
        found = [one for one in map(question, question_names()) if _has(one, wanted)]
        return {
            "questions": [
                {"name": one.name, "question": one.comment, "keywords": list(one.keywords)}
                for one in found
            ]
        }

    return examples


def run_query(desk: Desk) -> Tool:
    """Return the tool that runs SPARQL."""

    async def run_query(sparql: str, limit: int = 50) -> Answer:
        """Run one read-only SPARQL query.

        Prefixes of the graph (tkg:, antigen:, country:, …) need no declaration; the default graph
        is the union of all. At most `limit` rows are shown (500), and `total` says how many there
        are. SERVICE and updates are refused; time, memory and size are bounded. `notes` names terms
        that the ontology does not have.
        """
        with _told():
            return await answered(desk, sparql, limit)

    return run_query


TOOLS: Final = (find_trials, show_trial, describe_schema, examples, run_query)


@contextmanager
def _told() -> Iterator[None]:
    """Turn errors of ours into answers that say what is wrong and what to do."""
    try:
        yield
    except KGError as error:
        hint = error.hint if isinstance(error, QueryError) else None
        raise ToolError(f"{error}; {hint}" if hint else str(error)) from error


def _pairs(facets: dict[str, str | list[str]], words: str) -> Iterator[tuple[str, str]]:
    if words:
        yield WORDS, words
    for name, values in facets.items():
        yield from ((name, value) for value in ([values] if isinstance(values, str) else values))


def _has(asked: Question, words: list[str]) -> bool:
    text = " ".join((asked.name, asked.comment, *asked.keywords)).casefold()
    return all(word in text for word in words)


def _shortened(told: Answer) -> Answer:
    """Return a trial without long texts, and what was left out."""
    left = {name: "ask with full=true" for name in _LONG if told.pop(name, None)}
    sites = told["sites"]
    if len(sites) > _MOST_SITES:
        # What is open comes first: it is asked for most.
        ordered = sorted(sites, key=lambda site: not site["open_for_enrolment"])
        told["sites"] = ordered[:_MOST_SITES]
        left["sites"] = f"{len(sites) - _MOST_SITES} of {len(sites)}"
    return {**told, "left_out": left}
