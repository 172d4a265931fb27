"""What is looked for before a pattern is tried: it must never hide a match of the pattern."""

import pkgutil
import re
from importlib import import_module
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg.extract
from kg.extract import criteria_lines, shared_stems
from kg.extract.condition_modifiers import load_modifiers
from kg.extract.design import load_design_cues
from kg.extract.normalise import _PLAIN
from kg.extract.sought import Sought, has_any, sought
from kg.extract.spot import _OPENED, _OTHER_CAR
from kg.extract.zones import Document, Zone, document
from kg.resources import LEXICON
from tests.kg.extract.trials import text, trial

SENTENCE_END = re.compile(r"\n|(?<=[.;?!])\s+(?=[A-Z0-9(*\"'])")
SLOW_TO_MAKE = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def patterns():
    for module in pkgutil.iter_modules(kg.extract.__path__):
        for name, value in vars(import_module(f"kg.extract.{module.name}")).items():
            if isinstance(value, Sought):
                yield pytest.param(value, id=f"{module.name}.{name}")


def cue_rows():
    cues = load_design_cues([LEXICON])
    for number, cue in enumerate((*cues.features.rows, *cues.risks.rows)):
        yield pytest.param(cue, id=f"{number}-{cue.value}")


@pytest.mark.parametrize("one", list(patterns()))
@SLOW_TO_MAKE
@given(data=st.data())
def test_each_match_of_a_pattern_has_one_of_its_words(one, data):
    match = one.pattern.search(data.draw(st.from_regex(one.pattern)).lower())
    if match is not None:
        assert any(word in match[0] for word in one.words)


@pytest.mark.parametrize("cue", list(cue_rows()))
@SLOW_TO_MAKE
@given(data=st.data())
def test_each_match_of_a_cue_has_one_of_its_words(cue, data):
    made = data.draw(st.from_regex(cue.pattern, alphabet=st.characters(max_codepoint=126)))
    for match in cue.pattern.finditer(made):
        assert any(word in match[0].lower() for word in cue.words)


@given(st.text("ab "), st.integers(0, 9), st.integers(0, 9))
def test_a_sought_pattern_finds_what_the_pattern_finds(words, start, end):
    pattern = sought("a(?= )|b+", "a", "b")
    found, plain = pattern.search(words, start, end), pattern.pattern.search(words, start, end)
    assert (found and found.span()) == (plain and plain.span())


def test_no_plain_sign_stands_for_another():
    assert not set("".join(_PLAIN.values())) & _PLAIN.keys()


@given(st.text("PDIL(C)-12/ ", max_size=12))
def test_a_shared_stem_has_one_of_its_words(words):
    if shared_stems._STEMS.search(words):
        assert has_any(words, shared_stems._STEM_WORDS)


@given(st.text("cC aArR(\n-x", max_size=12))
def test_words_with_the_letters_of_car_are_followed_by_a_bracket(words):
    assert not _OTHER_CAR.search(words) or words.endswith(_OPENED)


MODIFIERS = load_modifiers([LEXICON])
PIECES = sorted({word for one in MODIFIERS._patterns for word in re.findall("[a-z]+|[0-9]", one)})


@given(st.lists(st.sampled_from([*PIECES, "cancer"]), max_size=5).map(" ".join))
def test_a_name_that_the_one_look_leaves_whole_has_nothing_to_split_off(name):
    if MODIFIERS._any.search(name) is None:
        assert not any(pattern.search(name) for pattern, _, _ in MODIFIERS._rows_of[-1])
    else:
        assert any(pattern.search(name) for pattern, _, _ in MODIFIERS._rows_of[-1])


@given(st.from_regex(criteria_lines._INLINE))
def test_a_heading_inside_a_line_has_its_words(line):
    assert any(word in line for word in criteria_lines._INLINE_WORDS)


@given(st.from_regex(criteria_lines._HEADING))
def test_a_heading_has_one_of_its_words(line):
    assert any(word in line.lower() for word in criteria_lines._HEADING_WORDS)


@given(
    st.one_of(st.from_regex(criteria_lines._MARK), st.text("abivx.) \\*(1oé")), st.integers(0, 6)
)
def test_the_mark_of_a_line_is_found_whatever_stands_before_it(line, cut):
    start, end = min(cut, len(line)), len(line)
    found, plain = criteria_lines._mark(line, start, end), criteria_lines._MARK.match(line, start)
    assert (found and found.span()) == (plain and plain.span())


@given(st.lists(st.text("aA.;\n \t(0", min_size=1), min_size=1, max_size=3), st.integers(0, 1200))
def test_a_sentence_begins_behind_the_last_end_before_and_goes_to_the_next(texts, far):
    raw = [each if each.strip() else "a" for each in texts]
    raw[0] += "b" * far + " a"
    laid = document(trial(brief_title=text("A"), keywords=tuple(text(each) for each in raw)))
    for passage in laid.passages:
        for start, end in pairwise(range(passage.start, passage.end + 1)):
            if end - passage.start < 40 or passage.end - end < 40:
                assert laid.sentence_at(start, end) == _sentence(laid, start, end)


def _sentence(laid: Document, start: int, end: int) -> tuple[int, int]:
    passage = laid.passage_at(start)
    near = SENTENCE_END.finditer(laid.text, max(passage.start, start - 600), start)
    ends = [mark.end() for mark in near]
    after = SENTENCE_END.search(laid.text, end, passage.end)
    return (ends or [passage.start])[-1], after.start() if after else passage.end


@given(st.text("aA .:\n;1incluso", max_size=30))
def test_a_section_may_open_the_criteria_at_the_very_beginning(words):
    criteria = f"{words}\nExclusion Criteria:\n* age"
    alone = document(trial(brief_title=text(" "), eligibility=text(criteria)))
    behind = document(trial(brief_title=text("A"), eligibility=text(criteria)))
    moved = tuple((at - 2, zone) for at, zone in behind.sections)
    assert alone.sections == moved
    assert moved[-1][1] is Zone.EXCLUSION
