#include "results/catalogue.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cmath>

namespace senoma::results {
namespace fs = std::filesystem;

namespace {

constexpr const char* tables =
    "CREATE TABLE study(key TEXT PRIMARY KEY, value TEXT);"
    "CREATE TABLE units(outcome TEXT PRIMARY KEY, unit TEXT);"
    "CREATE TABLE variants(variant TEXT PRIMARY KEY, kind TEXT, actors TEXT, group_name TEXT, level REAL, timing TEXT);"
    "CREATE TABLE members(id INTEGER PRIMARY KEY, fidelity TEXT, context TEXT, variant TEXT, seed INTEGER, status TEXT,"
    " error TEXT, model_hash TEXT, state_hash TEXT, time_min REAL, wall_seconds REAL,"
    " UNIQUE(fidelity, context, variant, seed));"
    "CREATE TABLE outcomes(member INTEGER REFERENCES members(id), outcome TEXT, value REAL,"
    " PRIMARY KEY(member, outcome)) WITHOUT ROWID;";

void bind(sqlite3_stmt* statement, int column, const std::string& text) {
  sqlite3_bind_text(statement, column, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

}  // namespace

void Catalogue::check(int code) const {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  throw Error("E6003",
              "'" + path_.string() + "' could not be written: " + (db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code)),
              ErrorKind::input_output)
      .help("make room, then type the same command again: the catalogue is made anew from the members' records");
}

void Catalogue::run(const std::string& sql) { check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }

sqlite3_stmt* Catalogue::prepare(const char* sql) const {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr));
  return statement;
}

void Catalogue::insert(sqlite3_stmt* statement) {
  const int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  check(code);
}

Catalogue::Catalogue(const fs::path& path, const std::map<std::string, std::string>& about,
                     const std::vector<CatalogueVariant>& variants, Outcomes outcomes)
    : path_(path), outcomes_(std::move(outcomes)) {
  std::error_code ignored;
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) fs::remove(path.string() + ending, ignored);
  sqlite3_stmt* statement = nullptr;
  try {
    check(sqlite3_open(path.c_str(), &db_));
    // The records are what lasts: the catalogue need not survive a power cut.
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; BEGIN;");
    run(tables);
    statement = prepare("INSERT INTO study VALUES(?1, ?2)");
    for (const auto& [key, value] : about) {
      bind(statement, 1, key);
      bind(statement, 2, value);
      insert(statement);
    }
    sqlite3_finalize(statement);
    statement = prepare("INSERT INTO units VALUES(?1, ?2)");
    for (const auto& [outcome, unit] : outcomes_) {
      bind(statement, 1, outcome);
      bind(statement, 2, unit);
      insert(statement);
    }
    sqlite3_finalize(statement);
    statement = prepare("INSERT INTO variants VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    for (const auto& v : variants) {
      bind(statement, 1, v.name);
      bind(statement, 2, v.kind);
      bind(statement, 3, v.actors);
      bind(statement, 4, v.group);
      sqlite3_bind_double(statement, 5, v.level);
      bind(statement, 6, v.timing);
      insert(statement);
    }
    sqlite3_finalize(statement);
    statement = nullptr;
    run("COMMIT");
    member_ = prepare(
        "INSERT INTO members(fidelity, context, variant, seed, status, error, model_hash, state_hash, time_min, "
        "wall_seconds) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    outcome_ = prepare("INSERT INTO outcomes VALUES(?1, ?2, ?3)");
  } catch (...) {
    sqlite3_finalize(statement);
    sqlite3_finalize(member_);
    sqlite3_close(db_);
    throw;
  }
}

Catalogue::~Catalogue() {
  sqlite3_finalize(member_);
  sqlite3_finalize(outcome_);
  sqlite3_close(db_);
}

void Catalogue::add(std::span<const CatalogueMember> members) {
  if (members.empty()) return;
  run("BEGIN");
  for (const auto& m : members) {
    bind(member_, 1, m.fidelity);
    bind(member_, 2, m.context);
    bind(member_, 3, m.variant);
    sqlite3_bind_int64(member_, 4, static_cast<sqlite3_int64>(m.seed));
    bind(member_, 5, m.status);
    bind(member_, 6, m.error);
    bind(member_, 7, m.model_hash);
    bind(member_, 8, m.state_hash);
    sqlite3_bind_double(member_, 9, m.time);
    sqlite3_bind_double(member_, 10, m.wall_seconds);
    insert(member_);
    const sqlite3_int64 id = sqlite3_last_insert_rowid(db_);
    for (std::size_t k = 0; k < std::min(m.outcomes.size(), outcomes_.size()); ++k) {
      sqlite3_bind_int64(outcome_, 1, id);
      bind(outcome_, 2, outcomes_[k].first);
      sqlite3_bind_double(outcome_, 3, m.outcomes[k]);  // NaN becomes NULL
      insert(outcome_);
    }
  }
  run("COMMIT");
}

void Catalogue::close() {
  sqlite3_finalize(std::exchange(member_, nullptr));
  sqlite3_finalize(std::exchange(outcome_, nullptr));
  run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;");
  check(sqlite3_close(std::exchange(db_, nullptr)));
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c == '\n' || c == '\r' ? ' ' : c;
  }
  return quoted + "\"";
}

namespace {

std::string number(double value) { return std::isnan(value) ? "nan" : fmt::format("{}", value); }

}  // namespace

std::string members_csv(std::span<const CatalogueMember> members, const Catalogue::Outcomes& outcomes) {
  std::string text = "fidelity,context,variant,seed,status,error,model_hash,state_hash,time[min]";
  for (const auto& [name, unit] : outcomes) text += "," + csv_cell(name + "[" + unit + "]");
  text += "\n";
  for (const auto& m : members) {
    text += fmt::format("{},{},{},{},{},{},{},{},{}", csv_cell(m.fidelity), csv_cell(m.context), csv_cell(m.variant),
                        m.seed, csv_cell(m.status), csv_cell(m.error), csv_cell(m.model_hash), csv_cell(m.state_hash),
                        number(m.time));
    for (std::size_t k = 0; k < outcomes.size(); ++k)
      text += "," + (k < m.outcomes.size() ? number(m.outcomes[k]) : std::string("nan"));
    text += "\n";
  }
  return text;
}

std::string variants_csv(std::span<const CatalogueVariant> variants) {
  std::string text = "variant,kind,actors,group,level,timing\n";
  for (const auto& v : variants) {
    text += fmt::format("{},{},{},{},{},{}\n", csv_cell(v.name), csv_cell(v.kind), csv_cell(v.actors),
                        csv_cell(v.group), std::isnan(v.level) ? std::string() : number(v.level), csv_cell(v.timing));
  }
  return text;
}

}  // namespace senoma::results
