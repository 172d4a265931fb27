"""After a change of some registrations the graph of studies is what joining all of them gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.study import Turned, identity_table, read_identity, study_difference, study_quads
from kg.study import write_identity as write
from tests.kg.study.told import TITLE, told

CT, CHINESE = "clinicaltrials", "chictr"
OTHER_TITLE = "Radiotherapy of Brain Metastases in Patients With Small Cell Lung Cancer"


def ours(number):
    return f"NCT{number:08d}"


def theirs(number):
    return f"ChiCTR{number:010d}"


@st.composite
def registrations(draw):
    """One of a few records, in one of the states in which it may name and resemble others."""
    number = draw(st.integers(1, 6))
    registry, name = draw(st.sampled_from([(CT, ours), (CHINESE, theirs)]))
    named = draw(st.lists(st.sampled_from([ours(1), ours(2), theirs(3), "U1111-1111-1111"])))
    return told(
        registry,
        name(number),
        title=draw(st.sampled_from([TITLE, OTHER_TITLE, f"Study {number} of Something Else"])),
        enrollment=draw(st.sampled_from([37, 80])),
        ids=tuple(dict.fromkeys(named)),
    )


def keyed(listed):
    return {(one.registry, one.registry_id): one for one in listed}


def after(known, changed):
    """The graph and the table after some registrations have come (or, for None, left)."""
    now = {key: one for key, one in (known | changed).items() if one is not None}
    differing = {
        key: Turned(known.get(key), one) for key, one in changed.items() if known.get(key) != one
    }
    found = study_difference(
        identity_table(known.values()),
        differing,
        lambda keys: [known[key] for key in keys],
    )
    quads = set(study_quads(list(known.values())))
    assert found.removed <= quads
    assert not found.added & quads
    return now, (quads - found.removed) | found.added, found


@settings(max_examples=120, deadline=None)
@given(
    st.lists(registrations(), max_size=8),
    st.lists(registrations(), max_size=3),
    st.sets(st.integers(0, 7), max_size=2),
)
def test_the_graph_and_the_table_after_a_change_are_those_of_all_together(listed, new, gone):
    known = keyed(listed)
    leaving = {key: None for place, key in enumerate(known) if place in gone}
    now, quads, found = after(known, leaving | keyed(new))
    assert quads == set(study_quads(list(now.values())))
    assert found.table.equals(identity_table(now.values()))


@pytest.mark.parametrize("count", [39, 40, 41])
def test_a_block_that_becomes_too_common_takes_the_likeness_of_all_its_members(count):
    known = keyed(told(CT, ours(n)) for n in range(1, count + 1))
    now, quads, _ = after(known, keyed([told(CT, ours(count + 1))]))
    assert quads == set(study_quads(list(now.values())))
    left = {(CT, ours(1)): None}
    now, quads, _ = after(known, left)
    assert quads == set(study_quads(list(now.values())))


def test_only_what_the_change_touches_is_read():
    known = keyed([told(CT, ours(n), title=f"Thing {n}", enrollment=90 + n) for n in (1, 2)])
    known |= keyed([told(CT, ours(3)), told(CHINESE, theirs(4))])
    asked = []

    def read(keys):
        asked.extend(keys)
        return [known[key] for key in keys]

    key = (CHINESE, theirs(4))
    turned = {key: Turned(known[key], None)}
    study_difference(identity_table(known.values()), turned, read)
    assert (CT, ours(3)) in asked
    assert (CT, ours(2)) not in asked


def test_a_table_that_cannot_be_read_is_none(tmp_path):
    assert read_identity(tmp_path) is None
    table = identity_table([told(CT, ours(1), ids=(theirs(2),)), told(CT, ours(2), title="One")])
    write(table, tmp_path)
    assert read_identity(tmp_path).equals(table)
    write(table.drop("keys"), tmp_path)
    assert read_identity(tmp_path) is None
