"""Where the built programs are: SENOMA_BUILD names the build folder (make test: build/release)."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def pytest_configure(config):
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
