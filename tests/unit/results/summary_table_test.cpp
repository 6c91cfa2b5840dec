#include "results/summary_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "temporary_folder.h"

namespace senoma::results {
namespace {

TEST(SummaryTable, Header_gives_names_and_units) {
  const SummaryTable table = parse_table("time[min],CCL2 at [edge][nM],event\n0,1.5,division\n", "t.csv");
  ASSERT_EQ(table.columns.size(), 3U);
  EXPECT_EQ(table.columns[0], (TableColumn{"time", "min"}));
  EXPECT_EQ(table.columns[1], (TableColumn{"CCL2 at [edge]", "nM"}));
  EXPECT_EQ(table.columns[2], (TableColumn{"event", ""}));
  EXPECT_EQ(table.unit("time"), "min");
  EXPECT_DOUBLE_EQ(table.column("CCL2 at [edge]")[0], 1.5);
  EXPECT_TRUE(table.is_text(2));
  EXPECT_EQ(table.texts[2][0], "division");
}

TEST(SummaryTable, A_truncated_line_is_an_error_or_dropped_on_request) {
  const std::string text = "time[min],n[1]\n0,10\n30,1";  // was it 1, 12 or 123?
  std::string message;
  EXPECT_EQ(error_code_of([&] { (void)parse_table(text, "t.csv"); }, &message), "E6012");
  EXPECT_NE(message.find("t.csv:3"), std::string::npos) << message;
  const SummaryTable table = parse_table(text, "t.csv", {.drop_partial_line = true});
  EXPECT_TRUE(table.partial_line_dropped);
  EXPECT_EQ(table.n_rows(), 1U);
}

TEST(SummaryTable, Faults_name_the_line) {
  std::string message;
  EXPECT_EQ(error_code_of([] { (void)parse_table("a[1],b[1]\n1,2\n3\n", "t.csv"); }, &message), "E6010");
  EXPECT_NE(message.find("t.csv:3"), std::string::npos) << message;
  EXPECT_EQ(error_code_of([] { (void)parse_table("a[1],b[nM]\n1,2\n3,abc\n", "t.csv"); }, &message), "E6011");
  EXPECT_NE(message.find("abc"), std::string::npos) << message;
  EXPECT_EQ(error_code_of([] { (void)parse_table("", "t.csv"); }), "E6006");
  EXPECT_EQ(error_code_of([] { (void)read_table("/nonexistent/summary.csv"); }), "E6004");
  EXPECT_EQ(error_code_of([] { (void)parse_table("burden[um^3]\n1\n", "t.csv").column("burdn"); }, &message), "E6013");
  EXPECT_NE(message.find("did you mean 'burden'"), std::string::npos) << message;
}

TEST(SummaryTable, A_table_is_continued_only_with_the_same_columns) {
  const TemporaryFolder folder;
  { TableWriter(folder / "s.csv", {{"time", "min"}, {"n", "1"}}).append(std::vector<double>{0, 1}); }
  { TableWriter(folder / "s.csv", {{"time", "min"}, {"n", "1"}}).append(std::vector<double>{1, 2}); }
  EXPECT_EQ(read_file(folder / "s.csv"), "time[min],n[1]\n0,1\n1,2\n");
  EXPECT_EQ(error_code_of([&] { TableWriter(folder / "s.csv", {{"time", "h"}}); }), "E6014");
  TableWriter writer(folder / "s.csv", {{"time", "min"}, {"n", "1"}});
  EXPECT_EQ(error_code_of([&] { writer.append(std::vector<double>{1}); }), "E6010");
}

RC_GTEST_PROP(SummaryTable, Any_double_reads_back_to_the_same_bits, (const std::vector<std::uint64_t>& words)) {
  const TemporaryFolder folder;
  std::vector<double> values;
  for (const std::uint64_t word : words) values.push_back(std::bit_cast<double>(word));
  values.insert(values.end(), {0.0, -0.0, 5e-324, -1.7976931348623157e308, std::numeric_limits<double>::infinity()});
  {
    TableWriter writer(folder / "s.csv", {{"x", "nM"}});
    for (const double value : values) writer.append(std::span<const double>(&value, 1));
  }
  const SummaryTable table = read_table(folder / "s.csv");
  RC_ASSERT(table.n_rows() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double back = table.values[0][i];
    const bool same = std::isnan(values[i])
                          ? std::isnan(back)
                          : std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(values[i]);
    RC_ASSERT(same);
  }
}

/// Never a number, so that the column stays one of texts.
std::string framed(const std::string& text) {
  std::string result = "t";
  result += text;
  result += 't';
  return result;
}

RC_GTEST_PROP(SummaryTable, Any_text_reads_back_the_same, (const std::vector<std::string>& texts)) {
  const TemporaryFolder folder;
  {
    TableWriter writer(folder / "e.csv", {{"text", ""}, {"k", "1"}});
    for (const std::string& text : texts) writer.append(std::vector<TableValue>{framed(text), std::int64_t{1}});
  }
  const SummaryTable table = read_table(folder / "e.csv");
  RC_ASSERT(table.n_rows() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) RC_ASSERT(table.texts[0][i] == framed(texts[i]));
}

RC_GTEST_PROP(SummaryTable, No_bytes_make_the_reader_do_more_than_refuse, (const std::string& rows)) {
  try {
    std::string text = "a[1],b\n";
    text += rows;
    (void)parse_table(text, "t.csv");
  } catch (const Error& error) {
    RC_ASSERT(error.code().starts_with("E60"));
  }
}

}  // namespace
}  // namespace senoma::results
