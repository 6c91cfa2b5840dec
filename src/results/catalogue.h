// The catalogue of a study, study.sqlite: one row per member, its outcomes, and what its variant was.
//   study     key, value                               (title, plan hash …)
//   variants  variant, kind, actors, group_name, level, timing
//   members   id, fidelity, context, variant, seed, status, error, model_hash, state_hash, time_min, wall_seconds
//   outcomes  member, outcome, value                   (value NULL: not known)
//   units     outcome, unit
// The catalogue is derived: it is made anew from the members' record files whenever a study is opened, so nothing is
// lost with it. Written in write-ahead mode, so that others may read it meanwhile; close() leaves a single file.
// Thread statement: one thread writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace senoma::results {

struct CatalogueVariant {
  std::string name, kind, actors, group, timing;
  double level = std::numeric_limits<double>::quiet_NaN();  ///< fraction removed; NaN: none
};

struct CatalogueMember {
  std::string fidelity, context, variant;
  std::uint64_t seed = 0;
  std::string status, error;  ///< "finished", "failed" with its reason
  std::string model_hash, state_hash;
  double time = 0;               ///< min, reached
  double wall_seconds = 0;       ///< in the catalogue only: two equal studies differ in it
  std::vector<double> outcomes;  ///< by outcome; NaN: not known
};

class Catalogue {
 public:
  using Outcomes = std::vector<std::pair<std::string, std::string>>;  ///< name, unit

  /// A new catalogue in place of what lies there. Throws E6003.
  Catalogue(const std::filesystem::path& path, const std::map<std::string, std::string>& about,
            const std::vector<CatalogueVariant>& variants, Outcomes outcomes);
  ~Catalogue();
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  /// In one transaction. Throws E6003.
  void add(std::span<const CatalogueMember> members);
  /// Everything into the one file. Throws E6003.
  void close();

 private:
  void run(const std::string& sql);
  void check(int code) const;
  [[nodiscard]] sqlite3_stmt* prepare(const char* sql) const;
  void insert(sqlite3_stmt* statement);

  std::filesystem::path path_;
  Outcomes outcomes_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt *member_ = nullptr, *outcome_ = nullptr;
};

/// As CSV has it: quoted when it must be, line ends as blanks.
[[nodiscard]] std::string csv_cell(const std::string& text);
/// members.csv: the members in the order given, one column per outcome; no wall times, so that equal studies have equal
/// files.
[[nodiscard]] std::string members_csv(std::span<const CatalogueMember> members, const Catalogue::Outcomes& outcomes);
[[nodiscard]] std::string variants_csv(std::span<const CatalogueVariant> variants);

}  // namespace senoma::results
