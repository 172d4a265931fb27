import asyncio
import shutil

import pytest

from kg.api.catalogues import Catalogues
from kg.errors import StoreError
from kg.publish import current_snapshot
from kg.query.snapshots import Snapshots


@pytest.fixture(scope="module")
def snapshot(examples):
    return current_snapshot(examples)


def test_tables_are_opened_once_however_many_ask(snapshot):
    async def ask_often():
        catalogues = Catalogues(Snapshots(lambda: snapshot))
        found = await asyncio.gather(*(catalogues.current() for _ in range(5)))
        meanings = await asyncio.gather(*(catalogues.meanings() for _ in range(5)))
        return {id(one) for one, _ in found} | {id(one.catalogue) for one in meanings}

    assert len(asyncio.run(ask_often())) == 1


def test_while_a_new_snapshot_is_opened_the_one_before_answers(snapshot, tmp_path):
    later = tmp_path / "later"
    later.mkdir()
    for table in snapshot.glob("*.parquet"):
        shutil.copy(table, later)
    published = snapshot

    async def publish_another():
        nonlocal published
        catalogues = Catalogues(Snapshots(lambda: published))
        warming = asyncio.create_task(catalogues.keep_warm())
        await catalogues.meanings()
        published = later
        answered = {(await catalogues.current())[1]}
        while later not in answered:
            assert not warming.done(), warming
            await asyncio.sleep(0)
            answered.add((await catalogues.current())[1])
        warming.cancel()
        return answered

    assert asyncio.run(publish_another()) == {snapshot, later}


def test_a_snapshot_without_tables_is_an_error_for_each_who_asks(tmp_path):
    async def ask_twice():
        catalogues = Catalogues(Snapshots(lambda: tmp_path))
        for _ in range(2):
            with pytest.raises(StoreError, match="the table cannot be read"):
                await catalogues.current()

    asyncio.run(ask_twice())
