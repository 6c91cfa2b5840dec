"""docs/user-guide/add-a-factor.md as a user would follow it: its blocks become files beside the shipped model and run."""

import csv
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/user-guide/add-a-factor.md"


def blocks():
    """File name -> text: each toml block names its file in its first comment."""
    found = {}
    for block in re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL):
        found[re.match(r"# (\S+\.toml):", block).group(1)] = block
    return found


def test_a_new_factor_needs_data_files_only(senoma, tmp_path):
    model = tmp_path / "melanoma-tis"
    shutil.copytree(ROOT / "models/melanoma-tis", model)
    files = blocks()
    assert set(files) == {"osteopontin.toml", "osteopontin-relapse.toml"}
    for name, text in files.items():
        (model / name).write_text(text)
    experiment = model / "osteopontin-relapse.toml"

    check = subprocess.run([senoma, "check", experiment], capture_output=True, text=True)
    assert check.returncode == 0, check.stderr
    assert "OPN (nM)" in check.stdout
    assert "'OPN'" not in check.stderr  # made and sensed

    out = tmp_path / "out"
    run = subprocess.run([senoma, "run", experiment, "--out", out], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    rows = list(csv.DictReader(open(out / "summary.csv")))
    assert float(rows[0]["OPN[nM]"]) == 0.0
    assert float(rows[-1]["OPN[nM]"]) > 1e-6


def test_check_warns_when_the_new_factor_is_made_by_no_one(senoma, tmp_path):
    model = tmp_path / "melanoma-tis"
    shutil.copytree(ROOT / "models/melanoma-tis", model)
    text = blocks()["osteopontin.toml"]
    text = text.replace('"opn_basal + opn_max * sasp" = "OPN secretion"', "")
    (model / "osteopontin.toml").write_text(text + '\n[time]\nduration = "1 d"\n')
    check = subprocess.run([senoma, "check", model / "osteopontin.toml"], capture_output=True, text=True)
    assert check.returncode == 0, check.stderr
    assert "no one makes 'OPN'" in check.stderr
