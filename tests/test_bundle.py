"""Bundles: plain data, sealed."""

import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import BundleError, bundle

FILES = {"weights.npz": bundle.pack({"a": np.arange(3.0)}), "lexicon/x.txt": "拖延\n".encode()}


def test_a_bundle_comes_back_as_it_was_written(tmp_path):
    bundle.write(tmp_path / "v1", {"version": "v1"}, FILES)
    manifest, files = bundle.read(tmp_path / "v1")
    assert manifest["version"] == "v1"
    assert files == FILES


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_one_changed_bit_in_any_file_is_refused(tmp_path_factory, at, bit):
    """Law 7."""
    folder = tmp_path_factory.mktemp("bundles") / "v1"
    bundle.write(folder, {"version": "v1", "中文": "也行"}, FILES)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    path = paths[at % len(paths)]
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1 << bit
    path.write_bytes(bytes(content))
    with pytest.raises(BundleError):
        bundle.read(folder)


def test_a_missing_file_is_named(tmp_path):
    bundle.write(tmp_path / "v1", {"version": "v1"}, FILES)
    (tmp_path / "v1" / "weights.npz").unlink()
    with pytest.raises(BundleError, match=r"weights\.npz"):
        bundle.read(tmp_path / "v1")


def test_arrays_that_need_pickle_are_refused_and_run_nothing(tmp_path):
    class Harm:
        def __reduce__(self):
            return (tmp_path.joinpath("harm").write_text, ("done",))

    with pytest.raises(BundleError):
        bundle.unpack(pickle.dumps(Harm()))
    box = np.empty(1, dtype=object)
    box[0] = Harm()
    np.savez(tmp_path / "w.npz", a=box, allow_pickle=True)
    with pytest.raises(BundleError):
        bundle.unpack((tmp_path / "w.npz").read_bytes())
    assert not (tmp_path / "harm").exists()


def test_a_manifest_that_points_outside_the_folder_is_refused(tmp_path):
    (tmp_path / "secret").write_text("x")
    bundle.write(tmp_path / "v1", {"version": "v1"}, {})
    manifest = {"format": 1, "version": "v1", "files": {"../secret": "00"}}
    sealed = bundle._sealed(manifest)
    (tmp_path / "v1" / "manifest.json").write_bytes(sealed)
    with pytest.raises(BundleError, match="之外的文件"):
        bundle.read(tmp_path / "v1")


def test_a_manifest_of_another_format_is_refused(tmp_path):
    bundle.write(tmp_path / "v1", {"version": "v1"}, {})
    manifest = json.loads((tmp_path / "v1" / "manifest.json").read_text())
    del manifest["digest"]
    (tmp_path / "v1" / "manifest.json").write_bytes(bundle._sealed({**manifest, "format": 99}))
    with pytest.raises(BundleError, match="99"):
        bundle.read(tmp_path / "v1")


def test_promoting_and_going_back(tmp_path):
    for version in ("v1", "v2"):
        bundle.write(tmp_path / version, {"version": version}, {})
        bundle.use(tmp_path, version)
    assert bundle.current(tmp_path).name == "v2"
    assert bundle.go_back(tmp_path) == "v1"
    assert bundle.current(tmp_path).name == "v1"
    with pytest.raises(BundleError, match="没有更早的版本"):
        bundle.go_back(tmp_path)


def test_a_version_that_is_not_there_or_is_a_path_is_refused(tmp_path):
    bundle.write(tmp_path / "v1", {"version": "v1"}, {})
    for name in ("v9", "../v1", "", "v1/"):
        with pytest.raises(BundleError):
            bundle.named(tmp_path, name)


def test_a_house_without_a_model_says_what_to_do(tmp_path):
    with pytest.raises(BundleError, match="zuofeng train"):
        bundle.current(tmp_path)


def test_a_file_that_was_added_is_refused(tmp_path):
    bundle.write(tmp_path / "v1", {"version": "v1"}, FILES)
    (tmp_path / "v1" / "added.txt").write_text("x")
    with pytest.raises(BundleError, match="清单之外"):
        bundle.read(tmp_path / "v1")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04garbage", b"no archive"])
def test_weights_that_are_no_archive_are_refused(content):
    with pytest.raises(BundleError):
        bundle.unpack(content)
