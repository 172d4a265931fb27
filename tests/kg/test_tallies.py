"""What notes count is that of all notes, whatever came and left."""

from collections import Counter
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.history import History, Rejection

IDS = "abc"
NOTES = st.fixed_dictionaries(
    {
        "row": st.just({"a": 1}),
        "dropped": st.lists(st.sampled_from(("/x", "/y/*")), max_size=3),
        "warnings": st.dictionaries(st.sampled_from("PQ"), st.integers(1, 3)).map(
            lambda found: sorted(found.items())
        ),
    }
)
STEP = st.one_of(
    st.tuples(st.just("settle"), st.sampled_from(IDS), NOTES),
    st.tuples(st.sampled_from(("reject", "unsettle")), st.sampled_from(IDS), st.none()),
    st.just(("look", "", None)),
)


def count(history):
    fields, warnings = Counter(), Counter()
    for notes in map(msgspec.json.decode, history.notes()):
        fields.update(notes["dropped"])
        warnings.update(dict(notes["warnings"]))
    return fields, warnings


@settings(deadline=None, max_examples=60)
@given(st.lists(STEP, max_size=12))
def test_totals_are_those_of_all_notes_at_any_time(steps):
    with History.open(Path(":memory:")) as history:
        for what, key, notes in steps:
            refused = Rejection(registry="r", registry_id=key, reason="is refused")
            if what == "look":
                history.tallies.look()
            elif what == "unsettle":
                history.unsettle([("r", key)])
            else:
                kept = msgspec.json.encode(notes) if what == "settle" else refused
                history.settle("r", key, "state", kept)
        history.tallies.look()
        assert tuple(history.tallies.totals()) == count(history)
        settled, aside = history.settled()
        assert settled - aside == len(list(history.notes()))
        assert aside == len(history.kept_aside())
