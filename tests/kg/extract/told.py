"""Trials told in a line for the rules of extraction, and what extraction says of them."""

from functools import lru_cache

from kg.extract import extract, load_lexicon
from kg.extract.findings import Construct, Extraction
from kg.extract.lexicon import Lexicon
from kg.records import Arm, Intervention, Trial
from kg.resources import LEXICON
from tests.kg.extract.trials import text, trial


@lru_cache
def lexicon() -> Lexicon:
    return load_lexicon([LEXICON])


def told(title="A study", *interventions, summary=None, criteria=None, arms=(), **fields) -> Trial:
    """Return a trial; an intervention is a name or (name, description) or (…, other names)."""
    made = {
        "brief_title": text(title, "/title"),
        "interventions": tuple(map(_intervention, range(len(interventions)), interventions)),
        "arms": tuple(map(_arm, range(len(arms)), arms)),
        **fields,
    }
    if summary:
        made["brief_summary"] = text(summary, "/summary")
    if criteria:
        made["eligibility"] = text(criteria, "/eligibility")
    return trial(**made)


def _intervention(number, given):
    name, description, others = (*((given,) if isinstance(given, str) else given), None, None)[:3]
    where = f"/interventions/{number}"
    return Intervention(
        text(name, f"{where}/name"),
        None,
        text(description, f"{where}/description") if description else None,
        tuple(text(other, f"{where}/other") for other in others or ()),
    )


def _arm(number, given):
    label, kind, description, linked = (*given, None, None, ())[:4]
    where = f"/arms/{number}"
    described = text(description, f"{where}/description") if description else None
    return Arm(text(label, f"{where}/label"), kind, described, linked)


def said(*args, **kwargs) -> Extraction:
    return extract(told(*args, **kwargs), lexicon())


def only(found: Extraction) -> Construct:
    (construct,) = found.constructs
    return construct


def targets(found: Extraction) -> list[set[str]]:
    return [{claim.value for claim in construct.targets} for construct in found.constructs]


def roles(found: Extraction, antigen: str) -> set[str]:
    return {mention.role for mention in found.mentions if mention.antigen == antigen}


def use_roles(found: Extraction) -> dict[int, str]:
    return {use.intervention: use.role.value for use in found.uses if use.intervention is not None}
