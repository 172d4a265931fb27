"""What is looked for before a pattern is tried: it must never hide a match of the pattern."""

import pkgutil
import re
from importlib import import_module
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg.extract
from kg.extract import criteria_lines, shared_stems, zones
from kg.extract.condition_modifiers import load_modifiers
from kg.extract.design import load_design_cues
from kg.extract.lexicon import _role_cues
from kg.extract.normalise import _PLAIN, _signs
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
    for name, route in import_module("kg.extract.uses")._ROUTES:
        yield pytest.param(route, id=f"uses._ROUTES {name}")


def cue_rows():
    cues = load_design_cues([LEXICON])
    for number, cue in enumerate((*cues.features, *cues.risks)):
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


@pytest.mark.parametrize(
    "cue", [cue for cue in _role_cues([LEXICON]) if cue.after is not None], ids=lambda cue: cue.rule
)
@SLOW_TO_MAKE
@given(data=st.data())
def test_the_words_after_an_antigen_are_found_at_their_beginning_or_not_at_all(cue, data):
    made = data.draw(st.sampled_from(["", "a", "- "])) + data.draw(st.from_regex(cue.after))
    assert bool(cue.after.search(made)) == bool(cue.after.match(made))


@given(st.text("ab "), st.integers(0, 9), st.integers(0, 9))
def test_a_sought_pattern_finds_what_the_pattern_finds(words, start, end):
    pattern = sought("a(?= )|b+", "a", "b")
    found, plain = pattern.search(words, start, end), pattern.pattern.search(words, start, end)
    assert (found and found.span()) == (plain and plain.span())


@given(st.text(st.sampled_from("aZ~\t\n\x00\x7f\x80é≥中\ud800")))
def test_the_signs_of_a_text_are_those_beside_ascii_and_the_tab(words):
    assert _signs(words) == {sign for sign in words if sign == "\t" or not sign.isascii()}


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


@given(
    st.lists(
        st.sampled_from(["inclusion", "ineligibility", "conclusion", "non-", "key ", "a-b ", " "])
        | st.text("\n.:;*1 (٣\u2003", max_size=3),
        max_size=9,
    ).map("".join)
)
def test_headings_are_found_where_one_look_at_the_whole_text_finds_them(words):
    text = "\n" + words
    plain = [match.span() for match in zones._SECTION.finditer(text)]
    found, first = [], zones._section_start(text, 0)
    while first >= 0 and (match := zones._SECTION.search(text, first)) is not None:
        found.append(match.span())
        first = zones._section_start(text, match.end())
    assert found == plain


@given(st.text("ab \n\r\t", max_size=20))
def test_the_lines_of_a_text_are_what_stands_between_line_ends_of_both_kinds(words):
    spans = [match.span() for match in re.finditer(r"[^\n\r]*[ab][^\n\r]*", words)]
    ends = [-1, *(end for _, end in spans)]
    blank = [
        end < 0 or words.count("\n", end, span[0]) > 1
        for end, span in zip(ends, spans, strict=False)
    ]
    found = criteria_lines.lines(words)
    assert [words[one.start : one.end] for one in found] == [words[a:b].strip() for a, b in spans]
    assert [one.after_blank for one in found] == blank
