#include "verify/run.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.h"

namespace senoma::verify {

namespace fs = std::filesystem;

bool Result::passed() const {
  return ran && failure.empty() && outcome.skipped.empty() && !outcome.figures.empty() &&
         std::all_of(outcome.figures.begin(), outcome.figures.end(), [](const Figure& f) { return f.holds(); });
}

namespace {

bool wanted(const Check& check, const std::vector<std::string>& only) {
  return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& name) {
           return name == check.id || name == check.group || check.id.starts_with(name + "/");
         });
}

void require_known(const std::vector<Check>& checks, const std::vector<std::string>& only) {
  for (const auto& name : only) {
    if (std::any_of(checks.begin(), checks.end(), [&](const Check& c) { return wanted(c, {name}); })) continue;
    throw Error("E1501", "no check is called '" + name + "'").help("see them with: senoma verify --list");
  }
}

class Runner {
 public:
  Runner(std::vector<Result>& results, const RunOptions& options) : results_(results), options_(options) {}

  void run() {
    for (auto& result : results_) {
      if (is_due(result) && result.check.alone) run_one(result, options_.threads);
    }
    std::vector<std::thread> workers;
    for (int k = 1; k < options_.threads; ++k) workers.emplace_back([this] { work(); });
    work();
    for (auto& worker : workers) worker.join();
  }

 private:
  [[nodiscard]] bool is_due(const Result& result) const {
    return !stopped() && result.check.from <= options_.depth && wanted(result.check, options_.only);
  }
  [[nodiscard]] bool stopped() const { return options_.stop && options_.stop->load(); }

  void work() {
    for (std::size_t k = next_++; k < results_.size(); k = next_++) {
      if (is_due(results_[k]) && !results_[k].check.alone) run_one(results_[k], 1);
    }
  }

  void run_one(Result& result, int threads) {
    std::string folder = result.check.id;
    std::replace(folder.begin(), folder.end(), '/', '-');
    Context context{options_.depth,  threads,      options_.models, options_.scratch / folder,
                    options_.suites, options_.stop};
    if (options_.begun) {
      const std::lock_guard<std::mutex> lock(mutex_);
      options_.begun(result.check);
    }
    const auto start = std::chrono::steady_clock::now();
    std::error_code ignored;
    try {
      fs::remove_all(context.scratch, ignored);
      fs::create_directories(context.scratch);
      result.outcome = result.check.run(context);
    } catch (const Error& error) {
      result.failure = error.code() + ": " + error.message();
    } catch (const std::exception& error) {
      result.failure = error.what();
    }
    fs::remove_all(context.scratch, ignored);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.ran = !stopped();
    if (!result.ran || !options_.done) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    options_.done(result);
  }

  std::vector<Result>& results_;
  const RunOptions& options_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
};

}  // namespace

std::vector<Result> run(std::vector<Check> checks, const RunOptions& options) {
  require_known(checks, options.only);
  std::vector<Result> results;
  for (auto& check : checks) {
    if (!wanted(check, options.only)) continue;
    results.emplace_back();
    results.back().check = std::move(check);
  }
  Runner(results, options).run();
  return results;
}

Tally tally(const std::vector<Result>& results) {
  Tally sum;
  for (const Result& result : results) {
    sum.seconds += result.seconds;
    sum.figures += result.outcome.figures.size();
    if (!result.ran)
      ++sum.not_run;
    else if (result.skipped())
      ++sum.skipped;
    else
      ++(result.passed() ? sum.passed : sum.failed);
  }
  return sum;
}

}  // namespace senoma::verify
