#!/usr/bin/env bash
# Installs what is missing, says what it installs, and is silent when nothing is: safe to repeat.
#   tools/setup.sh [build] [test] [python] [check] [bench]     (default: build)
# Debian packages come from tools/debian-packages.txt, through sudo when not root. `test` also unpacks SUNDIALS' static
# CVODE (the tests' reference integrator) into build/deps and makes a Python environment in build/venv; `python` adds to that
# what the Python package is built with and what its searches and clusters need.
set -euo pipefail
cd "$(dirname "$0")/.."
sections=("${@:-build}")

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "setup: this needs root: $*" >&2
    return 1
  fi
}

packages_of() {  # the packages of one [section]
  awk -v wanted="[$1]" '/^#/ || /^$/ {next} /^\[/ {inside = ($0 == wanted); next} inside {print $1}' tools/debian-packages.txt
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# The package lists are fetched only when a package is not in them, and once.
refresh_lists() {
  [ -z "${lists_are_fresh:-}" ] || return 0
  lists_are_fresh=yes
  echo "setup: refreshing the package lists"
  as_root apt-get update -qq
}

has_candidate() {
  apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  for package in "${missing[@]}"; do
    has_candidate "$package" || refresh_lists
  done
  echo "setup: installing ${missing[*]}"
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
  if ! as_root "${install[@]}" >build/setup.log 2>&1; then
    refresh_lists  # lists that are too old name files that are gone
    as_root "${install[@]}" >build/setup.log 2>&1 || { tail -20 build/setup.log >&2; return 1; }
  fi
}

# libsundials-dev would install PETSc and MPI; its headers and static archives alone are 1 MB and enough.
unpack_sundials() {
  local root=build/deps/sundials
  [ ! -e $root/usr/include/cvode/cvode.h ] || return 0
  has_candidate libsundials-dev || refresh_lists
  echo "setup: unpacking CVODE into $root"
  local folder
  folder=$(mktemp -d)
  if (cd "$folder" && apt-get download -qq libsundials-dev >/dev/null 2>&1) ||
    { refresh_lists && (cd "$folder" && apt-get download -qq libsundials-dev >/dev/null); }; then
    mkdir -p $root
    dpkg-deb -x "$folder"/libsundials-dev_*.deb $root
  else
    echo "setup: libsundials-dev is not to be had: the tests against CVODE will be skipped" >&2
  fi
  rm -rf "$folder"
}

make_python() {  # make_python LIST: the packages of tools/LIST.txt in build/venv, which is made if need be
  local list=tools/$1.txt stamp=build/venv/$1.txt
  if [ -e "$stamp" ] && cmp -s "$stamp" "$list"; then return 0; fi
  echo "setup: installing $list into the Python environment build/venv"
  [ -x build/venv/bin/python ] || python3 -m venv build/venv
  build/venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$list"
  cp "$list" "$stamp"
}

mkdir -p build
wanted=()
for section in "${sections[@]}"; do
  found=$(packages_of "$section")
  [ -n "$found" ] || { echo "setup: no section [$section] in tools/debian-packages.txt" >&2; exit 2; }
  # shellcheck disable=SC2206
  wanted+=($found)
done
command -v dpkg-query >/dev/null || { echo "setup: not a Debian or Ubuntu machine; needed are: ${wanted[*]}" >&2; exit 1; }
install_packages "${wanted[@]}"
for section in "${sections[@]}"; do
  if [ "$section" = test ]; then
    unpack_sundials
    make_python python-packages
  elif [ "$section" = python ]; then
    make_python python-package-needs
  fi
done
