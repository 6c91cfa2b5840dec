#include "verify/member_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "study/patients.h"
#include "study/pool.h"

namespace senoma::verify {

std::size_t MemberPool::add_one(Member member) {
  member.folder = folder_ / member.hash / fmt::format("seed-{}", member.seed);
  const auto [at, is_new] = index_.emplace(member.folder.string(), members_.size());
  if (is_new) members_.push_back(std::move(member));
  return at->second;
}

std::size_t MemberPool::add(const study::ArmRun& arm, std::size_t s, std::uint64_t seed, const std::string& label) {
  Member member;
  member.arm = &arm;
  member.seed = seed;
  member.hash = study::hash_of_member(arm, s);
  member.label = label;
  if (arm.donor) {
    Member donor = member;
    donor.hash = study::hash_of_donor(arm, s);
    member.medium_hash = study::hash_of_medium(arm, s);
    donor.is_donor = true;
    donor.label = "medium for " + label;
    member.donor = add_one(std::move(donor));
  }
  return add_one(std::move(member));
}

/// The first that waits for nothing.
std::optional<std::size_t> MemberPool::next() const {
  for (std::size_t k = 0; k < members_.size(); ++k) {
    const Member& m = members_[k];
    if (m.state == State::waiting && (!m.donor || members_[*m.donor].state >= State::finished)) return k;
  }
  return std::nullopt;
}

study::MemberResult MemberPool::simulate(const Member& m, const RunOptions& options) const {
  study::MemberOptions o;
  o.seed = m.seed;
  o.frames = false;
  o.folder = m.folder;
  o.arm = m.is_donor ? m.arm->arm.donor_arm : m.arm->arm.name;
  o.model_file = m.is_donor ? m.arm->donor_file : m.arm->file;
  o.save.at_end = false;
  o.stop = options.stop;
  if (study::is_finished_member(m.folder, m.hash, m.seed)) return study::read_member(m.folder);
  if (m.is_donor) return study::run_member(study::patient_donor(*m.arm, m.seed), o);
  if (m.donor) {
    study::MemberResult donor;
    donor.final_medium = members_[*m.donor].final_medium;
    o.medium = study::donated_medium(m.arm->model, donor, m.arm->arm.donor_share);
    o.medium_hash = m.medium_hash;
  }
  return study::run_member(study::patient_model(*m.arm, m.seed), o);
}

void MemberPool::run(const RunOptions& options) {
  std::vector<std::thread> threads;
  const auto n = std::min<std::size_t>(static_cast<std::size_t>(std::max(1, options.threads)), members_.size());
  for (std::size_t t = 1; t < n; ++t) threads.emplace_back([&] { work(options); });
  work(options);
  for (auto& thread : threads) thread.join();
}

void MemberPool::work(const RunOptions& options) {
  const auto stopped = [&] { return options.stop && options.stop->load(); };
  std::unique_lock lock(mutex_);
  while (!stopped()) {
    const auto k = next();
    if (!k) {
      if (n_running_ == 0) break;
      changed_.wait_for(lock, std::chrono::milliseconds(200));
      continue;
    }
    Member& m = members_[*k];
    if (m.donor && !members_[*m.donor].failure.empty()) {
      m.failure = members_[*m.donor].failure;
      m.state = State::failed;
      if (options.settle) options.settle();
      continue;
    }
    m.state = State::running;
    ++n_running_;
    if (options.progress) {
      const auto done = std::count_if(members_.begin(), members_.end(),
                                      [](const Member& other) { return other.state >= State::finished; });
      options.progress(static_cast<std::size_t>(done), members_.size(), m.label);
    }
    lock.unlock();
    study::MemberResult result;
    std::string failure;
    try {
      result = simulate(m, options);
      if (result.error) failure = m.label + ": " + result.error->code() + ": " + result.error->message();
    } catch (const Error& error) {
      failure = m.label + ": " + error.code() + ": " + error.message();
    } catch (const std::exception& error) {
      failure = m.label + ": " + error.what();
    }
    lock.lock();
    --n_running_;
    m.seconds = result.wall_seconds;
    m.final_medium = std::move(result.final_medium);
    m.failure = std::move(failure);
    // One that was stopped stays unfinished; the stop flag ends the loop.
    m.state = !m.failure.empty() ? State::failed : result.good() ? State::finished : State::waiting;
    if (m.state != State::waiting && options.settle) options.settle();
    changed_.notify_all();
  }
}

}  // namespace senoma::verify
