// [[readout]], [experiment], [[arm]], [compare], and the references that need everything read.
#include <algorithm>
#include <set>

#include "model/reading.h"

namespace senoma::model {

namespace {

template <class Rows>
void check_unique_names(const Rows& rows, const char* what) {
  std::set<std::string> seen;
  for (const auto& row : rows) {
    const std::string name = row["name"].text();
    if (!seen.insert(name).second)
      throw Error("E1213", "two " + std::string(what) + "s are named '" + name + "'")
          .at(row["name"].where())
          .help("give each its own name");
  }
}

void read_accumulation(const Cursor& row, engine::Readout& readout) {
  using Accumulate = engine::Readout::Accumulate;
  readout.dimension = parse_unit(readout.unit).dimension;
  readout.where = row["unit"].given() ? row["unit"].where() : row.where();
  const std::string how = row["accumulate"].text_or("");
  readout.accumulate = how == "integral"     ? Accumulate::integral
                       : how == "maximum"    ? Accumulate::maximum
                       : how == "minimum"    ? Accumulate::minimum
                       : how == "time above" ? Accumulate::time_above
                       : how == "time below" ? Accumulate::time_below
                                             : Accumulate::none;
  const bool timed = readout.accumulate == Accumulate::time_above || readout.accumulate == Accumulate::time_below;
  if (timed && !row["threshold"].given()) throw row["threshold"].missing("a time above or below what");
  if (!timed && row["threshold"].given())
    throw Error("E1213", "'" + row["threshold"].path() + "': only a time above or below has a threshold")
        .at(row["threshold"].key_where())
        .help("write accumulate = \"time above\", or remove it");
  if (timed) readout.threshold = row["threshold"].quantity();
}

void read_readouts(Reading& reading) {
  using Over = engine::Readout::Over;
  const auto rows = reading.root()["readout"].items();
  check_unique_names(rows, "readout");
  const auto types = reading.cell_type_names();
  for (const auto& row : rows) {
    engine::Readout readout;
    readout.name = row["name"].text();
    readout.unit = row["unit"].text();
    try {
      readout.scale = 1.0 / parse_unit(readout.unit).value;
    } catch (const Error& error) {
      throw row["unit"].given() ? relocate(error, plain(*row["unit"].value())) : error;
    }
    const std::string over = row["over"].text();
    readout.over = over == "count"      ? Over::count
                   : over == "sum"      ? Over::sum
                   : over == "mean"     ? Over::mean
                   : over == "fraction" ? Over::fraction
                   : over == "diameter" ? Over::diameter
                   : over == "radius"   ? Over::radius
                                        : Over::world;
    read_accumulation(row, readout);
    const bool accumulated = readout.accumulate != engine::Readout::Accumulate::none;
    const bool outline = readout.over == Over::diameter || readout.over == Over::radius;
    if (outline && !accumulated && parse_unit(readout.unit).dimension != dim::length)
      throw Error("E1203", "readout '" + readout.name + "' is a length, but its unit is '" + readout.unit + "'")
          .at(row["unit"].given() ? row["unit"].where() : row.where())
          .help("write unit = \"um\"");
    readout.cell_type = row["cell"].text_or("");
    if (!readout.cell_type.empty() && std::find(types.begin(), types.end(), readout.cell_type) == types.end()) {
      throw unknown_name("cell type", readout.cell_type, types, row["cell"].where());
    }
    readout.where_ = row["where"].maybe_expression();
    readout.value = row["value"].maybe_expression();
    const bool needs_value = over == "sum" || over == "mean" || over == "world";
    if (needs_value && !readout.value) throw row["value"].missing("over = \"" + over + "\" needs what to take");
    if (!needs_value && readout.value)
      throw Error("E1213", "over = \"" + over + "\" takes no value")
          .at(row["value"].key_where())
          .help("use `where`, or over = \"sum\"");
    if (over == "fraction" && !readout.where_) throw row["where"].missing("a fraction needs which cells count");
    reading.description().readouts.push_back(std::move(readout));
  }
}

std::vector<std::string> flatten_overrides(const Value& table) {
  std::vector<std::string> overrides;
  for (const auto& member : table.members) {
    const bool quoted = member.key_where.length == static_cast<int>(member.key.size()) + 2;
    overrides.push_back((quoted ? member.key : quote_key(member.key)) + "=" + to_toml(member.value));
  }
  return overrides;
}

void read_arms(Reading& reading) {
  const auto rows = reading.root()["arm"].items();
  check_unique_names(rows, "arm");
  for (const auto& row : rows) {
    Arm arm;
    arm.name = row["name"].text();
    arm.label = row["label"].text_or(arm.name);
    arm.colour = row["colour"].text_or("");
    arm.where = row.where();
    for (const char* key : {"set", "add", "donor_set"}) {
      const Value* table = row[key].value();
      if (table && !table->is_table()) {
        throw Error("E1202", "'" + row[key].path() + "' has the wrong kind of value")
            .at(table->where)
            .label(std::string(describe(table->kind)) + "; a table of keys is expected")
            .help(std::string("write ") + key + " = { \"time.duration\" = \"30 d\" }");
      }
    }
    if (row["donor"].given()) {
      arm.donor = resolve_path(row["donor"].text(), row["donor"].where());
      static_cast<void>(read_text(arm.donor, row["donor"].where()));
      arm.donor_arm = row["donor_arm"].text_or("");
      arm.donor_profile = row["donor_profile"].text_or("");
      arm.donor_contexts = row["donor_contexts"].texts();
      arm.donor_share = row["donor_share"].number_or(1);
      if (const Value* set = row["donor_set"].value()) arm.donor_overrides = flatten_overrides(*set);
    } else {
      for (const char* key : {"donor_set", "donor_arm", "donor_profile", "donor_contexts", "donor_share"}) {
        if (row[key].given()) throw row["donor"].missing("'" + std::string(key) + "' belongs to a donor");
      }
    }
    reading.model.experiment.arms.push_back(std::move(arm));
  }
}

std::vector<std::string> target_names(Reading& reading) {
  std::vector<std::string> names = reading.substrate_names();
  for (const auto& network : reading.description().networks) {
    const bool in_body = network.name == reading.description().systemic.network;
    const auto& types = reading.description().cell_types;
    const bool in_cells =
        !in_body || std::any_of(types.begin(), types.end(), [&](const auto& t) { return t.network == network.name; });
    for (auto& name : network.system->names()) {
      if (in_body) names.push_back("systemic " + name);
      if (in_cells) names.push_back(std::move(name));
    }
  }
  for (const auto& type : reading.cell_type_names()) {
    for (const auto& phrase : reading.behaviour_phrases()) names.push_back(type + " " + phrase);
  }
  return names;
}

}  // namespace

void read_experiment(Reading& reading) {
  read_readouts(reading);
  read_arms(reading);
  auto& spec = reading.model.experiment;
  const Cursor from = reading.root()["experiment"];
  spec.title = from["title"].text_or(reading.model.title);
  spec.question = from["question"].text_or("");
  spec.seeds = static_cast<std::uint64_t>(from["seeds"].number());
  spec.reference = from["reference"].text_or("");
  std::vector<std::string> arms, readouts;
  for (const auto& arm : spec.arms) arms.push_back(arm.name);
  for (const auto& readout : reading.description().readouts) readouts.push_back(readout.name);
  if (!spec.reference.empty() && !arms.empty() && std::find(arms.begin(), arms.end(), spec.reference) == arms.end()) {
    throw unknown_name("arm", spec.reference, arms, from["reference"].where());
  }
  for (const auto& [role, name] : from.members()) {
    if (!role.ends_with("_readout")) continue;
    spec.readouts[role] = name.text();
    if (std::find(readouts.begin(), readouts.end(), name.text()) == readouts.end())
      throw unknown_name("readout", name.text(), readouts, name.where());
  }
  if (const Value* compare = reading.root()["compare"].value()) spec.compare = *compare;
}

void check_references(Reading& reading) {
  const auto known = target_names(reading);
  const auto check = [&](const std::string& target, const SourcePosition& where) {
    if (std::find(known.begin(), known.end(), target) != known.end()) return;
    Error error("E1206", "there is no target '" + target + "'");
    error.at(where);
    if (const auto near = nearest_name(target, known); !near.empty()) error.help("did you mean '" + near + "'?");
    error.help(
        "a target is a parameter or node of a network, a substrate (its secretion), \"systemic NAME\", or \"CELLTYPE "
        "behaviour\"");
    throw error;
  };
  for (const auto& drug : reading.description().drugs) {
    for (const auto& effect : drug.effects) check(effect.target, effect.where);
  }
  for (const auto& intervention : reading.description().interventions) check(intervention.target, intervention.where);
}

}  // namespace senoma::model
