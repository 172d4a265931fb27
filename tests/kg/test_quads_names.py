"""Parts of a trial are named by content: one name a part, whatever the words."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from kg.extract.findings import Claim, Construct, Criterion, Evidence, Extraction, Mention, Use
from kg.iris import slug
from kg.quads.names import Names, Part, name_parts
from kg.quads.record import record_quads
from kg.records import Arm, Intervention, Outcome, SecondaryId, Site, Text, Trial
from tests.kg.test_quads import GRAPH, lexicon

WORDS = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(["A", "a", "A-2", "a 2", "a-2-2", "-", "+", "ａ", "CAR-T", "CAR T", "x" * 200]),
)
CLAIM = Claim(value="NotStated", basis="Inferred", rule="test", confidence=1.0)


def as_text(words):
    return Text(field="/x", raw=words, plain=words)


def quote(words):
    return Evidence(field="/x", exact=words, start=0, end=len(words))


def construct(label):
    def said(value):
        return Claim(value=value, basis="Stated", rule="test", confidence=1.0)

    return Construct(
        label=label,
        modality=said("OtherProduct"),
        effector_cell=CLAIM,
        cell_source=CLAIM,
        donor=CLAIM,
        target_logic=said("UnknownLogic"),
        target_disclosure=said("TargetUndisclosed"),
    )


@st.composite
def records(draw):
    listed = {
        name: draw(st.lists(WORDS, max_size=5))
        for name in ["arms", "interventions", "constructs", "sites", "ids", "outcomes", "criteria"]
    }
    trial = Trial(
        registry="clinicaltrials",
        registry_id="NCT00000001",
        brief_title=as_text("A title"),
        arms=tuple(Arm(label=as_text(one)) for one in listed["arms"]),
        interventions=tuple(Intervention(name=as_text(one)) for one in listed["interventions"]),
        sites=tuple(Site(field="/s", country="China", facility=one) for one in listed["sites"]),
        secondary_ids=tuple(SecondaryId(value=one) for one in listed["ids"]),
        outcomes=tuple(
            Outcome(outcome_type="primary", measure=as_text(one)) for one in listed["outcomes"]
        ),
    )
    role = Claim(value="ExperimentalRole", basis="Stated", rule="test", confidence=1.0)
    constructs = tuple(construct(one) for one in listed["constructs"])
    uses = tuple(
        Use(role=role, arm=arm, construct=number)
        for number in range(len(constructs))
        for arm in (range(len(trial.arms)) if trial.arms else [None])
    )
    extraction = Extraction(
        constructs=constructs,
        uses=uses,
        mentions=tuple(
            Mention(antigen="DLL3", role="TargetMention", evidence=(quote(one),))
            for one in listed["criteria"]
        ),
        criteria=tuple(
            Criterion(text=one, polarity="Inclusion", evidence=quote(one))
            for one in listed["criteria"]
        ),
    )
    return trial, extraction


def nodes(names):
    for field in Names.__struct_fields__:
        value = getattr(names, field)
        for one in value if isinstance(value, tuple) else ():
            yield from [one.node] if isinstance(one, Part) else (part.node for part in one)


@given(records())
def test_no_two_parts_of_a_trial_share_a_name(record):
    found = Counter(nodes(name_parts(*record)))
    assert [node for node, count in found.items() if count > 1] == []


@given(records())
def test_no_quad_repeats_and_the_order_is_always_the_same(record):
    first = record_quads(*record, lexicon(), GRAPH)
    assert len(first) == len(set(first))
    assert first == record_quads(*record, lexicon(), GRAPH)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_a_plain_text_has_the_same_slug_beside_a_word_of_another_script(text):
    assert slug(f"a{text} é") == f"{slug(f'a{text}')}-é"
