"""The project's own rules, as `make check` applies them: layers, no biology in src/, and the provenance of every number in models/."""

import importlib.util
import pathlib
import subprocess
import sys
import tomllib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("tool", ["check_layers.py", "check_names.py", "check_models.py"])
def test_the_project_keeps_its_rule(tool):
    done = subprocess.run([sys.executable, ROOT / "tools" / tool], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def tool_module(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def check_models():
    return tool_module("check_models")


def test_a_name_of_biology_in_the_sources_is_found_in_any_spelling(tmp_path, monkeypatch):
    check_names = tool_module("check_names")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.h").write_text("/// the NF-kB pathway\n/// a ligand\n/// drives IL6_occ and anti-CCL2\n", encoding="utf-8")
    names = {"nfkb", "il6", "ccl2"} | {check_names.plain(n) for n in check_names.names_of_models()}
    assert {"fotemustine", "tgfb", "oxygen"} <= names
    monkeypatch.setattr(check_names, "ROOT", tmp_path)
    found = list(check_names.faults(names))
    assert len(found) == 2 and found[0].startswith("src/a.h:1: names NF-kB") and "CCL2, IL6" in found[1]


def faults(module, document):
    found = []
    module.walk(document, [], {}, found, {})
    return found


def test_a_number_without_source_or_grade_is_found(check_models):
    assert faults(check_models, {"substrates": {"A": {"decay": "0.1 /min"}}}) == [
        "substrates.A.decay = '0.1 /min': no source and no grade"]
    assert faults(check_models, {"parameters": {"p": {"value": 2, "source": "s"}}}) == ["parameters.p = 2: no grade"]
    assert faults(check_models, {"cell": {"A": {"transition": [{"hazard": "0.02 [1/h] * x"}]}}}) != []
    assert "none of" in faults(check_models, {"parameters": {"p": {"value": 2, "source": "s", "grade": "sure"}}})[0]


def test_provenance_around_a_value_counts_and_structure_needs_none(check_models):
    given = {"source": "s", "grade": "found"}
    assert faults(check_models, {"substrates": {"A": {**given, "decay": "0.1 /min"}}}) == []
    assert faults(check_models, {"time": {"step": "30 min"}, "profiles": {"quick": {"time": {"step": "1 h"}}}}) == []
    schedule = [{**given, "dose": "100 mg", "at": ["0 d", "7 d"]}]
    assert faults(check_models, {"arm": [{"set": {"drug.A.schedule": schedule, "time.duration": "5 d"}}]}) == []


def test_an_override_of_an_arm_is_read_as_the_key_it_sets(check_models):
    assert len(faults(check_models, {"arm": [{"set": {"substrates.A.decay": "1 /min"}}]})) == 1
    assert check_models.names(["arm", 0, "set", "drug.A.schedule[0].dose"]) == ["drug", "A", "schedule", "dose"]


def test_a_cohort_that_says_prior_draws_from_the_prior(check_models):
    priors = {"network.n.parameters.a": "loguniform(1, 10)"}
    variation = {"key": "network.n.parameters.a", "distribution": "loguniform(1, 10)", "source": "the prior of the rate"}
    assert check_models.strays_from_prior({"cohort": {"vary": {"a": variation}}}, priors) == []
    narrower = {**variation, "distribution": "loguniform(2, 5)"}
    assert "not the prior" in check_models.strays_from_prior({"cohort": {"vary": {"a": narrower}}}, priors)[0]
    of_its_own = {**narrower, "source": "measured"}
    assert check_models.strays_from_prior({"cohort": {"vary": {"a": of_its_own}}}, priors) == []


def test_the_secretion_cohort_draws_every_rate_of_secretion():
    model = ROOT / "models" / "melanoma-tis"
    parameters = tomllib.loads((model / "networks" / "melanoma.toml").read_text(encoding="utf-8"))["network"]["melanoma"]["parameters"]
    rates = {f"network.melanoma.parameters.{name}" for name, value in parameters.items() if "molecules/min" in str(value["value"])}
    cohort = tomllib.loads((model / "cohorts" / "secretion.toml").read_text(encoding="utf-8"))["cohort"]["vary"]
    assert {variation["key"] for variation in cohort.values()} == rates


def test_shares_over_draws_have_exact_intervals():
    spec = importlib.util.spec_from_file_location("secretion_uncertainty", ROOT / "tools" / "secretion_uncertainty.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    low, high = module.exact_interval(128, 128)  # closed form: 0.05^(1/128)
    assert low == pytest.approx(0.05 ** (1 / 128), abs=1e-9) and high == 1.0
    low, high = module.exact_interval(5, 10)  # tables of Clopper and Pearson, 90 %
    assert (low, high) == (pytest.approx(0.2224, abs=1e-4), pytest.approx(0.7776, abs=1e-4))
    assert module.rank_correlation([1, 2, 3, 4], [10, 20, 30, 40]) == pytest.approx(1)
    assert module.rank_correlation([1, 2, 3, 4], [4, 3, 3, 1]) < -0.9
