"""What a run keeps of the records that it writes, for those that follow the change."""

import pytest

from kg.convert import knowledge
from kg.difference import Difference
from kg.history import History
from kg.ingest import ingest
from kg.report import Meter, silent
from kg.resources import LEXICON
from kg.store import Store
from kg.update import Run, plan, write
from kg.workers import Workers
from loaders import LOADERS
from tests.kg.registry_records import study, write_lines


@pytest.mark.parametrize(("followed", "kept"), [(True, 2), (False, 0)])
def test_what_identifies_studies_is_kept_as_long_as_the_change_is_followed(
    tmp_path, followed, kept
):
    meter, source = Meter(), write_lines(tmp_path / "a.jsonl", [study(1), study(2)])
    with (
        Store.in_memory() as store,
        History.open(tmp_path / "history.sqlite") as history,
        Workers(1) as workers,
    ):
        options = {"seen": None, "workers": workers, "meter": meter, "progress": silent}
        ingest([source], LOADERS, None, history, **options)
        store.followed = Difference()
        if not followed:
            store.followed.give_up()
        run = Run(
            loaders=LOADERS,
            known=knowledge([LEXICON]),
            store=store,
            history=history,
            workers=workers,
            meter=meter,
            progress=silent,
        )
        assert write(run, plan(run)) == 2
        assert len(run.turned) == kept
