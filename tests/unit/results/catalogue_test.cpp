#include "results/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>

namespace senoma::results {
namespace {

namespace fs = std::filesystem;

fs::path place(const std::string& name) {
  return fs::temp_directory_path() / ("senoma-" + std::to_string(::getpid()) + "-" + name);
}

const std::vector<CatalogueVariant> variants{{"none", "none", "", "", ""},
                                             {"A, \"half\"", "target", "A", "ligand", "late", 0.5}};
const Catalogue::Outcomes outcomes{{"burden", "%"}, {"relapse", "d"}};

std::vector<CatalogueMember> two_members() {
  CatalogueMember first, second;
  first.fidelity = second.fidelity = "model";
  first.context = second.context = "plain";
  first.variant = "none";
  second.variant = variants[1].name;
  first.seed = second.seed = 3;
  first.status = "finished";
  first.outcomes = {0.1, std::numeric_limits<double>::quiet_NaN()};
  second.status = "failed";
  second.error = "E5009: a hazard\nis negative";
  second.outcomes = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()};
  return {first, second};
}

std::string ask(const fs::path& file, const std::string& query) {
  sqlite3* db = nullptr;
  std::string answer;
  EXPECT_EQ(sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  const auto take = [](void* into, int, char** values, char**) {
    *static_cast<std::string*>(into) += std::string(values[0] ? values[0] : "null") + ";";
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(db, query.c_str(), take, &answer, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
  return answer;
}

TEST(Catalogue, Holds_what_it_was_given_in_one_file_and_replaces_what_lay_there) {
  const auto file = place("catalogue.sqlite");
  std::ofstream(file) << "not a database";
  Catalogue catalogue(file, {{"title", "a study"}}, variants, outcomes);
  catalogue.add(two_members());
  catalogue.close();
  EXPECT_FALSE(fs::exists(file.string() + "-wal"));
  EXPECT_EQ(ask(file, "SELECT value FROM study WHERE key = 'title'"), "a study;");
  EXPECT_EQ(ask(file, "SELECT value FROM outcomes ORDER BY member, outcome"), "0.1;null;null;Inf;");
  EXPECT_EQ(ask(file, "SELECT level FROM members JOIN variants USING(variant) WHERE status = 'failed'"), "0.5;");
  EXPECT_EQ(ask(file, "SELECT unit FROM units ORDER BY outcome"), "%;d;");
  fs::remove(file);
}

TEST(Catalogue, Refuses_a_member_twice_and_a_place_that_cannot_be_written) {
  const auto file = place("twice.sqlite");
  Catalogue catalogue(file, {}, variants, outcomes);
  catalogue.add(two_members());
  try {
    catalogue.add(two_members());
    FAIL() << "the same member twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E6003");
  }
  fs::remove(file);
  EXPECT_THROW(Catalogue(place("missing") / "x.sqlite", {}, variants, outcomes), Error);
}

TEST(Catalogue, Tables_quote_what_needs_it_and_keep_to_one_line_per_row) {
  const auto members = two_members();
  EXPECT_EQ(members_csv(members, outcomes),
            "fidelity,context,variant,seed,status,error,model_hash,state_hash,time[min],burden[%],relapse[d]\n"
            "model,plain,none,3,finished,,,,0,0.1,nan\n"
            "model,plain,\"A, \"\"half\"\"\",3,failed,\"E5009: a hazard is negative\",,,0,nan,inf\n");
  EXPECT_EQ(variants_csv(variants),
            "variant,kind,actors,group,level,timing\nnone,none,,,,\n\"A, \"\"half\"\"\",target,A,ligand,0.5,late\n");
}

}  // namespace
}  // namespace senoma::results
