import gzip
import zipfile

import pytest

from kg.errors import UsageError
from kg.sources import DAMAGE, open_source, source_files


def contents(*sources):
    return {
        name.rsplit("/", 1)[-1]: stream.read()
        for path in source_files(sources)
        for name, stream in open_source(path)
    }


def test_plain_and_compressed_files_give_the_same_bytes(tmp_path):
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b"{}"))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("d.json", b"{}")
        archive.writestr("e.jsonl.gz", gzip.compress(b"{}"))
        archive.writestr("readme.txt", b"not a record")
    assert contents(tmp_path) == dict.fromkeys(
        ("a.json", "b.jsonl.gz", "d.json", "e.jsonl.gz"), b"{}"
    )


def test_a_named_file_is_read_whatever_its_suffix_and_one_in_a_folder_is_not(tmp_path):
    (tmp_path / "download").write_bytes(b"{}")
    (tmp_path / "a.json").write_bytes(b"[]")
    assert contents(tmp_path / "download") == {"download": b"{}"}
    assert contents(tmp_path) == {"a.json": b"[]"}


def test_folders_are_walked_below_and_in_the_order_of_names(tmp_path):
    for name in ("b/2.json", "a.json", "b/1.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert [str(p.relative_to(tmp_path)) for p in source_files([tmp_path])] == [
        "a.json",
        "b/1.json",
        "b/2.json",
    ]


def test_a_path_that_is_not_there_and_an_empty_folder_are_named(tmp_path):
    with pytest.raises(UsageError, match=r"none\.json: no such file"):
        source_files([tmp_path / "none.json"])
    with pytest.raises(UsageError, match=r"has no file that ends in \.json"):
        source_files([tmp_path])


@pytest.mark.parametrize("suffix", [".gz", ".zip"])
def test_a_file_that_is_not_what_its_suffix_says_is_damage(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"plain text")
    with pytest.raises(DAMAGE):
        contents(path)


def test_a_file_that_breaks_off_is_damage(tmp_path):
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(b"x" * 10_000)[:-12])
    with pytest.raises(DAMAGE):
        contents(path)
