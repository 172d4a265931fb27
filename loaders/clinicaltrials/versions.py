"""One state of a record: without people, volatile fields and keys that nobody has looked at."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import msgspec

from kg.errors import RecordError
from kg.records import RawRecord, Version
from loaders.clinicaltrials.paths import LEFT_OUT, Branch, known_keys
from loaders.clinicaltrials.values import day_of
from loaders.json_value import Json
from loaders.limits import DEEPEST_RECORD, LARGEST_RECORD
from loaders.masking import (
    SHORTEST_PHONE,
    mask_addresses,
    mask_names,
    mask_phones,
    may_need_masking,
)
from loaders.people import bare_name, is_person, looks_personal
from loaders.typed import at

REGISTRY: Final = "clinicaltrials"

_ID = re.compile(r"NCT\d{8}", re.ASCII)
_KNOWN: Final[Branch] = known_keys()
_NESTING: Final = frozenset({dict, list})

# Identifiers, addresses of pages and citations hold numbers that look like telephone numbers.
_NO_PHONES: Final = frozenset({"id", "nctId", "pmid", "citation", "link", "url", "zip", "source"})


def version(raw: RawRecord) -> Version:
    """Return the state of a record, or raise RecordError for what is no study.

    Keys that are neither read nor listed as unread are named and left out of the content, because
    nobody knows whether they hold people.
    """
    study = _decoded(raw)
    registry_id = _registry_id(study, raw.origin)
    _check_depth(study, registry_id, raw.origin)
    names = _names_of_people(study)
    retrieved = _day(at(study, "derivedSection", "miscInfoModule", "versionHolder"))
    unknown: set[str] = set()
    kept = _known_part(study, _KNOWN, "", unknown)
    _empty_personal_sponsors(kept, study)
    content = msgspec.json.encode(kept, order="sorted")
    if may_need_masking(content.decode(), names):
        kept = _masked(kept, "", names)
        content = msgspec.json.encode(kept, order="sorted")
    status = at(kept, "protocolSection", "statusModule")
    return Version(
        registry_id=registry_id,
        content=content,
        last_update=_day(at(status, "lastUpdatePostDateStruct", "date"))
        or _day(at(status, "lastUpdateSubmitDate")),
        retrieved=retrieved,
        modules=_modules(kept),
        unknown_keys=tuple(sorted(unknown)),
    )


def _decoded(raw: RawRecord) -> Json:
    if len(raw.content) > LARGEST_RECORD:
        raise _unreadable(
            f"larger than {LARGEST_RECORD // 2**20} MB",
            raw.origin,
            remedy="no study of the registry is that large: check where the file comes from",
        )
    try:
        return msgspec.json.decode(raw.content)
    except RecursionError as error:
        raise _too_deep("", raw.origin) from error
    except UnicodeDecodeError as error:
        raise _unreadable(
            f"not UTF-8 at byte {error.start}", raw.origin, remedy="convert the file to UTF-8"
        ) from error
    except msgspec.DecodeError as error:
        raise _unreadable(
            f"not JSON: {error}", raw.origin, remedy="download the record again"
        ) from error


def _unreadable(reason: str, origin: str, *, remedy: str) -> RecordError:
    return RecordError(REGISTRY, "", reason, origin=origin, remedy=remedy)


def _too_deep(registry_id: str, origin: str) -> RecordError:
    return RecordError(
        REGISTRY,
        registry_id,
        f"nested deeper than {DEEPEST_RECORD} levels",
        origin=origin,
        remedy="no study of the registry is that deep: check where the file comes from",
    )


def _registry_id(study: Json, origin: str) -> str:
    field = "/protocolSection/identificationModule/nctId"
    found = at(study, "protocolSection", "identificationModule", "nctId")
    if isinstance(found, str) and _ID.fullmatch(found):
        return found
    if found is None:
        reason = "no identifier"
    else:
        reason = f"{str(found)[:40]!r} is no identifier of the form NCT01234567"
    remedy = "give a study in the form of the registry's API v2"
    raise RecordError(REGISTRY, "", reason, field=field, origin=origin, remedy=remedy)


def _day(value: Json) -> dt.date | None:
    found = day_of(value) if isinstance(value, str) else None
    return found[0] if found else None


def _known_part(node: Json, branch: Branch, path: str, unknown: set[str]) -> Json:
    if isinstance(node, list):
        return [_known_part(each, branch, f"{path}[]", unknown) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {}
    for key, value in node.items():
        below = branch.get(key)
        if below is True:
            kept[key] = value
        elif below is None:
            unknown.add(f"{path}.{key}" if path else key)
        elif below is not False:
            part = _known_part(value, below, f"{path}.{key}" if path else key, unknown)
            if part != {}:
                kept[key] = part
    return kept


def _check_depth(study: Json, registry_id: str, origin: str) -> None:
    level = [part for key, part in study.items() if key not in LEFT_OUT and part]
    level = [part for part in level if type(part) in _NESTING]
    for _ in range(DEEPEST_RECORD):
        level = [
            below
            for node in level
            for below in (node.values() if type(node) is dict else node)
            if type(below) in _NESTING
        ]
        if not level:
            return
    raise _too_deep(registry_id, origin)


def _modules(study: Json) -> int:
    sections = (at(study, "protocolSection"), at(study, "derivedSection"))
    return sum(len(section) for section in sections if isinstance(section, dict))


def _names_of_people(study: Json) -> tuple[str, ...]:
    """Return the names that the record gives as contacts, officials, investigators, sponsors."""
    contacts = at(study, "protocolSection", "contactsLocationsModule")
    sponsors = at(study, "protocolSection", "sponsorCollaboratorsModule")
    people = [
        *_objects(at(contacts, "centralContacts")),
        *_objects(at(contacts, "overallOfficials")),
    ]
    for site in _objects(at(contacts, "locations")):
        people += _objects(site.get("contacts"))
    party = at(sponsors, "responsibleParty")
    stated = [each.get("name") for each in people]
    stated += [at(party, "investigatorFullName"), at(party, "oldNameTitle")]
    names = {bare_name(name) for name in stated if isinstance(name, str)}
    organisations = _organisations(study)
    names = {
        name
        for name in names
        if looks_personal(name) and not any(each.startswith(name) for each in organisations)
    }
    for sponsor in _sponsors(sponsors):
        if _is_personal(sponsor, sponsors):
            names.add(bare_name(sponsor["name"]))
    # One word alone may mean much else; that each has a blank is used where they are masked.
    return tuple(
        sorted((name for name in names if " " in name), key=lambda name: (-len(name), name))
    )


def _organisations(study: Json) -> list[str]:
    sponsors = at(study, "protocolSection", "sponsorCollaboratorsModule")
    return [each["name"] for each in _sponsors(sponsors) if not _is_personal(each, sponsors)]


def _objects(node: Json) -> list[dict[str, Json]]:
    return [each for each in node if isinstance(each, dict)] if isinstance(node, list) else []


def _sponsors(module: Json) -> list[dict[str, Json]]:
    lead = at(module, "leadSponsor")
    listed = [lead] if isinstance(lead, dict) else []
    listed += _objects(at(module, "collaborators"))
    return [each for each in listed if isinstance(each.get("name"), str)]


def _is_personal(sponsor: dict[str, Json], module: Json) -> bool:
    stated = sponsor.get("class")
    party = at(module, "responsibleParty")
    investigator = None
    if sponsor is at(module, "leadSponsor") and at(party, "type") == "SPONSOR_INVESTIGATOR":
        investigator = at(party, "investigatorFullName")
    return is_person(
        sponsor["name"],
        stated if isinstance(stated, str) else None,
        investigator if isinstance(investigator, str) else None,
    )


def _empty_personal_sponsors(kept: Json, study: Json) -> None:
    stated = at(study, "protocolSection", "sponsorCollaboratorsModule")
    module = at(kept, "protocolSection", "sponsorCollaboratorsModule")
    emptied = set()
    for sponsor, before in zip(_sponsors(module), _sponsors(stated), strict=True):
        if _is_personal(before, stated):
            emptied.add(sponsor["name"])
            sponsor["name"] = ""
    organization = at(kept, "protocolSection", "identificationModule", "organization")
    name = at(organization, "fullName")
    stated_class = at(organization, "class")
    if isinstance(name, str) and (name in emptied or is_person(name, str(stated_class), None)):
        organization["fullName"] = ""


def _masked(node: Json, key: str, names: tuple[str, ...]) -> Json:
    if isinstance(node, str):
        text = mask_addresses(node) if "@" in node else node
        if names and " " in text:
            text = mask_names(text, names)
        return text if len(text) < SHORTEST_PHONE or key in _NO_PHONES else mask_phones(text)
    if isinstance(node, dict):
        return {below: _masked(value, below, names) for below, value in node.items()}
    if isinstance(node, list):
        return [_masked(value, key, names) for value in node]
    return node
