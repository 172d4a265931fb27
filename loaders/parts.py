"""Parts of a trial that several registries state in the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.records import Outcome, Site, Sponsor, Text
from loaders.masking import MARK
from loaders.people import bare_name, is_person

_INCLUSION = "Inclusion Criteria:"
_EXCLUSION = "Exclusion Criteria:"
_HEADED = re.compile(
    r"\W*(?:key |main |principal )?(?:in|ex)clusion|\W*(?:入选|纳入|排除)", re.IGNORECASE
)


def criteria(inclusion: str | None, exclusion: str | None, field: str) -> Text | None:
    """Return both texts as one, each under its heading unless it brings one."""
    parts = []
    for heading, stated in ((_INCLUSION, inclusion), (_EXCLUSION, exclusion)):
        if stated and stated.strip():
            words = stated.strip()
            parts.append(words if _HEADED.match(words) else f"{heading}\n{words}")
    joined = "\n\n".join(parts)
    return Text(field=field, raw=joined, plain=joined) if joined else None


def pieces(stated: str | None, field: str, mark: str = r";|\n") -> tuple[Text, ...]:
    """Return the pieces of a value that lists several; the nth has the path `field`/n."""
    listed = (piece.strip() for piece in re.split(mark, stated or ""))
    return tuple(
        Text(field=f"{field}/{position}", raw=piece, plain=piece)
        for position, piece in enumerate(piece for piece in listed if re.search(r"\w", piece))
    )


def outcomes(kind: str, texts: Iterable[Text]) -> tuple[Outcome, ...]:
    """Return what is measured, one a text."""
    return tuple(Outcome(outcome_type=kind, measure=text) for text in texts)


def countries(names: Iterable[Text]) -> tuple[Site, ...]:
    """Return a site without a facility for each country, each once."""
    sites = {name.raw.casefold(): Site(field=name.field, country=name.raw) for name in names}
    return tuple(sites.values())


def without_person(name: str | None, people: Iterable[str | None] = ()) -> str | None:
    """Return the name of a sponsor, marks alone where it is a person's."""
    if name is None or not name.strip():
        return None
    bare = bare_name(name)
    if is_person(name, None, None) or any(bare == bare_name(one) for one in people if one):
        return MARK * len(name.strip())
    return name


def sponsor(name: str | None, sponsor_class: str | None = None) -> Sponsor | None:
    """Return a sponsor; a name that is masked was a person's."""
    if name is None or not name.strip():
        return None
    if not name.replace(MARK, "").strip(" .,"):
        return Sponsor(name="", sponsor_class=sponsor_class, person=True)
    return Sponsor(name=name.strip(), sponsor_class=sponsor_class)


def sponsors(names: Iterable[str | None], lead: str | None = None) -> tuple[Sponsor, ...]:
    """Return sponsors, each once, without the one that leads."""
    made = (sponsor(name) for name in names)
    return tuple(dict.fromkeys(one for one in made if one is not None and one.name != lead))
