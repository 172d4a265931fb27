"""Which shards that a killed build has left are used by the next one."""

import msgspec
import zstandard

from kg.shards import complete_shards, write_shard


def test_a_shard_that_another_release_wrote_in_its_form_is_removed(tmp_path):
    kept = write_shard(tmp_path / "b.shard", (), b"<a:a> <a:b> <a:c> <a:d> .\n")
    head = msgspec.msgpack.encode({"outcomes": [], "length": 7})
    other = tmp_path / "a.shard"
    other.write_bytes(len(head).to_bytes(8, "big") + head + zstandard.compress(b"written"))
    assert [shard.path for shard in complete_shards(tmp_path)] == [kept.path]
    assert not other.exists()
