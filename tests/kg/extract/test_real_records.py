"""What needs no label: true of every real record or wrong."""

from functools import lru_cache

from kg.extract import extract
from tests.kg.extract.told import lexicon
from tests.kg.extract.trials import real_trials

_OUTSIDE = {"PriorTherapyMention", "ExcludedMention"}
_MARKERS = {"MarkerMention", "SwitchMention", "CostimulationMention"}


@lru_cache
def extractions(shared):
    return tuple((trial, extract(trial, lexicon())) for trial in real_trials(shared))


def claims(found):
    for construct in found.constructs:
        yield from construct.targets
        yield from construct.recruits
        yield construct.modality
        yield construct.donor
        yield construct.cell_source
    for use in found.uses:
        yield use.role


def fields(trial):
    texts = [trial.brief_title, trial.official_title, trial.acronym, trial.brief_summary]
    texts += [trial.detailed_description, trial.eligibility, *trial.keywords, *trial.conditions]
    for intervention in trial.interventions:
        texts += [intervention.name, intervention.description, *intervention.other_names]
    for arm in trial.arms:
        texts += [arm.label, arm.description]
    for outcome in trial.outcomes:
        texts += [outcome.measure, outcome.description]
    return {text.field: text.raw for text in texts if text is not None}


def test_every_quote_stands_at_its_position(shared):
    for trial, found in extractions(shared):
        raw = fields(trial)
        quotes = [quote for mention in found.mentions for quote in mention.evidence]
        quotes += [quote for claim in claims(found) for quote in claim.evidence]
        for quote in quotes:
            assert raw[quote.field][quote.start : quote.end] == quote.exact, trial.registry_id
            assert quote.exact


def test_no_stated_target_is_only_named_in_exclusion_or_prior_therapy(shared):
    for trial, found in extractions(shared):
        for construct in found.constructs:
            for target in construct.targets:
                if target.basis != "Stated":
                    continue
                mentioned = {m.role for m in found.mentions if m.antigen == target.value}
                assert not mentioned or mentioned - _OUTSIDE, (trial.registry_id, target.value)


def test_words_of_markers_and_signalling_never_make_a_target(shared):
    for trial, found in extractions(shared):
        parts = {
            (quote.field, quote.start)
            for mention in found.mentions
            if mention.role in _MARKERS
            for quote in mention.evidence
        }
        for construct in found.constructs:
            for target in construct.targets:
                if target.basis == "Stated":
                    quotes = {(quote.field, quote.start) for quote in target.evidence}
                    assert not quotes & parts, (trial.registry_id, target.value)


def test_targets_are_empty_exactly_where_the_logic_says_so(shared):
    for trial, found in extractions(shared):
        for construct in found.constructs:
            none = construct.target_logic.value in {"NotAntigenDirected", "UnknownLogic"}
            assert none == (not construct.targets), trial.registry_id
            assert not {c.value for c in construct.targets} & {c.value for c in construct.spares}


def test_positions_point_into_the_record_and_every_construct_is_used(shared):
    for trial, found in extractions(shared):
        used = set()
        for use in found.uses:
            assert use.construct is not None or use.intervention is not None
            assert use.arm is None or use.arm < len(trial.arms)
            assert use.intervention is None or use.intervention < len(trial.interventions)
            used.add(use.construct)
        assert used - {None} == set(range(len(found.constructs))), trial.registry_id


def test_extraction_does_not_depend_on_what_was_extracted_before(shared):
    sample = real_trials(shared)[::40]
    first = [extract(trial, lexicon()) for trial in sample]
    second = [extract(trial, lexicon()) for trial in reversed(sample)]
    assert first == second[::-1]
