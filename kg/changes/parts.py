"""Changes of what a trial lists: sites, arms, interventions and outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from pyoxigraph import Literal, NamedNode

from kg.changes.side import Change, Side
from kg.changes.values import set_changes, text_change
from kg.changes.wording import folded
from kg.extract.findings import Place
from kg.iris import country_iri
from kg.quads import literals
from kg.quads.names import Part
from kg.quads.triples import Term, coded
from kg.records import Arm, Outcome, Site, Text
from kg.vocab import DCTERMS, TKG

About = tuple[tuple[NamedNode, Term], ...]
Key = tuple[str, ...]
A = TypeVar("A")


class _Site(NamedTuple):
    node: NamedNode
    site: Site
    status: str | None
    country: str | None


def part_changes(earlier: Side, later: Side) -> Iterator[Change]:
    """Yield the changes of the lists that both versions give."""
    yield from _sites(earlier, later)
    yield from _arms(earlier, later)
    yield from _interventions(earlier, later)
    yield from _outcomes(earlier, later)


def come_and_gone(
    kinds: tuple[str, str],
    before: Iterable[tuple[NamedNode, str, About]],
    after: Iterable[tuple[NamedNode, str, About]],
) -> Iterator[Change]:
    """Yield one change for each part that came and each that left, in the record's words."""
    added, removed = kinds
    for node, words, about in before:
        listed = literals.text(words)
        yield Change(change_type=removed, subject=node, before=listed, about=about)
    for node, words, about in after:
        yield Change(change_type=added, subject=node, after=literals.text(words), about=about)


def _sites(earlier: Side, later: Side) -> Iterator[Change]:
    if not earlier.trial.sites or not later.trial.sites:
        return
    before, after = _grouped(earlier), _grouped(later)
    for key in sorted(before.keys() | after.keys()):
        pairs, gone, new = _matched(before.get(key, []), after.get(key, []))
        yield from come_and_gone(
            ("SiteAdded", "SiteRemoved"), map(_told_site, gone), map(_told_site, new)
        )
        for old, now in pairs:
            if old.status and now.status and old.status != now.status:
                yield _site_status(old.status, now)


def _site_status(before: str, now: _Site) -> Change:
    node, words, about = _told_site(now)
    return Change(
        change_type="SiteStatusChanged",
        subject=node,
        property=TKG.siteStatus,
        before=coded(before),
        after=coded(now.status),
        about=(*_listed(words), *about),
    )


def _grouped(side: Side) -> dict[Key, list[_Site]]:
    """Return the sites by what they are called and where they are."""
    places = {place.position: place for place in side.extraction.places}
    grouped: dict[Key, list[_Site]] = defaultdict(list)
    for position, (part, site) in enumerate(zip(side.names.sites, side.trial.sites, strict=True)):
        place = places.get(position)
        country = place.country if place else None
        grouped[_place_key(site, place)].append(_Site(part.node, site, site.status, country))
    return grouped


def _matched(
    before: list[_Site], after: list[_Site]
) -> tuple[list[tuple[_Site, _Site]], list[_Site], list[_Site]]:
    """Return which sites of one place are the same, which left and which came.

    Several of one place cannot be told apart: those of equal status are taken for the same.
    """
    gone = sorted(before, key=_by_status)
    new: list[_Site] = []
    for one in sorted(after, key=_by_status):
        same = next((old for old in gone if old.status == one.status), None)
        if same is None:
            new.append(one)
        else:
            gone.remove(same)
    both = min(len(gone), len(new))
    return list(zip(gone, new, strict=False)), gone[both:], new[both:]


def _by_status(site: _Site) -> tuple[str, str]:
    return (site.status or "", site.node.value)


def _place_key(site: Site, place: Place | None) -> Key:
    """Return country, city and facility: as known where they are, else as listed."""
    country = (place.country if place else None) or folded(site.country).casefold()
    city = (place.city if place else None) or folded(site.city or "").casefold()
    facility = (place.facility if place else None) or folded(site.facility or "").casefold()
    return (country, city, facility)


def _told_site(one: _Site) -> tuple[NamedNode, str, About]:
    words = ", ".join(filter(None, (one.site.facility, one.site.city, one.site.country)))
    about: About = ((TKG.concerns, country_iri(one.country)),) if one.country else ()
    return one.node, words, about


def _arms(earlier: Side, later: Side) -> Iterator[Change]:
    if not earlier.trial.arms or not later.trial.arms:
        return
    before = _keyed(earlier.names.arms, earlier.trial.arms)
    after = _keyed(later.names.arms, later.trial.arms)
    yield from come_and_gone(
        ("ArmAdded", "ArmRemoved"),
        [(node, arm.label.plain, ()) for key, (node, arm) in before.items() if key not in after],
        [(node, arm.label.plain, ()) for key, (node, arm) in after.items() if key not in before],
    )
    for key in before.keys() & after.keys():
        (_, old), (node, new) = before[key], after[key]
        given = [_given(old, earlier), _given(new, later)]
        about = _listed(new.label.plain)
        types = [[coded(arm.arm_type)] if arm.arm_type else [] for arm in (old, new)]
        yield from set_changes(
            "ArmChanged", TKG.armType, [list(filter(None, one)) for one in types], node, about
        )
        pair = (old.description, new.description)
        yield from text_change("ArmChanged", TKG.armDescription, pair, node, about=about)
        yield from set_changes("ArmChanged", TKG.intervention, given, node, about)


def _given(arm: Arm, side: Side) -> list[Term]:
    names = (side.trial.interventions[position].name.plain for position in arm.interventions)
    return [literal for name in names if (literal := literals.text(folded(name)))]


def _interventions(earlier: Side, later: Side) -> Iterator[Change]:
    if not earlier.trial.interventions or not later.trial.interventions:
        return
    before = _keyed(earlier.names.interventions, earlier.trial.interventions)
    after = _keyed(later.names.interventions, later.trial.interventions)
    yield from come_and_gone(
        ("InterventionAdded", "InterventionRemoved"),
        [(node, one.name.plain, ()) for key, (node, one) in before.items() if key not in after],
        [(node, one.name.plain, ()) for key, (node, one) in after.items() if key not in before],
    )


def _outcomes(earlier: Side, later: Side) -> Iterator[Change]:
    for kind in sorted({one.outcome_type for one in later.trial.outcomes}):
        before, after = (_of_kind(side, kind) for side in (earlier, later))
        if before:
            yield from _outcomes_of(kind, before, after)


def _outcomes_of(
    kind: str,
    before: dict[str, tuple[NamedNode, Outcome]],
    after: dict[str, tuple[NamedNode, Outcome]],
) -> Iterator[Change]:
    about: About = ((TKG.outcomeType, Literal(kind)),)
    gone = [before[key] for key in sorted(before.keys() - after.keys())]
    new = [after[key] for key in sorted(after.keys() - before.keys())]
    if len(gone) == len(new) == 1:
        # One for another is one outcome in other words, or in its place.
        pair = (gone[0][1].measure, new[0][1].measure)
        yield from text_change(
            "OutcomeChanged", TKG.measure, pair, new[0][0], whole=True, about=about
        )
    else:
        for node, one in gone:
            yield _measured(node, about, before=one)
        for node, one in new:
            yield _measured(node, about, after=one)
    for key in sorted(before.keys() & after.keys()):
        (_, old), (node, now) = before[key], after[key]
        listed = (*about, *_listed(now.measure.plain))
        frames = (_text(old.time_frame), _text(now.time_frame))
        yield from text_change(
            "OutcomeChanged", TKG.timeFrame, frames, node, whole=True, about=listed
        )
        words = (old.description, now.description)
        yield from text_change("OutcomeChanged", DCTERMS.description, words, node, about=listed)


def _measured(
    node: NamedNode, about: About, before: Outcome | None = None, after: Outcome | None = None
) -> Change:
    return Change(
        change_type="OutcomeChanged",
        subject=node,
        property=TKG.measure,
        before=literals.text(before.measure.plain) if before else None,
        after=literals.text(after.measure.plain) if after else None,
        about=about,
    )


def _of_kind(side: Side, kind: str) -> dict[str, tuple[NamedNode, Outcome]]:
    listed = zip(side.names.outcomes, side.trial.outcomes, strict=True)
    return {part.key: (part.node, one) for part, one in listed if one.outcome_type == kind}


def _text(words: str | None) -> Text | None:
    return Text(field="", raw=words, plain=words) if words else None


def _listed(words: str) -> About:
    named = literals.text(words)
    return ((TKG.asListed, named),) if named else ()


def _keyed(parts: Sequence[Part], listed: Sequence[A]) -> dict[str, tuple[NamedNode, A]]:
    return {part.key: (part.node, one) for part, one in zip(parts, listed, strict=True)}
