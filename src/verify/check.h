// What `senoma verify` holds the program to: a check has a statement that can be false, runs something of the product
// and gives figures, each with the value it must agree with, its error and the bound on the error. A check passes when
// it has at least one figure and every figure keeps its bound. Plain data; who makes checks lists them in
// catalogue.cpp.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "results/report_document.h"

namespace senoma::verify {

/// How much is run: `quick` in two minutes, `standard` in fifteen, `full` without a limit.
enum class Depth { quick, standard, full };
[[nodiscard]] std::string name(Depth depth);

/// What a check gets.
struct Context {
  Depth depth = Depth::standard;
  int threads = 1;                ///< that this check may use
  std::filesystem::path models;   ///< the models that come with the program
  std::filesystem::path scratch;  ///< an empty folder of this check's own, removed afterwards
  std::filesystem::path suites;   ///< reference results of other programs; empty when they are not at hand
  const std::atomic<bool>* stop = nullptr;
};

struct Figure {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  enum class Rule {
    error_at_most,  ///< error ≤ bound
    at_least,       ///< measured ≥ bound
    at_most,        ///< measured ≤ bound
    equal           ///< the texts are the same
  };
  std::string name, unit;
  Rule rule = Rule::error_at_most;
  double measured = unknown, expected = unknown, error = unknown, bound = unknown;
  std::string measured_text = {}, expected_text = {};  ///< Rule::equal

  [[nodiscard]] bool holds() const;  ///< false for NaN
};

/// Errors against a step or a spacing that is refined from row to row, and the observed orders between rows.
struct Convergence {
  std::string refined, unit;  ///< "spacing", "um"
  std::vector<double> sizes, errors;

  void add(double size, double error);
  /// log(e_k/e_(k+1)) / log(h_k/h_(k+1)), one less than rows.
  [[nodiscard]] std::vector<double> orders() const;
};

struct Outcome {
  std::vector<Figure> figures;
  std::vector<results::ReportBlock> blocks;  ///< tables and charts of the page
  std::vector<std::string> notes;            ///< sentences: what was skipped and why, what was fitted
  std::string skipped;                       ///< why nothing could be run; empty: it was

  /// |measured − expected| ≤ bound.
  void near(const std::string& name, double measured, double expected, double bound, const std::string& unit = "");
  /// |measured/expected − 1| ≤ bound.
  void near_relative(const std::string& name, double measured, double expected, double bound,
                     const std::string& unit = "");
  /// A largest error that was computed elsewhere.
  void error_at_most(const std::string& name, double error, double bound, const std::string& unit = "");
  void at_least(const std::string& name, double measured, double bound, const std::string& unit = "");
  void at_most(const std::string& name, double measured, double bound, const std::string& unit = "");
  void equal(const std::string& name, const std::string& measured, const std::string& expected);
  /// The smallest observed order as a figure, the table as a block.
  void order_at_least(const std::string& name, const Convergence& convergence, double bound);
};

struct Check {
  std::string group, id, title;  ///< id: "fields/point-source"
  std::string statement;         ///< what is compared with what, and where that is from
  Depth from = Depth::quick;     ///< the least depth at which it runs
  bool alone = false;            ///< uses all threads, or changes a setting of the process
  std::function<Outcome(const Context&)> run;
};

}  // namespace senoma::verify
