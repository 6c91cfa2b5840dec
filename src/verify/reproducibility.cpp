// Same seed, same bits: the relapse experiment (2D, vessels, drug, networks) and the spheroid (3D), run as a user runs
// them, with other thread counts and instruction sets, stopped and resumed, and branched without changes.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/instruction_set.h"
#include "study/branch.h"
#include "study/experiment.h"
#include "verify/catalogue.h"

namespace senoma::verify {

namespace {

struct Subject {
  const char *file, *arm, *profile;
  double hours;  ///< simulated
};

constexpr Subject relapse{"relapse.toml", "drug", "quick", 72};
constexpr Subject spheroid{"spheroid.toml", "", "", 12};

std::string until(double hours) { return fmt::format("{:g} h", hours); }

study::ExperimentOptions options_for(const Context& context, const Subject& subject, const std::string& out,
                                     double hours) {
  study::ExperimentOptions o;
  o.file = (context.models / "melanoma-tis" / "experiments" / subject.file).string();
  o.profile = subject.profile;
  o.only_arm = subject.arm;
  o.first_seed = 1;
  o.overrides = {"time.duration=\"" + until(hours) + "\""};
  o.out = context.scratch / out;
  o.save.every_seconds = 0;
  o.stop = context.stop;
  return o;
}

const study::MemberResult& only_member(const study::ExperimentResult& result) {
  if (const auto error = result.first_error()) throw *error;
  if (result.stopped || result.members.empty() || result.members[0].empty())
    throw Error("E1502", "the run in '" + result.out.filename().string() + "' was stopped");
  return result.members[0][0];
}

study::MemberResult run(const study::ExperimentOptions& options) {
  return only_member(study::run_experiment(study::plan_experiment(options), options));
}

/// What must agree: the hash of the state and of the tables.
std::string bits(const study::MemberResult& member) { return member.state_hash + " " + member.summary_hash; }

std::uint64_t count_of(const study::MemberResult& member, const std::string& name) {
  const auto found =
      std::find_if(member.counts.begin(), member.counts.end(), [&](const auto& count) { return count.first == name; });
  return found == member.counts.end() ? 0 : found->second;
}

study::MemberResult undisturbed(const Context& context, const Subject& subject) {
  auto o = options_for(context, subject, "undisturbed", subject.hours);
  o.save.at = {subject.hours * 60.0 / 2};
  return run(o);
}

Outcome threads(const Context& context, const Subject& subject) {
  Outcome outcome;
  const auto reference = undisturbed(context, subject);
  outcome.at_least("divisions in the run", static_cast<double>(count_of(reference, "divisions")), 10);
  for (const int n : {2, 4}) {
    auto o = options_for(context, subject, fmt::format("threads-{}", n), subject.hours);
    o.jobs = n;
    outcome.equal(fmt::format("state and tables on {} threads, against 1", n), bits(run(o)), bits(reference));
  }
  return outcome;
}

Outcome instruction_sets(const Context& context, const Subject& subject) {
  Outcome outcome;
  const InstructionSet before = instruction_set();
  std::string reference;
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
    if (set > widest_instruction_set()) {
      outcome.notes.push_back("This processor has no " + name(set) + ".");
      continue;
    }
    set_instruction_set(set);
    auto o = options_for(context, subject, name(set), subject.hours);
    o.jobs = context.threads;
    try {
      const auto now = bits(run(o));
      if (reference.empty())
        reference = now;
      else
        outcome.equal("state and tables on " + name(set) + ", against " + name(InstructionSet::baseline), now,
                      reference);
    } catch (...) {
      set_instruction_set(before);
      throw;
    }
  }
  set_instruction_set(before);
  if (outcome.figures.empty()) outcome.skipped = "this processor or build has one instruction set only";
  return outcome;
}

Outcome resume(const Context& context, const Subject& subject) {
  Outcome outcome;
  const auto reference = undisturbed(context, subject);
  const auto whole = options_for(context, subject, "split", subject.hours);
  // To a quarter on one thread, on to a half on two, to the end on four; each time from the saved state alone.
  double reached = 0;
  int threads = 1;
  std::string last;
  for (const double part : {0.25, 0.5, 1.0}) {
    auto o = options_for(context, subject, "split", subject.hours * part);
    o.jobs = threads;
    o.extend = reached > 0;
    const auto member = run(o);
    if (reached > 0)
      outcome.equal(fmt::format("going on at {} on {} threads: where from", until(reached), threads),
                    until(member.resumed_from / 60.0), until(reached));
    reached = subject.hours * part;
    threads *= 2;
    last = bits(member);
  }
  outcome.equal("state and tables at the end, against the undisturbed run", last, bits(reference));
  return outcome;
}

Outcome branch(const Context& context, const Subject& subject) {
  Outcome outcome;
  const auto reference = undisturbed(context, subject);
  study::BranchRequest request;
  request.from = reference.folder;
  study::ExperimentOptions o;
  o.stop = context.stop;
  for (const double part : {0.5, 0.7}) {  // at a saved state, and where none is saved
    request.at = part * subject.hours * 60.0;
    o.out = context.scratch / fmt::format("branch-{}", part);
    outcome.equal("state and tables of a branch at " + until(part * subject.hours) + " without changes",
                  bits(only_member(study::branch(request, o))), bits(reference));
  }
  return outcome;
}

Check check(const Subject& subject, const std::string& what, const std::string& title, const std::string& statement,
            bool alone, Outcome (*run)(const Context&, const Subject&)) {
  const bool flat = &subject == &relapse;
  return {"reproducibility",
          "reproducibility/" + what + (flat ? "-relapse" : "-spheroid"),
          title + (flat ? ", relapse experiment (2D)" : ", spheroid (3D)"),
          statement,
          Depth::quick,
          alone,
          [&subject, run](const Context& context) { return run(context, subject); }};
}

}  // namespace

std::vector<Check> reproducibility_checks() {
  std::vector<Check> checks;
  for (const Subject* subject : {&relapse, &spheroid}) {
    checks.push_back(check(*subject, "threads", "1, 2 and 4 threads",
                           "Hashes of the whole state and of the tables, seed 1, on 2 and 4 threads against 1.", true,
                           threads));
    checks.push_back(check(*subject, "instruction-sets", "SSE2, AVX2 and AVX-512",
                           "The same hashes with the instruction set pinned.", true, instruction_sets));
    checks.push_back(check(*subject, "resume", "Stopped and resumed",
                           "A run that goes on twice from saved states, each time on another number of threads.", false,
                           resume));
    checks.push_back(check(*subject, "branch", "Branched without changes",
                           "A branch that changes nothing, from a saved state and between two.", false, branch));
  }
  return checks;
}

}  // namespace senoma::verify
