// The page is looked at by people (SENOMA_SAMPLE_FOLDER keeps it as sample.html); what a machine can hold is held here.
#include "results/report_document.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "results/files.h"
#include "sample_report.h"

namespace senoma::results {
namespace {

/// The embedded JSON, as a browser reads it.
nlohmann::json embedded_data(const std::string& html) {
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = html.find(open) + open.size();
  return nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

TEST(ReportDocument, The_sample_is_rendered_and_equal_documents_give_equal_bytes) {
  const std::string html = render_html(sample::document());
  EXPECT_EQ(html, render_html(sample::document()));
  EXPECT_LT(html.size(), 1'000'000U);
  if (const char* folder = std::getenv("SENOMA_SAMPLE_FOLDER"))
    replace_file(std::filesystem::path(folder) / "sample.html", html);
}

TEST(ReportDocument, The_file_loads_nothing_from_anywhere) {
  std::string html = render_html(sample::document());
  for (std::size_t at = html.find("url(#"); at != std::string::npos; at = html.find("url(#"))
    html.erase(at, 5);  // within the page
  for (const char* loads :
       {"http:", "https:", " src=", "@import", "url(", "fetch(", "XMLHttpRequest", "import(", "//cdn"}) {
    EXPECT_EQ(html.find(loads), std::string::npos) << loads;
  }
}

TEST(ReportDocument, All_slots_of_the_shell_are_filled) {
  const std::string html = render_html(sample::document());
  for (const char* slot : {"{{title}}", "{{style}}", "{{data}}", "{{script}}"})
    EXPECT_EQ(html.find(slot), std::string::npos) << slot;
}

TEST(ReportDocument, Names_cannot_break_out_of_the_page) {
  ReportDocument document;
  document.title = "</title><script>alert(1)</script> {{data}} & \"quotes\"";
  document.sections = {{"a </script><!-- <b>", {Prose{{"x </script> y"}, {}}}}};
  const std::string html = render_html(document);
  EXPECT_EQ(html.find("<script>alert"), std::string::npos);
  EXPECT_NE(html.find("<title>&lt;/title&gt;&lt;script&gt;alert(1)"), std::string::npos);
  const nlohmann::json data = embedded_data(html);
  EXPECT_EQ(data["title"], document.title);
  EXPECT_EQ(data["sections"][0]["title"], "a </script><!-- <b>");
  std::size_t ends = 0;
  for (std::size_t at = html.find("</script>"); at != std::string::npos; at = html.find("</script>", at + 1)) ++ends;
  EXPECT_EQ(ends, 2U);
}

TEST(ReportDocument, Bytes_that_are_not_text_do_not_stop_the_report) {
  ReportDocument document;
  document.title = "broken \xff\xfe name";
  EXPECT_NO_THROW((void)embedded_data(render_html(document)));
}

TEST(ReportDocument, Numbers_keep_six_digits_and_gaps_become_null) {
  ReportDocument document;
  LineChart chart;
  chart.series = {{"naive",
                   "",
                   {0, 1, 2, 3, 4},
                   {1.0 / 3, sample::nan, 1.23456789e-12, -9.87654321e15, 0.0},
                   {},
                   {},
                   true,
                   false,
                   false,
                   {}}};
  document.sections = {{"s", {chart}}};
  const nlohmann::json series = embedded_data(render_html(document))["sections"][0]["blocks"][0]["series"][0];
  EXPECT_NEAR(series["y"][0].get<double>(), 1.0 / 3, 1e-6);
  EXPECT_TRUE(series["y"][1].is_null());
  EXPECT_NEAR(series["y"][2].get<double>() / 1.23456789e-12, 1, 1e-5);
  EXPECT_NEAR(series["y"][3].get<double>() / -9.87654321e15, 1, 1e-5);
  EXPECT_EQ(series["y"][4], 0);
  EXPECT_EQ(series["colour"], "#0072B2");  // the state's own colour
}

TEST(ReportDocument, Cells_of_a_heat_map_keep_value_interval_and_mark_and_undefined_ones_are_gaps) {
  HeatMap map;
  map.columns = {"here", "there"};
  map.rows = {"a"};
  map.cells = {{HeatCell{1.5, 1, 2, true, "<note>"}, HeatCell{}}};
  ReportDocument document;
  document.sections = {{"s", {map}}};
  const nlohmann::json block = embedded_data(render_html(document))["sections"][0]["blocks"][0];
  EXPECT_EQ(block["kind"], "heat");
  EXPECT_EQ(block["cells"][0][0], nlohmann::json::array({1.5, 1, 2, 1, "<note>"}));
  EXPECT_TRUE(block["cells"][0][1][0].is_null());
  EXPECT_EQ(block["cells"][0][1][3], 0);
}

TEST(ReportDocument, A_stepped_series_says_so) {
  LineChart chart;
  chart.series.resize(2);
  chart.series[1].stepped = true;
  ReportDocument document;
  document.sections = {{"s", {chart}}};
  const nlohmann::json series = embedded_data(render_html(document))["sections"][0]["blocks"][0]["series"];
  EXPECT_FALSE(series[0].contains("stepped"));
  EXPECT_TRUE(series[1]["stepped"]);
}

}  // namespace
}  // namespace senoma::results
