// The texts of results/report/*, compiled in by cmake/embed.cmake.
#pragma once

#include <string_view>

namespace senoma::results::assets {

extern const std::string_view shell_html, report_css, base_js, axes_js, charts_js, intervals_js, verdicts_js, heat_js,
    map_js, graph_js, tables_js, page_js;

}  // namespace senoma::results::assets
