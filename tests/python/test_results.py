"""zarr-python and anndata read what src/results writes.

The C++ test program writes the sample (SENOMA_SAMPLE_FOLDER); SENOMA_TEST_UNIT_RESULTS names the program, by default the
newest build/*/tests/test_unit_results.
"""

import os
import pathlib
import subprocess

import numpy as np
import pytest

anndata = pytest.importorskip("anndata")
zarr = pytest.importorskip("zarr", minversion="3")

ROOT = pathlib.Path(__file__).resolve().parents[2]


def program():
    named = os.environ.get("SENOMA_TEST_UNIT_RESULTS")
    if named:
        return pathlib.Path(named)
    found = sorted(ROOT.glob("build/*/tests/test_unit_results"), key=lambda p: p.stat().st_mtime)
    return found[-1] if found else None


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    writer = program()
    if writer is None:
        pytest.skip("test_unit_results is not built: cmake --build --preset release --target test_unit_results")
    folder = tmp_path_factory.mktemp("sample")
    subprocess.run(
        [str(writer), "--gtest_filter=Stores.Sample_run_is_written"],
        check=True,
        capture_output=True,
        env=dict(os.environ, SENOMA_SAMPLE_FOLDER=str(folder)),
    )
    return folder


def test_arrays_strings_and_scalars_come_back(sample):
    group = zarr.open_group(sample / "plain.zarr", mode="r")
    assert group.attrs["note"] == "<&>"
    chunked = group["chunked"]
    assert chunked.chunks == (3, 2) and chunked.dtype == np.int32
    assert chunked.metadata.dimension_names == ("row", "column")
    np.testing.assert_array_equal(chunked[:], np.arange(35).reshape(7, 5) - 10)
    assert list(group["words"][:]) == ["", "µm", "naïve 🧫", "a,b"]
    assert group["pi"][()] == 3.14159


def test_a_frame_is_an_anndata(sample):
    frame = anndata.read_zarr(sample / "cells.zarr" / "frame_000002")
    assert frame.n_obs == 41 and list(frame.var_names) == ["NFkB", "p21"]  # 40 cells, one divided
    assert list(frame.obs["type"].cat.categories) == ["melanoma", "fibroblast"]
    assert list(frame.obs["state"].cat.categories) == ["naive", "arrested", "senescent", "quiescent"]
    assert frame.obs["state"].iloc[1] == "arrested" and frame.obs["state"].iloc[4] == "quiescent"
    assert frame.obs["phase"].iloc[3] == "M" and frame.obs["phase"].iloc[4] == "live"
    assert frame.obs_names.str.fullmatch("[0-9a-f]{16}").all() and frame.obs_names.is_unique
    assert frame.obsm["spatial"].shape == (41, 3) and abs(frame.obsm["spatial"]).max() > 1
    np.testing.assert_array_equal(frame.X[1:40, 0], np.arange(1.0, 40.0))
    np.testing.assert_array_equal(frame.X[:, 1], -frame.X[:, 0])
    assert (frame.obs["damage"] == 0.25).all() and "scratch" not in frame.obs
    assert frame.uns["time"] == 96 * 30 and frame.uns["time_unit"] == "min"
    units = frame.uns["units"]["unit"]
    assert units["age"] == "min" and units["spatial"] == "um" and units["volume"] == "um^3"
    assert list(frame.var["unit"]) == ["nM", "nM"]


def test_daughters_name_their_parent(sample):
    before = anndata.read_zarr(sample / "cells.zarr" / "frame_000001")
    after = anndata.read_zarr(sample / "cells.zarr" / "frame_000002")
    daughters = after.obs[after.obs["parent"] != ""]
    assert len(daughters) == 2 and set(daughters["parent"]) == {before.obs_names[0]}
    assert set(daughters["founder"]) == {before.obs_names[0]} and (daughters["generation"] == 1).all()


def test_a_frame_without_cells_opens(sample):
    frame = anndata.read_zarr(sample / "cells.zarr" / "frame_000000")
    assert frame.n_obs == 0 and frame.obsm["spatial"].shape == (0, 3)


def test_frames_are_listed_with_their_times(sample):
    frames = zarr.open_group(sample / "cells.zarr", mode="r").attrs["frames"]
    assert [f["name"] for f in frames] == ["frame_000000", "frame_000001", "frame_000002"]
    assert [f["time_min"] for f in frames] == [0, 1440, 2880] and [f["cells"] for f in frames] == [0, 20, 41]


def test_fields_are_an_ome_zarr_image(sample):
    group = zarr.open_group(sample / "fields.ome.zarr", mode="r")
    ome = group.attrs["ome"]
    assert ome["version"] == "0.5"
    image = ome["multiscales"][0]
    assert [(a["name"], a.get("unit")) for a in image["axes"]] == [
        ("t", "minute"), ("c", None), ("z", "micrometer"), ("y", "micrometer"), ("x", "micrometer")]
    scale, translation = image["datasets"][0]["coordinateTransformations"]
    assert scale["scale"] == [1440, 1, 10, 20, 20] and translation["translation"] == [0, 0, 5, -90, -110]
    array = group[image["datasets"][0]["path"]]
    assert array.shape == (3, 2, 1, 10, 12) and array.chunks == (1, 1, 1, 10, 12)
    voxels = np.arange(120.0).reshape(10, 12)
    for t in range(3):
        np.testing.assert_allclose(array[t, 0, 0], (voxels + 0.5) * (1 + t), rtol=1e-6)
        np.testing.assert_allclose(array[t, 1, 0], voxels + 1000, rtol=1e-6)
    assert [c["label"] for c in ome["omero"]["channels"]] == ["CCL2 (nM)", "oxygen (mmHg)"]
    assert ome["omero"]["channels"][0]["window"]["end"] == pytest.approx(119.5 * 3)
    assert all(len(c["color"]) == 6 for c in ome["omero"]["channels"])
