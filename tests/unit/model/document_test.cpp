#include "model/document.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>

#include "catalogue.h"
#include "model/reading.h"

namespace senoma::model::test {
namespace {

Value composed(const std::string& path, const LoadOptions& options = {}) {
  std::map<std::string, std::string> sources;
  try {
    return compose(path, options, sources).root;
  } catch (const Error& error) {
    ADD_FAILURE() << render(error, sources);
    throw;
  }
}

const Value& at(const Value& root, const std::string& path) {
  const Value* value = &root;
  for (const auto& part : parse_path(path)) {
    if (const auto* key = std::get_if<std::string>(&part.step)) {
      value = value->find(*key);
    } else {
      value = &value->items.at(std::get<std::size_t>(part.step));
    }
    if (!value) throw std::runtime_error("nothing at " + path);
  }
  return *value;
}

TEST(Document, Keeps_places_in_bytes_also_after_letters_of_two_bytes) {
  const Value root = parse_toml("a = \"µm µ\"\n[t]\nq = { b = \"µ\", c = 12 }\n", "f");
  EXPECT_EQ(at(root, "a").where.column, 5);
  EXPECT_EQ(at(root, "a").where.length, 8);  // two letters of two bytes, a blank, m, and the quotes
  EXPECT_TRUE(at(root, "a").verbatim);
  EXPECT_EQ(at(root, "t.q.c").where.line, 3);
  EXPECT_EQ(at(root, "t.q.c").where.column, 21);
  EXPECT_EQ(at(root, "t.q.c").where.length, 2);
  EXPECT_EQ(at(root, "t.q").members[1].key_where.column, 17);
}

TEST(Document, Keeps_the_order_of_keys_in_the_file) {
  const Value root = parse_toml("z = 1\na = 2\n[m]\ny = 1\nb = 2\n[c]\n", "f");
  std::string order;
  for (const auto& m : root.members) order += m.key;
  EXPECT_EQ(order, "zamc");
  EXPECT_EQ(at(root, "m").members[0].key, "y");
}

TEST(Document, Merges_extended_files_in_order_and_the_file_last) {
  Folder folder;
  folder.write("one.toml", "[t]\na = 1\nb = 1\nc = 1\nlist = [1, 2]\n");
  folder.write("sub/two.toml", "extends = \"../zero.toml\"\n[t]\nb = 2\nc = 2\n");
  folder.write("zero.toml", "[t]\na = 0\nd = 0\n");
  const Value root =
      composed(folder.write("top.toml", "extends = [\"one.toml\", \"sub/two.toml\"]\n[t]\nc = 3\nlist = [3]\n"));
  EXPECT_EQ(at(root, "t.a").integer, 0);
  EXPECT_EQ(at(root, "t.b").integer, 2);
  EXPECT_EQ(at(root, "t.c").integer, 3);
  EXPECT_EQ(at(root, "t.d").integer, 0);
  EXPECT_EQ(at(root, "t.list").items.size(), 1U);
  EXPECT_TRUE(at(root, "t.d").where.file.ends_with("zero.toml"));
  EXPECT_EQ(root.find("extends"), nullptr);
}

TEST(Document, Refuses_files_that_extend_themselves) {
  Folder folder;
  folder.write("a.toml", "extends = \"b.toml\"\n");
  folder.write("b.toml", "x = 1\nextends = \"a.toml\"\n");
  std::map<std::string, std::string> sources;
  try {
    static_cast<void>(compose(folder.path("a.toml"), {}, sources));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E1106");
    EXPECT_EQ(error.message(), "the file extends itself: a.toml -> b.toml -> a.toml");
    EXPECT_TRUE(error.position()->file.ends_with("b.toml"));
    EXPECT_EQ(error.position()->line, 2);
  }
}

TEST(Document, Lets_two_files_share_a_base) {
  Folder folder;
  folder.write("base.toml", "x = 1\n");
  folder.write("a.toml", "extends = \"base.toml\"\ny = 1\n");
  folder.write("b.toml", "extends = \"base.toml\"\nz = 1\n");
  EXPECT_EQ(composed(folder.write("top.toml", "extends = [\"a.toml\", \"b.toml\"]\n")).members.size(), 3U);
}

TEST(Document, Replaces_an_annotated_value_whole_but_adds_annotations) {
  Folder folder;
  folder.write("base.toml", "[t]\nv = { value = \"1 um\", source = \"a paper\", grade = \"found\" }\nw = \"2 um\"\n");
  const Value root = composed(folder.write(
      "top.toml", "extends = \"base.toml\"\n[t]\nv = { value = \"3 um\" }\nw = { prior = \"uniform(1, 3)\" }\n"));
  EXPECT_EQ(to_toml(at(root, "t.v")), "{ value = \"3 um\" }");  // the source was of another number
  EXPECT_EQ(to_toml(at(root, "t.w")), "{ value = \"2 um\", prior = \"uniform(1, 3)\" }");
}

TEST(Document, Replaces_a_boundary_face_whole) {
  Folder folder;
  folder.write("base.toml", "[boundary]\nall = { value = 1 }\n\"x-\" = \"no-flux\"\n");
  const Value root = composed(folder.write("top.toml", "extends = \"base.toml\"\n[boundary]\nall = { flux = 2 }\n"));
  EXPECT_EQ(to_toml(at(root, "boundary.all")), "{ flux = 2 }");
  EXPECT_EQ(at(root, "boundary.\"x-\"").text, "no-flux");
}

TEST(Document, Assigns_by_index_name_and_quoted_part) {
  Folder folder;
  const std::string path = folder.write("m.toml",
                                        "[[r]]\nname = \"one\"\nx = 1\n[[r]]\nname = \"two\"\nx = 2\n[q]\n\"a.b\" = 1\n"
                                        "v = { value = [1, 2], source = \"s\" }\n");
  const Value root = composed(
      path,
      {"", "", {"r[0].x=10", "r[two].x = 20 um", "q.\"a.b\"=5", "q.v[1]=7", "new.table.key=true", "t={ a = 1 }"}});
  EXPECT_EQ(at(root, "r[0].x").integer, 10);
  EXPECT_EQ(at(root, "r[1].x").text, "20 um");
  EXPECT_EQ(at(root, "q.\"a.b\"").integer, 5);
  EXPECT_EQ(plain(at(root, "q.v")).items[1].integer, 7);
  EXPECT_TRUE(at(root, "new.table.key").boolean);
  EXPECT_EQ(at(root, "t.a").integer, 1);
  EXPECT_EQ(at(root, "r[1].x").layer, "command line");
  EXPECT_EQ(at(root, "r[1].x").where.line, 2);
  EXPECT_EQ(at(root, "r[1].x").where.column, 12);
}

TEST(Document, Takes_a_value_as_text_where_it_is_no_TOML) {
  Folder folder;
  const std::string path = folder.write("m.toml", "a = 1\n");
  const auto value = [&](const std::string& text) { return to_toml(at(composed(path, {"", "", {"a=" + text}}), "a")); };
  EXPECT_EQ(value("30 d"), "\"30 d\"");
  EXPECT_EQ(value("1e-3"), "0.001");
  EXPECT_EQ(value("\"x\""), "\"x\"");
  EXPECT_EQ(value("[]"), "[]");
  EXPECT_EQ(value("no-flux"), "\"no-flux\"");
  EXPECT_EQ(value("2020-01-01"), "\"2020-01-01\"");
  EXPECT_EQ(value("b == 2"), "\"b == 2\"");
}

TEST(Document, Adds_to_lists_in_an_arm_and_notes_the_differences) {
  Folder folder;
  const std::string path = folder.write("m.toml",
                                        "[[intervention]]\nknock_out = \"a\"\n[t]\nx = 1\n"
                                        "[[arm]]\nname = \"both\"\nset = { t.x = 2, \"t.y\" = 3 }\n"
                                        "add.intervention = [ { knock_out = \"b\" } ]\n");
  std::map<std::string, std::string> sources;
  const Document document = compose(path, {"", "both", {}}, sources);
  EXPECT_EQ(at(document.root, "intervention").items.size(), 2U);
  EXPECT_EQ(at(document.root, "t.x").integer, 2);
  EXPECT_EQ(at(document.root, "t.y").integer, 3);
  ASSERT_EQ(document.differences.size(), 3U);
  EXPECT_EQ(document.differences[0].key, "intervention[1].knock_out");
  EXPECT_EQ(document.differences[1].before + " -> " + document.differences[1].after, "1 -> 2");
  EXPECT_EQ(document.differences[1].layer, "arm both");
}

TEST(Document, Appends_what_files_add_and_replaces_lists_otherwise) {
  Folder folder;
  folder.write("shared.toml", "[[add.r]]\nname = \"shared \"\n");
  folder.write("a.toml", "extends = \"shared.toml\"\n[[add.r]]\nname = \"a \"\n[[add.cell.m.rule]]\nx = 1\n");
  folder.write("b.toml", "extends = \"shared.toml\"\n[[add.r]]\nname = \"b \"\n[[r]]\nname = \"own of b \"\n");
  const auto names = [&](const std::string& text) {
    const Value top = composed(folder.write("top.toml", text));
    std::string all;
    for (const auto& item : at(top, "r").items) all += at(item, "name").text;
    return all;
  };
  EXPECT_EQ(names("extends = \"a.toml\"\n"), "shared a ");
  EXPECT_EQ(names("extends = \"a.toml\"\n[[add.r]]\nname = \"top\"\n"), "shared a top");
  EXPECT_EQ(names("extends = \"a.toml\"\n[[r]]\nname = \"top\"\n"), "top");
  EXPECT_EQ(names("extends = [\"b.toml\", \"a.toml\"]\n"), "own of b b shared a ");  // a adds what it got itself
  EXPECT_EQ(names("extends = [\"shared.toml\", \"a.toml\"]\n"), "shared a ");  // what two files share is added once
  const Value root = composed(folder.write("top.toml", "extends = \"a.toml\"\n[cell.m]\nx = 2\n"));
  EXPECT_EQ(at(root, "cell.m.rule").items.size(), 1U);
  EXPECT_EQ(root.find("add"), nullptr);
}

TEST(Document, Drops_keys_of_the_files_before_and_keeps_those_after) {
  Folder folder;
  folder.write("old.toml", "[n.p]\nx = 1\ny = 1\n");
  folder.write("new.toml", "drop = [\"n.p.x\", \"n.q\", \"nowhere.z\"]\n[n.p]\nz = 1\n");
  folder.write("over-new.toml", "extends = \"new.toml\"\n");
  const auto keys = [&](const std::string& text) {
    const Value top = composed(folder.write("top.toml", text));
    EXPECT_EQ(top.find("drop"), nullptr);
    std::string all;
    for (const auto& m : at(top, "n.p").members) all += m.key;
    return all;
  };
  EXPECT_EQ(keys("extends = [\"old.toml\", \"new.toml\"]\n"), "yz");
  EXPECT_EQ(keys("extends = [\"old.toml\", \"over-new.toml\"]\n"), "yz");  // also through another file
  EXPECT_EQ(keys("extends = [\"new.toml\", \"old.toml\"]\n"), "zxy");      // a later file gives it again
  EXPECT_EQ(keys("extends = \"old.toml\"\ndrop = \"n.p.x\"\n"), "y");
  EXPECT_EQ(keys("extends = \"old.toml\"\ndrop = \"n.p.x\"\n[n.p]\nx = 2\n"), "yx");
}

// The error of a file with this text.
Error refusal_of(const Folder& folder, const char* text) {
  std::map<std::string, std::string> sources;
  try {
    static_cast<void>(compose(folder.write("bad.toml", text), {}, sources));
  } catch (const Error& error) {
    return error;
  }
  return {"none", "the file was taken"};
}

TEST(Document, Refuses_to_drop_what_is_no_key_path) {
  const Folder folder;
  for (const char* text : {"drop = 1\n", "drop = [\"a..b\"]\n", "drop = [\"list[0]\"]\n"}) {
    const Error error = refusal_of(folder, text);
    EXPECT_EQ(error.code(), "E1110") << text;
    ASSERT_TRUE(error.position().has_value()) << text;
    EXPECT_EQ(error.position()->line, 1) << text;
  }
}

TEST(Document, Refuses_an_addition_that_is_no_list) {
  const Folder folder;
  for (const char* text : {"add = 1\n", "[add]\nr = 1\n", "[add.cell.m]\nr = \"x\"\n"})
    EXPECT_EQ(refusal_of(folder, text).code(), "E1110") << text;
}

TEST(Document, Reads_lines_that_end_in_the_Windows_way) {
  const Value root = parse_toml(
      "\xEF\xBB\xBF"
      "a = \"x\"\r\nb = 2\r\n",
      "f");
  EXPECT_EQ(at(root, "a").text, "x");
  EXPECT_EQ(at(root, "a").where.length, 3);
  EXPECT_EQ(at(root, "b").where.line, 2);
}

TEST(CellTable, Groups_rows_by_state_and_converts_units) {
  const auto rows = read_cell_table("\"x[mm]\",y[um],name,state\n0.1,5,a,naive\n-0.2,1e1,b,senescent\r\n", "f.csv");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_DOUBLE_EQ(rows[0].position[0], 100);
  EXPECT_DOUBLE_EQ(rows[1].position[1], 10);
  EXPECT_EQ(rows[1].state, "senescent");
  EXPECT_EQ(rows[1].line, 3);
}

RC_GTEST_PROP(Document, Any_tree_written_as_TOML_reads_back_the_same, ()) {
  const auto texts = *rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>());
  std::string toml = "v = [";
  std::vector<std::string> kept;
  for (std::string text : texts) {
    for (char& c : text) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7F);  // ASCII, so that it is UTF-8
    std::erase(text, '\0');
    kept.push_back(text);
    toml += quote_text(text) + ", ";
  }
  const Value root = parse_toml(toml + "]\n", "f");
  const Value& list = *root.find("v");
  RC_ASSERT(list.items.size() == kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) RC_ASSERT(list.items[i].text == kept[i]);
  RC_ASSERT(to_toml(*parse_toml("v = " + to_toml(list), "f").find("v")) == to_toml(list));
}

RC_GTEST_PROP(Document, Any_number_written_as_TOML_reads_back_to_the_same_bits, (double x)) {
  Value v;
  v.kind = Value::Kind::real;
  v.real = x;
  const Value back = *parse_toml("v = " + to_toml(v), "f").find("v");
  RC_ASSERT(std::bit_cast<std::uint64_t>(back.real) == std::bit_cast<std::uint64_t>(x));
}

RC_GTEST_PROP(KeyPath, Joins_and_parses_back, ()) {
  const auto raw = *rc::gen::nonEmpty(
      rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty(rc::gen::string<std::string>())));
  std::string path;
  std::vector<std::string> keys;
  for (auto key : raw) {
    std::erase_if(key,
                  [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    keys.push_back(key);
    path = join_path(path, key);
    if (path.empty()) path = "\"\"";
  }
  const auto parts = parse_path(path);
  RC_ASSERT(parts.size() == keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) RC_ASSERT(std::get<std::string>(parts[i].step) == keys[i]);
}

}  // namespace
}  // namespace senoma::model::test
