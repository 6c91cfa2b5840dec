// Studies: run here with members on threads of the core or wherever a Python function takes them; the worker's side of
// that; and the program `senoma` itself, for `senoma screen --dask`.
// The GIL is released except while Python code runs. A Python function that the core calls may be called, kept and let
// go by threads that Python does not know.
#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "cli/study_progress.h"
#include "cli/verbs.h"
#include "core.h"
#include "study/study_stages.h"

namespace nb = nanobind;

namespace senoma::python {

namespace {

/// What `work` throws as senoma.Error in Python.
template <class Work>
auto without_gil(Work&& work, const std::map<std::string, std::string>& sources = {}) {
  std::optional<Error> error;
  {
    const nb::gil_scoped_release free_threads;
    try {
      return work();
    } catch (const Error& e) {
      error = e;
    }
  }
  raise(*error, sources);
}

/// study::StudyWork as long as the function that got it has not returned.
struct Work {
  const study::StudyWork* work = nullptr;
  [[nodiscard]] const study::StudyWork& get() const {
    if (!work) throw std::runtime_error("the study is over");
    return *work;
  }
};

using SharedObject = std::shared_ptr<nb::object>;

SharedObject shared(nb::object object) {
  return {new nb::object(std::move(object)), [](nb::object* last) {
            const nb::gil_scoped_acquire hold;
            delete last;
          }};
}

/// A Python function of the work that is left.
std::function<void(const study::StudyWork&)> execute_by(const SharedObject& function) {
  return [function](const study::StudyWork& work) {
    const nb::gil_scoped_acquire hold;
    const auto passed = std::make_shared<Work>(Work{&work});
    try {
      (*function)(passed);
    } catch (...) {
      passed->work = nullptr;
      throw;
    }
    passed->work = nullptr;
  };
}

/// While `fault` is handled: a senoma.Error goes on as the core's, anything else as it is.
[[noreturn]] void rethrow(const nb::python_error& fault) {
  const nb::gil_scoped_acquire hold;
  if (!fault.matches(nb::module_::import_("senoma.errors").attr("Error"))) throw;
  const nb::handle raised = fault.value();
  const auto kind = nb::cast<std::string>(raised.attr("kind"));
  Error error(nb::cast<std::string>(raised.attr("code")), nb::cast<std::string>(raised.attr("message")),
              kind == "configuration" ? ErrorKind::configuration
              : kind == "numerical"   ? ErrorKind::numerical
                                      : ErrorKind::input_output);
  for (const nb::handle remedy : raised.attr("help")) error.help(nb::cast<std::string>(remedy));
  if (const nb::object place = raised.attr("place"); !place.is_none() && nb::cast<std::string>(place[0]) != "")
    error.at({nb::cast<std::string>(place[0]), nb::cast<int>(place[1]), nb::cast<int>(place[2]), 0});
  throw error;
}

template <class Call>
auto translated(Call&& call) {
  try {
    return call();
  } catch (const nb::python_error& fault) {
    rethrow(fault);
  }
}

/// `connect(address, jobs)` gives (words, function of the work).
int program(const std::vector<std::string>& arguments, nb::object connect) {
  const auto connector = shared(std::move(connect));
  cli::Program with_cluster;
  with_cluster.cluster = [connector](const std::string& address, int jobs) {
    return translated([&] {
      const nb::gil_scoped_acquire hold;
      const nb::tuple found = nb::cast<nb::tuple>((*connector)(address, jobs));
      const auto execute = execute_by(shared(nb::borrow(found[1])));
      return cli::Cluster{nb::cast<std::string>(found[0]),
                          [execute](const study::StudyWork& work) { translated([&] { execute(work); }); }};
    });
  };
  std::vector<std::string> texts = arguments;
  std::vector<char*> argv;
  for (auto& text : texts) argv.push_back(text.data());
  argv.push_back(nullptr);
  const nb::gil_scoped_release free_threads;
  return cli::main(static_cast<int>(texts.size()), argv.data(), std::move(with_cluster));
}

/// What a study came to; of one with stages, its last.
struct Screened {
  std::string out, title, plan;
  std::size_t total = 0, failed = 0, simulated = 0;
  bool stopped = false;
  double seconds = 0;
};

std::function<Screened(const study::RunStudyOptions&)> planned(const study::StudyOptions& options,
                                                               std::map<std::string, std::string>* sources) {
  if (study::has_stages(options, sources)) {
    const auto plan = std::make_shared<study::StagesPlan>(study::plan_stages(options, sources));
    return [plan](const study::RunStudyOptions& run) {
      const auto result = study::run_stages(*plan, run);
      const auto& last = result.stages.back();
      return Screened{result.out.string(), plan->title,      last.plan.hash, last.result.total,
                      result.failed,       result.simulated, result.stopped, result.wall_seconds};
    };
  }
  const auto plan = std::make_shared<study::StudyPlan>(study::plan_study(options, sources));
  return [plan](const study::RunStudyOptions& run) {
    const auto result = study::run_study(*plan, run);
    return Screened{plan->out.string(), plan->title,      plan->hash,     result.total,
                    result.failed,      result.simulated, result.stopped, result.wall_seconds};
  };
}

nb::dict answer_of(const Screened& screened) {
  nb::dict answer;
  answer["out"] = screened.out;
  answer["title"] = screened.title;
  answer["plan"] = screened.plan;
  answer["total"] = screened.total;
  answer["failed"] = screened.failed;
  answer["simulated"] = screened.simulated;
  answer["stopped"] = screened.stopped;
  answer["seconds"] = screened.seconds;
  return answer;
}

/// Runs in a thread of its own, while this one delivers signals to Python (Ctrl-C).
nb::dict screen(const std::string& file, const std::string& profile, const std::vector<std::string>& overrides,
                const std::string& out, const std::vector<std::string>& only, int jobs, nb::object execute,
                bool progress) {
  study::StudyOptions options;
  options.file = file;
  options.profile = profile;
  options.overrides = overrides;
  options.out = out;
  std::map<std::string, std::string> sources;
  const auto run_planned = without_gil([&] { return planned(options, &sources); }, sources);

  std::atomic<bool> stop{false};
  cli::StudyProgressDisplay display(progress ? "auto" : "none");
  study::RunStudyOptions run;
  run.jobs = jobs;
  run.only = only;
  run.stop = &stop;
  run.progress = [&](const study::StudyProgress& p) { display.show(p); };
  if (!execute.is_none()) run.execute = execute_by(shared(std::move(execute)));

  Screened result;
  std::exception_ptr thrown;
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false, signalled = false;
  std::thread work([&] {
    try {
      result = run_planned(run);
    } catch (...) {
      thrown = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    over = true;
    changed.notify_one();
  });
  {
    const nb::gil_scoped_release free_threads;
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, std::chrono::milliseconds(100), [&] { return over; })) {
      if (signalled) continue;
      lock.unlock();  // never wait for the GIL with it
      {
        const nb::gil_scoped_acquire hold;
        signalled = PyErr_CheckSignals() != 0;
      }
      if (signalled) stop = true;
      lock.lock();
    }
    lock.unlock();
    work.join();
    run.execute = nullptr;
  }
  if (signalled) throw nb::python_error();
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const Error& error) {
    raise(error, sources);
  }
  return answer_of(result);
}

}  // namespace

void bind_study(nb::module_& m) {
  nb::class_<Work>(m, "StudyWork", "Members of a study that are to be run.")
      .def_prop_ro("request", [](const Work& w) { return w.get().request; })
      .def_prop_ro("groups", [](const Work& w) { return w.get().groups; })
      .def(
          "deliver",
          [](const Work& w, const std::string& name, const std::string& record) {
            without_gil([&] { w.get().deliver(name, record); });
          },
          nb::arg("name"), nb::arg("record"))
      .def("stopped", [](const Work& w) { return w.get().stopped(); })
      .def("note", [](const Work& w, const std::string& text) {
        if (w.get().note) w.get().note(text);
      });
  nb::class_<study::StudyWorker>(m, "StudyWorker", "Runs members of a study for somebody else.")
      .def("__init__", [](study::StudyWorker* at,
                          const std::string& request) { without_gil([&] { new (at) study::StudyWorker(request); }); })
      .def_prop_ro("here", &study::StudyWorker::here)
      .def_prop_ro("expected", &study::StudyWorker::expected)
      .def(
          "run",
          [](study::StudyWorker& worker, const std::vector<std::string>& names, const std::shared_ptr<StopFlag>& stop) {
            return without_gil([&] { return worker.run(names, stop ? &stop->set : nullptr); });
          },
          nb::arg("names"), nb::arg("stop").none() = nb::none());
  m.def("screen", &screen, nb::arg("file"), nb::arg("profile"), nb::arg("overrides"), nb::arg("out"), nb::arg("only"),
        nb::arg("jobs"), nb::arg("execute").none(), nb::arg("progress"));
  m.def("program", &program, nb::arg("arguments"), nb::arg("connect"),
        "The program senoma: prints and returns the exit code.");
}

}  // namespace senoma::python
