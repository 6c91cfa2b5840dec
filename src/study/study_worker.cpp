#include "study/study_worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "study/study_record.h"

namespace senoma::study {
using json = nlohmann::ordered_json;

namespace {

std::string identity_of(const StudyPlan& plan) { return fmt::format("{}, {} members", plan.hash, plan.members.size()); }

Error no_request(const std::string& why) {
  return Error("E8205", "this is no request for members of a study: " + why, ErrorKind::input_output)
      .help("caller and worker must have the same version of Senoma");
}

json parse(const std::string& request) {
  try {
    return json::parse(request);
  } catch (const json::exception& fault) {
    throw no_request(fault.what());
  }
}

StudyOptions options_of(const json& request) {
  StudyOptions options;
  try {
    options.file = request.at("file").get<std::string>();
    options.profile = request.at("profile").get<std::string>();
    options.overrides = request.at("overrides").get<std::vector<std::string>>();
    if (const auto& stage = request.at("stage"); !stage.is_null())
      options.stage =
          StageChoice{stage.at("number").get<std::size_t>(), stage.at("actors").get<std::vector<std::string>>(),
                      stage.at("check_only").get<bool>()};
  } catch (const json::exception& fault) {
    throw no_request(fault.what());
  }
  return options;
}

}  // namespace

std::string study_request(const StudyPlan& plan) {
  json stage = nullptr;
  if (const auto& choice = plan.options.stage)
    stage = {{"number", choice->stage}, {"actors", choice->actors}, {"check_only", choice->check_only}};
  const json root = {{"file", std::filesystem::absolute(plan.options.file).string()},
                     {"profile", plan.options.profile},
                     {"overrides", plan.options.overrides},
                     {"stage", stage},
                     {"plan", identity_of(plan)}};
  return root.dump();
}

StudyWorker::StudyWorker(const std::string& request) {
  const json root = parse(request);
  plan_ = plan_study(options_of(root));
  expected_ = root.value("plan", std::string());
  for (std::size_t k = 0; k < plan_.members.size(); ++k) members_.emplace(record_name(plan_.members[k]), k);
}

std::string StudyWorker::here() const { return identity_of(plan_); }

std::vector<std::pair<std::string, std::string>> StudyWorker::run(const std::vector<std::string>& names,
                                                                  const std::atomic<bool>* stop) {
  std::vector<std::size_t> members;
  for (const auto& name : names) {
    const auto found = members_.find(name);
    if (found == members_.end())
      throw Error("E8205", "the study has no member " + name + " on this worker", ErrorKind::input_output)
          .help("give all workers the same files");
    members.push_back(found->second);
  }
  std::sort(members.begin(), members.end());
  std::vector<std::pair<std::string, std::string>> records;
  run_members(models_, members, 1, stop, [&](std::size_t k, const results::CatalogueMember& row) {
    records.emplace_back(record_name(plan_.members[k]), record_text(row));
    return true;
  });
  return records;
}

}  // namespace senoma::study
