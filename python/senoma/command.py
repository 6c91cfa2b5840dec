"""The commands senoma-sensitivity, senoma-calibrate and senoma-optimise, found by `senoma VERB`, and senoma-screen, to which `senoma screen
--dask` hands over. Exit codes as those of senoma."""
import argparse
import os
import sys

from senoma.errors import Error
from senoma.plan import load_model, read_plan

_EXAMPLES = {
    "sensitivity": """Examples:
  senoma sensitivity relapse.toml --profile quick -p 'cell.melanoma.*' -O restricted_relapse --method morris
  senoma sensitivity plan.toml --out out/which-matter --dask tcp://host:8786
A plan:
  model = "relapse.toml"
  profile = "quick"
  parameters = ["substrates.*.decay"]                      # or a table: "KEY" = "loguniform(0.1, 10)"
  outcomes = ["restricted_relapse", "max CCL2"]
  method = "sobol"
  n = 256
  seeds = 4""",
    "calibrate": """Examples:
  senoma calibrate plan.toml --out out/fit
  senoma calibrate plan.toml --method point -n 400 -j 2
A plan:
  model = "growth.toml"
  parameters = { "cell.melanoma.cycle.duration" = "loguniform(10, 60)" }
  [[data]]
  file = "counts.csv"              # header: time[h],well,count
  readout = "cells"
  value = "count"
  replicate = "well"
  sigma = 0.1                      # of ln(count); or "unknown": estimated
  normalise = "first"
  set = { arm = "no drug" }""",
    "optimise": """Examples:
  senoma optimise plan.toml --out out/schedule
  senoma optimise plan.toml -n 60 --seeds 8 -j 2
A plan:
  model = "relapse.toml"
  profile = "quick"
  seeds = 4
  constraints = ["auc toxin <= 40"]
  [variables]
  "drug.toxin.schedule[0].dose" = "uniform(50, 400) mg"
  [objectives]
  restricted_relapse = "maximise"
  "auc toxin" = "minimise\"""",
}
_WHAT = {"sensitivity": "Which uncertain values matter: Morris or Sobol indices over the priors of a model",
         "calibrate": "Fit parameters to data: a posterior (ABC-SMC) or the best point",
         "optimise": "Search doses and schedules for several objectives: the Pareto front"}


def _parser(verb):
    parser = argparse.ArgumentParser(prog=f"senoma {verb}", description=_WHAT[verb], epilog=_EXAMPLES[verb], formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="a plan (.toml)" + (", or the model or experiment itself" if verb == "sensitivity" else ""))
    if verb == "sensitivity":
        parser.add_argument("-p", "--parameter", action="append", default=[], metavar="KEY[=PRIOR]", help="a value to vary, a pattern, or KEY=loguniform(a,b)")
        parser.add_argument("-O", "--outcome", action="append", default=[], help="what is measured: restricted_relapse, 'max READOUT' …")
    if verb != "optimise":
        parser.add_argument("--method", choices=["sobol", "morris"] if verb == "sensitivity" else ["abc", "point"])
    parser.add_argument("-n", type=int, help="size of the search")
    parser.add_argument("-s", "--set", action="append", default=[], metavar="KEY=VALUE", help="override; may be given often")
    parser.add_argument("-c", "--context", action="append", default=[], help="context of the model; may be given often")
    parser.add_argument("--profile", help="profile of the model")
    parser.add_argument("--arm", help="arm of the experiment")
    parser.add_argument("--seeds", type=int, help="seeds per setting")
    parser.add_argument("--seed", type=int, help="of the search itself")
    parser.add_argument("-j", "--jobs", type=int, help="threads here (default: all processors)")
    parser.add_argument("--dask", metavar="ADDRESS", help="run members on the workers of this Dask scheduler")
    parser.add_argument("-o", "--out", help="folder for the results (default: out/NAME)")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="json: the table to stdout")
    return parser


def _arguments_of_search(arguments, given):
    for name in ("method", "n", "seeds", "seed"):
        if getattr(arguments, name, None) is not None:
            given[name] = getattr(arguments, name)
    asked = [text.partition("=") for text in getattr(arguments, "parameter", [])]
    if any(equals for _, equals, _ in asked):
        without = [key for key, equals, _ in asked if not equals]
        if without:
            raise Error("E9110", f"-p {without[0]} has no prior, others have", help="give KEY=PRIOR for all, or for none")
        given["parameters"] = {key: prior for key, _, prior in asked}
    elif asked:
        given["parameters"] = [key for key, _, _ in asked]
    if getattr(arguments, "outcome", None):
        given["outcomes"] = arguments.outcome
    return given


def _run(verb, search, show):
    arguments, given = _parser(verb).parse_args(), {}
    try:
        model, given = read_plan(arguments.file, verb)
        given = _arguments_of_search(arguments, given)
        folder = arguments.out or os.path.join("out", os.path.splitext(os.path.basename(arguments.file))[0] + "-" + verb)
        result = search(load_model(model, arguments), **given, executor=arguments.dask, jobs=arguments.jobs, folder=folder)
    except Error as error:
        print(error, file=sys.stderr)
        return {"configuration": 2, "numerical": 3, "input_output": 4}[error.kind]
    except OSError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        anew = verb == "calibrate" and given.get("method", "abc") == "abc"
        print("interrupted; a posterior begins anew" if anew else "interrupted; the same command goes on", file=sys.stderr)
        return 130
    table = show(result)
    if arguments.format == "json":
        print(table.to_json(orient="records", indent=1))
    else:
        print(table.head(20).to_string(index=False, float_format=lambda x: f"{x:.4g}"), file=sys.stderr)
    print(f"results   {folder}\nreport    {os.path.join(folder, 'report.html')}", file=sys.stderr)
    return 0


def sensitivity():
    from senoma.sensitivity import sensitivity as search

    return _run("sensitivity", search, lambda result: result)


def calibrate():
    from senoma.calibrate import calibrate as search

    return _run("calibrate", search, lambda result: result.table)


def optimise():
    from senoma.optimise import optimise as search

    return _run("optimise", search, lambda result: result[result["front"]])


def screen():
    """The program itself, with the workers that it does not know."""
    import contextlib

    from senoma import _core
    from senoma.pools import open_pool
    from senoma.screen import run_work

    with contextlib.ExitStack() as open_until_done:
        def connect(address, jobs):
            pool = open_until_done.enter_context(open_pool(address))
            return f"{pool.slots()} at {address}", lambda work: run_work(work, pool, jobs or None)

        return _core.program(["senoma", "screen", *sys.argv[1:]], connect)
