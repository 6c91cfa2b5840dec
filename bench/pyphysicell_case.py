#!/usr/bin/env python3
"""The whole-run case in PyPI's pyphysicell and in Senoma, side by side: 10^4 cells by default, some simulated minutes.

  python3 -m venv other && other/bin/pip install pyphysicell && other/bin/python bench/pyphysicell_case.py [CELLS [MINUTES]]

pyphysicell is an independent reimplementation of PhysiCell 1.14.2 (Python loop, C++ kernels, same time steps), not the
program whose measured times stand in bench/README.md. Same cube, packing, oxygen, uptake, cycle rate, death and pair forces;
the oxygen rule of the cycle is left out on its side. Prints seconds per simulated hour. SENOMA names our program.
"""
import math
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import whole_run

RADIUS = 8.41  # um


def packed_sphere(cells):
    sites, n = [], int((cells / 0.7) ** (1 / 3)) + 4
    for i in range(-n, n + 1):
        for j in range(-n, n + 1):
            for k in range(-n, n + 1):
                sites.append((i * math.sqrt(3) * RADIUS + (k % 2) * RADIUS / 2, j * 2 * RADIUS + (i % 2) * RADIUS,
                              k * math.sqrt(3) * RADIUS))
    return sorted(sites, key=lambda p: p[0] ** 2 + p[1] ** 2 + p[2] ** 2)[:cells]


def other_program(pc, cells, minutes, threads):
    half = whole_run.SIDE.get(cells, 20 * round(1080 * (cells / 1e5) ** (1 / 3) / 20)) / 2
    faces = {face: (True, 38.0) for face in ("xmin", "xmax", "ymin", "ymax", "zmin", "zmax")}
    apoptosis = pc.DeathModel(code=100, name="apoptosis", death_rate=5.31667e-5, phase_durations={0: 516.0})
    tumour = pc.CellType(
        name="tumour",
        cycle=pc.Cycle(code=5, name="live", transition_rates={(0, 0): 0.00072}),
        deaths={"apoptosis": apoptosis},
        secretion={"oxygen": pc.SecretionEntry(uptake_rate=10.0)},
    )
    model = pc.Model(
        domain=pc.Domain(-half, half, -half, half, -half, half, 20, 20, 20, use_2D=False),
        substrates=[pc.Substrate("oxygen", 1e5, 0.1, 38.0, True, 38.0, faces)],
        cell_types=[tumour],
        omp_num_threads=threads,
    )
    simulation = pc.Simulation(model, seed=1)
    simulation.add_cells(packed_sphere(cells), "tumour")
    start = time.perf_counter()
    simulation.run(until=minutes)
    return time.perf_counter() - start, simulation.cells.n


def main():
    try:
        import pyphysicell as pc
    except ImportError:
        sys.exit("pyphysicell is not installed in this Python: see --help in the first lines of this file")
    cells = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 6.0
    threads = 2
    seconds, n = other_program(pc, cells, minutes, threads)
    theirs = seconds * 60.0 / minutes
    print(f"pyphysicell {getattr(pc, '__version__', '')} (backend {pc.BACKEND}, {threads} threads): {theirs:.1f} s per simulated hour"
          f" (measured over {minutes:g} min, {n} cells at the end)")
    program = whole_run.os.environ.get("SENOMA", str(whole_run.ROOT / "build/release/senoma"))
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder) / "model.toml"
        model.write_text(whole_run.model_of(cells), encoding="utf-8")
        ours = whole_run.simulate(program, model, pathlib.Path(folder) / "run", threads)["wall_s"]
    print(f"senoma ({threads} threads): {ours:.2f} s per simulated hour, {theirs / ours:.0f} times faster")


if __name__ == "__main__":
    main()
