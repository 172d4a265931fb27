import gzip
import io
import os
import random
import sys
import zipfile

import pytest

from kg import sources
from kg.errors import UsageError
from kg.sources import DAMAGE, head_of, open_source, source_files

RECORD = b'{"a": 1}\n'


def contents(path):
    return [(name, stream.read()) for name, stream in open_source(path)]


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", ".").replace("_in_", "/"), content)
    return path


def test_a_folder_is_walked_in_the_order_of_names(tmp_path):
    for name in ("b.json", "a/z.jsonl", "a/B.JSON", "c.ndjson.gz", "notes.md", "a/._z.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(RECORD)
    found = [str(path.relative_to(tmp_path)) for path in source_files([tmp_path])]
    assert found == ["a/B.JSON", "a/z.jsonl", "b.json", "c.ndjson.gz"]


def test_a_file_that_is_named_is_taken_whatever_its_suffix(tmp_path):
    path = tmp_path / "download"
    path.write_bytes(RECORD)
    assert source_files([path]) == [path]
    assert contents(path) == [(str(path), RECORD)]


def test_a_path_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.json: no such file"):
        source_files([tmp_path / "nowhere.json"])


def test_a_folder_without_records_is_refused_and_says_what_is_read(tmp_path):
    with pytest.raises(UsageError, match=r"no file that ends in \.json"):
        source_files([tmp_path])


def test_links_are_followed_and_loops_end(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.json").write_bytes(RECORD)
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "linked").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "loop").symlink_to(tmp_path / "real")
    (tmp_path / "root" / "self").symlink_to(tmp_path / "root")
    found = source_files([tmp_path / "root"])
    assert [path.name for path in found] == ["a.json"]


def test_a_link_to_nowhere_is_damage_and_not_silence(tmp_path):
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    (path,) = source_files([tmp_path])
    with pytest.raises(DAMAGE):
        contents(path)


def test_what_is_no_file_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "a.json").write_bytes(RECORD)
    assert [path.name for path in source_files([tmp_path])] == ["a.json"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "locked").mkdir(mode=0)
    with pytest.raises(UsageError, match=r"locked.*readable"):
        source_files([tmp_path])


def test_compressed_files_and_archives_are_unpacked(tmp_path):
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(RECORD) + gzip.compress(RECORD))
    assert contents(packed) == [(str(packed), RECORD * 2)]
    zipped = archive(
        tmp_path / "a.zip", x__json=RECORD, d_in_y__jsonl__gz=gzip.compress(RECORD), z__md=b"no"
    )
    assert contents(zipped) == [(f"{zipped}/x.json", RECORD), (f"{zipped}/d/y.jsonl.gz", RECORD)]


def test_a_compressed_file_is_read_line_by_line(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(RECORD * 100_000))
    (lines,) = [list(stream) for _, stream in open_source(path)]
    assert len(lines) == 100_000
    assert set(lines) == {RECORD}


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read_packed_or_plain(monkeypatch, packed):
    content = gzip.compress(RECORD) if packed else RECORD
    buffer = io.BufferedReader(io.BytesIO(content))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(buffer))
    (path,) = source_files([sources.STANDARD_INPUT])
    assert contents(path) == [("standard input", RECORD)]


def test_what_is_cut_or_no_archive_is_damage(tmp_path):
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(os.urandom(5000))[:-900])
    false = tmp_path / "false.gz"
    false.write_bytes(RECORD)
    empty = tmp_path / "empty.zip"
    empty.write_bytes(b"")
    whole = archive(tmp_path / "whole.zip", a__json=os.urandom(5000)).read_bytes()
    mangled = tmp_path / "mangled.zip"
    mangled.write_bytes(whole[:100] + bytes(200) + whole[300:])
    for path in (cut, false, empty, mangled):
        with pytest.raises(DAMAGE):
            contents(path)


def test_what_stands_before_damage_is_read(tmp_path):
    noise = random.Random(1)
    text = b"".join(b"%d %d\n" % (n, noise.randrange(10**9)) for n in range(30_000))
    cut = gzip.compress(text)
    (tmp_path / "cut.gz").write_bytes(cut[: len(cut) // 2])
    whole = archive(tmp_path / "torn.zip", a__jsonl=text).read_bytes()
    middle = len(whole) // 2
    (tmp_path / "torn.zip").write_bytes(whole[:middle] + bytes(64) + whole[middle + 64 :])
    for path in tmp_path.iterdir():
        found = []
        with pytest.raises(DAMAGE):  # noqa: PT012 - it is damaged somewhere behind
            for _, opened in open_source(path):
                found += head_of(opened)[1]
        assert found[:10_000] == text.splitlines(keepends=True)[:10_000]


def test_what_a_short_file_that_is_cut_still_holds_is_read(tmp_path):
    cut = gzip.compress(RECORD * 5)[:-4]
    (tmp_path / "cut.gz").write_bytes(cut)
    for _, opened in open_source(tmp_path / "cut.gz"):
        head, stream = head_of(opened)
        assert head == RECORD * 5
        assert stream.readline() == RECORD
        with pytest.raises(DAMAGE):
            stream.read()


def test_an_archive_inside_an_archive_is_refused_by_name(tmp_path):
    inner = archive(tmp_path / "inner.zip", a__json=RECORD).read_bytes()
    outer = archive(tmp_path / "outer.zip", inner__zip=inner)
    with pytest.raises(zipfile.BadZipFile, match=r"inner\.zip is an archive inside"):
        contents(outer)


def drained(path):
    size = 0
    for _, stream in open_source(path):
        while chunk := stream.read(2**20):
            size += len(chunk)
    return size


def test_a_compressed_bomb_is_stopped_early(tmp_path):
    path = tmp_path / "bomb.json.gz"
    with gzip.open(path, "wb", compresslevel=9) as out:
        for _ in range(200):
            out.write(bytes(2**20))
    with pytest.raises(OSError, match="grows more than 200-fold"):
        drained(path)


def test_a_bomb_of_many_members_is_stopped_by_their_sum(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for number in range(10):
            made.writestr(f"{number}.json", bytes(10 * 2**20))
    with pytest.raises(OSError, match="grows more than 200-fold"):
        drained(path)


def test_a_bomb_inside_an_archive_is_stopped(tmp_path):
    packed = gzip.compress(bytes(100 * 2**20), compresslevel=9)
    path = archive(tmp_path / "outer.zip", bomb__json__gz=packed)
    with pytest.raises(OSError, match="grows more than 200-fold"):
        drained(path)


def test_an_archive_of_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_MEMBERS", 2)
    path = archive(tmp_path / "many.zip", a__json=RECORD, b__json=RECORD, c__json=RECORD)
    with pytest.raises(zipfile.BadZipFile, match="more than 2 files"):
        contents(path)


def test_small_files_may_grow_as_they_like(tmp_path):
    path = tmp_path / "zeros.json.gz"
    path.write_bytes(gzip.compress(b" " * 10 * 2**20, compresslevel=9))
    assert drained(path) == 10 * 2**20


def test_names_of_members_hold_nothing_that_steers_a_terminal(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("\x1b[31mred.json", RECORD)
    ((name, _),) = contents(path)
    assert name == f"{path}/?[31mred.json"
