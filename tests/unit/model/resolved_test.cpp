#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "catalogue.h"

namespace senoma::model::test {
namespace {

std::string reloaded_hash(const Folder& folder, const std::string& text) {
  const std::string path = folder.write("resolved/model.resolved.toml", text);
  std::map<std::string, std::string> sources;
  try {
    return load(path, {}, mechanisms(), &sources).hash;
  } catch (const Error& error) {
    return render(error, sources);
  }
}

TEST(Resolved, Loads_again_to_the_same_hash_for_every_layer) {
  Folder folder;
  folder.write("base.toml", full_model());
  folder.write("cells.csv", "x[um],y[um],state\n0,0,naive\n10,5,senescent\n");
  const std::string path = folder.write(
      "sub/top.toml",
      "extends = \"../base.toml\"\ntime.duration = \"9 d\"\n[[cell.melanoma.initial]]\npattern = \"table\"\nfile = \"../cells.csv\"\n");
  for (const LoadOptions& options :
       {LoadOptions{}, LoadOptions{"quick", "", {}}, LoadOptions{"", "slow", {}},
        LoadOptions{"quick", "control", {"cell.melanoma.rule[invasion].half=0.6", "parameters.dose_limit=2 uM"}}}) {
    const auto model = load(path, options, mechanisms());
    const std::string text = resolved_toml(model, mechanisms());
    EXPECT_EQ(reloaded_hash(folder, text), model.hash) << text;
  }
}

TEST(Resolved, Tells_source_grade_origin_and_what_was_changed) {
  Folder folder;
  const auto model = load(folder.write("m.toml", full_model()), {"", "", {"time.duration=5 d"}}, mechanisms());
  const std::string text = resolved_toml(model, mechanisms());
  EXPECT_NE(
      text.find(
          "diffusion = { value = \"1500 um^2/min\", source = \"assumption: tissue, 8-25 kDa\", grade = \"assumption\""),
      std::string::npos);
  EXPECT_NE(text.find("m.toml:" + std::to_string(line_of(full_model(), "1500 um^2/min"))), std::string::npos);
  EXPECT_NE(text.find("duration = \"5 d\"  # command line"), std::string::npos);
  EXPECT_NE(text.find("time.duration: \"10 d\" -> \"5 d\"  [command line]"), std::string::npos);
  EXPECT_NE(text.find("# cell.melanoma.motility.persistence = \"10.0 min\""), std::string::npos) << text;
  EXPECT_EQ(text.find("[[arm]]"), std::string::npos);
}

TEST(Resolved, Keeps_texts_with_quotes_and_backslashes) {
  Folder folder;
  const std::string odd = replaced(full_model(), "title = \"test\"", "title = \"a \\\"b\\\" \\\\ \\n \\u0001 µ\"");
  const auto model = load(folder.write("m.toml", odd), {}, mechanisms());
  EXPECT_EQ(model.title, "a \"b\" \\ \n \x01 µ");
  const std::string text = resolved_toml(model, mechanisms());
  const auto again = load(folder.write("again.toml", text), {}, mechanisms());
  EXPECT_EQ(again.title, model.title);
}

RC_GTEST_PROP(Resolved, Numbers_survive_the_way_through_the_file, ()) {
  Folder folder;
  const double speed = *rc::gen::map(rc::gen::inRange(1, 1000000), [](int i) { return i / 997.0; });
  const auto days = *rc::gen::inRange(1, 400);
  const auto unit = *rc::gen::element<std::string>("um/min", "um/h", "mm/d", "m/s");
  Value v;
  v.kind = Value::Kind::real;
  v.real = speed;
  const LoadOptions options{
      "",
      "",
      {"cell.melanoma.motility.speed=" + to_toml(v) + " " + unit, "time.duration=" + std::to_string(days) + " d"}};
  const auto model = load(folder.write("m.toml", full_model()), options, mechanisms());
  RC_ASSERT(model.description.duration == days * 1440.0);
  const double back = in_unit(model.description.cell_types[0].parameters.at("motility.speed"), unit);
  RC_ASSERT(std::abs(back - speed) <= 1e-15 * 4 * speed);
  RC_ASSERT(reloaded_hash(folder, resolved_toml(model, mechanisms())) == model.hash);
}

RC_GTEST_PROP(Resolved, The_last_override_of_a_key_wins_and_others_are_untouched, ()) {
  Folder folder;
  const auto n = *rc::gen::inRange(1, 6);
  std::vector<std::string> overrides;
  int last = 0;
  for (int i = 0; i < n; ++i) {
    last = *rc::gen::inRange(1, 100);
    overrides.push_back("time.duration=" + std::to_string(last) + " d");
  }
  const std::string path = folder.write("m.toml", full_model());
  const auto model = load(path, {"", "", overrides}, mechanisms());
  const auto once = load(path, {"", "", {overrides.back()}}, mechanisms());
  RC_ASSERT(model.description.duration == last * 1440.0);
  RC_ASSERT(model.hash == once.hash);
}

}  // namespace
}  // namespace senoma::model::test
