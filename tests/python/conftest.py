"""Where the built programs are: SENOMA_BUILD names the build folder (make test: build/release)."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes minutes; make test leaves it out, make test-long runs it")
    build = os.environ.get("SENOMA_BUILD")
    if build:
        written_by = (ROOT / build / "tests" / "test_unit_results").resolve()
        os.environ.setdefault("SENOMA_TEST_UNIT_RESULTS", str(written_by))


@pytest.fixture(scope="session")
def senoma():
    """The program, or a skip that says how to build it."""
    program = ROOT / os.environ.get("SENOMA_BUILD", "build/release") / "senoma"
    if not program.exists():
        pytest.skip(f"{program} is not built: make build")
    return program


@pytest.fixture(scope="session")
def sm():
    """The Python package. Under `make test` its absence is a failure."""
    if os.environ.get("SENOMA_BUILD"):
        import senoma as package
    else:
        package = pytest.importorskip("senoma", reason="the Python package is not installed: pip install ./python")
    return package


@pytest.fixture(scope="session")
def tiny():
    """A model file that runs in a fraction of a second."""
    return pathlib.Path(__file__).with_name("tiny.toml")
