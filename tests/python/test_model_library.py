"""The library of models/melanoma-tis loads: every drug, regimen, perturbation, context, cohort and list of readouts."""

import pathlib
import subprocess

import pytest

MODEL = pathlib.Path(__file__).resolve().parents[2] / "models" / "melanoma-tis"


def names(folder, pattern):
    return sorted(f"{folder}/{path.name}" for path in (MODEL / folder).glob(pattern))


CONTEXTS = [pathlib.Path(name).stem for name in names("contexts", "*.toml")]
WITH = {"t-cells": "immune-competent,"}  # contexts that need another one


def check(senoma, folder, files, *options):
    top = folder / "top.toml"
    listed = ", ".join(f'"{MODEL / name}"' for name in files)
    top.write_text(f'extends = [{listed}]\n[time]\nduration = "90 d"\n')
    done = subprocess.run([senoma, "check", top, *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("context", CONTEXTS)
def test_context(senoma, tmp_path, context):
    check(senoma, tmp_path, ["tissue.toml"], "--context", WITH.get(context, "") + context)


def test_drugs_of_a_dish(senoma, tmp_path):
    check(senoma, tmp_path, ["culture.toml", *names("drugs", "*-bath.toml"), *names("perturbations", "*.toml")])


def test_regimens_with_immune_cells(senoma, tmp_path):
    check(senoma, tmp_path, ["tissue.toml", *names("regimens", "*.toml")], "--context", "immune-competent,t-cells")


def test_drugs_in_the_body_and_readouts(senoma, tmp_path):
    check(senoma, tmp_path,
          ["tissue.toml", "body-immune.toml", *names("drugs", "*-body.toml"), "drugs/ccr2-antagonist-immune.toml",
           "readouts-invasion.toml", "readouts-exposure.toml", *names("cohorts", "*.toml")])


def test_the_network_with_its_oscillations(senoma, tmp_path):
    for place in ("tissue.toml", "culture.toml"):
        done = check(senoma, tmp_path, [place, "full-mode.toml", "drugs/radiation.toml"])
        assert "49 states" in done
        assert "38 states" in check(senoma, tmp_path, [place, "full-mode.toml", "networks/melanoma.toml", "networks/melanoma-wiring.toml"])


def test_capillaries_juxtacrine_signals_and_assays(senoma, tmp_path):
    check(senoma, tmp_path, ["tissue.toml", "vessels.toml", "juxtacrine.toml"])
    for assay in names("assays", "*.toml"):
        check(senoma, tmp_path, [assay])


@pytest.mark.parametrize("experiment", names("experiments/contradictions", "*.toml") + ["experiments/uncertainty/secretion-scale.toml"])
def test_experiment(senoma, experiment):
    few = ["-s", "experiment.seeds=8"]  # check loads every draw of a cohort
    done = subprocess.run([senoma, "check", MODEL / experiment, *few], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("study", names("studies", "*.toml"))
def test_study(senoma, tmp_path, study):
    kind = pathlib.Path(study).stem.removeprefix("secretome-").removesuffix("-temozolomide")
    profiles = {"actors": {"": "wide: 3120 members", "quick": "= 480 members"}, "redundancy": {"": "= 1032 members"}, "priors": {"": "= 768 members"},
                "timing": {"": "= 816 members"}}
    for profile, size in profiles[kind].items():
        options = ["--profile", profile] if profile else []
        done = subprocess.run([senoma, "screen", MODEL / study, "--plan", "-o", tmp_path, *options], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert size in done.stdout + done.stderr


def test_a_marrow_that_is_emptied_stays_defined(senoma, tmp_path):
    """Two permanent blocks of dividing precursors: neutrophils fall to rounding errors of either sign, from which their feedback took a power."""
    study = tmp_path / "pair.toml"
    study.write_text(f"""extends = "{MODEL}/studies/secretome-actors.toml"
[study]
stage = []
seeds = 1
levels = [0.95]
only_targets = ["MDM2", "alisertib"]
only_contexts = ["baseline"]
timing = [ {{ name = "with chemotherapy", reference = "chemotherapy" }} ]
pair = [ {{ of = ["MDM2", "alisertib"] }} ]
[[study.fidelity]]
name = "well mixed"
contexts = ["well-mixed-nodule"]
""")
    done = subprocess.run([senoma, "screen", study, "-o", tmp_path / "out", "--progress", "none"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = (tmp_path / "out" / "members.csv").read_text().splitlines()
    assert any("MDM2 95% + alisertib" in row and ",finished," in row for row in rows)
