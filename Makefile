# The two commands: `make demo` and `make test`. Every target installs what it needs, skips what is done, and may be repeated.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

JOBS ?= $(shell nproc)
BUILD := build/release
SENOMA := $(BUILD)/senoma
LAUNCHER = $(shell command -v ccache >/dev/null && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
CONFIGURE = cmake --preset release $(LAUNCHER) >/dev/null
SANITIZERS = ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
PYTEST = SENOMA_BUILD=$(BUILD) build/venv/bin/python -m pytest -q -p no:cacheprovider

.PHONY: help setup build demo test python verify test-long test-asan test-tsan bench format check tidy clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup:
	@tools/setup.sh build

build: setup  ## the program, build/release/senoma
	@$(CONFIGURE) $(if $(wildcard $(BUILD)/CMakeCache.txt),,-DSENOMA_BUILD_TESTS=OFF)
	@cmake --build $(BUILD) -j $(JOBS) --target senoma

demo: build  ## the main experiment: a tumour under three drug doses, and why it comes back (about 3 minutes)
	@$(SENOMA) run models/melanoma-tis/experiments/relapse.toml --profile quick --out out/relapse

test: build-tests  ## all tests (15 minutes at most)
	@ctest --test-dir $(BUILD) -j $(JOBS) --output-on-failure --no-tests=error -LE validation
	@$(PYTEST) -m 'not long' tests/python

python: build-tests  ## the Python package `senoma`, in build/venv
	@echo "build/venv/bin/python -c 'import senoma'"

verify: build  ## the evidence pack, out/verify/verify.html (15 minutes at most)
	@$(SENOMA) verify

test-long: test  ## and the published findings (tests/validation) and ten minutes of fuzzing
	@ctest --test-dir $(BUILD) -j $(JOBS) --output-on-failure -L validation
	@$(PYTEST) -m long tests/python
	@tools/fuzz.sh 200

test-asan:  ## the tests under the address and undefined-behaviour sanitizers
	@tools/setup.sh build test
	@cmake --preset asan $(LAUNCHER) >/dev/null
	@cmake --build build/asan -j $(JOBS)
	@$(SANITIZERS) ctest --test-dir build/asan -j $(JOBS) --output-on-failure --no-tests=error -LE validation

test-tsan:  ## the tests under the thread sanitizer (std::thread back-end); others' suites run on one thread and are left out
	@tools/setup.sh build test
	@cmake --preset tsan $(LAUNCHER) >/dev/null
	@cmake --build build/tsan -j $(JOBS)
	@ctest --test-dir build/tsan -j $(JOBS) --output-on-failure --no-tests=error -LE 'validation|conformance'

.PHONY: build-tests
build-tests:
	@tools/setup.sh build test python
	@$(CONFIGURE) -DSENOMA_BUILD_TESTS=ON -DSENOMA_BUILD_PYTHON=ON
	@cmake --build $(BUILD) -j $(JOBS)
	@cmake --install $(BUILD) --component python >/dev/null

bench:  ## the benchmarks of kernels and whole runs, build/bench/*.json (about 4 minutes)
	@tools/setup.sh build bench
	@cmake --preset release -B build/bench $(LAUNCHER) -DSENOMA_BUILD_TESTS=OFF -DSENOMA_BUILD_BENCH=ON >/dev/null
	@cmake --build build/bench -j $(JOBS) --target benches senoma
	@bench/run.sh build/bench
	@SENOMA=build/bench/senoma python3 bench/whole_run.py

format:  ## apply .clang-format
	@tools/setup.sh check
	@tools/format.sh

check:  ## layers, names, provenance of the models' numbers, format, file sizes
	@tools/setup.sh check
	@python3 tools/check_layers.py
	@python3 tools/check_names.py
	@python3 tools/check_models.py
	@tools/format.sh --check
	@python3 tools/check_sizes.py

tidy:  ## clang-tidy over src/ (slow)
	@tools/setup.sh build test check
	@$(CONFIGURE)
	@find src -name '*.cpp' | xargs -P $(JOBS) -n 4 clang-tidy-14 -p $(BUILD) --quiet --extra-arg=-Wno-unknown-warning-option

clean:  ## remove the builds; what was installed and out/ stay
	@find build -mindepth 1 -maxdepth 1 ! -name deps ! -name venv -exec rm -rf {} +
