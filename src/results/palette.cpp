#include "results/palette.h"

#include <array>
#include <cctype>

#include "base/hash.h"

namespace senoma::results {
namespace {

struct NamedColour {
  std::string_view name, colour;
};

// Okabe–Ito: orange E69F00, sky 56B4E9, green 009E73, yellow F0E442, blue 0072B2, vermilion D55E00, purple CC79A7.
constexpr std::array<NamedColour, 22> by_name{{
    {"naive", "#0072B2"},     {"proliferating", "#0072B2"}, {"cycling", "#0072B2"},   {"melanoma", "#0072B2"},
    {"arrested", "#56B4E9"},  {"quiescent", "#56B4E9"},     {"senescent", "#D55E00"}, {"invasive", "#CC79A7"},
    {"escaped", "#E69F00"},   {"escapee", "#E69F00"},       {"resistant", "#E69F00"}, {"apoptotic", "#8C8C8C"},
    {"dying", "#8C8C8C"},     {"necrotic", "#5A4632"},      {"dead", "#5A4632"},      {"fibroblast", "#009E73"},
    {"stroma", "#009E73"},    {"macrophage", "#F0E442"},    {"immune", "#F0E442"},    {"lymphocyte", "#E69F00"},
    {"activated", "#00694D"}, {"other", "#8C8C8C"},
}};

constexpr std::array<std::string_view, 7> series{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                 "#E69F00", "#56B4E9", "#8C8C8C"};

}  // namespace

std::string state_colour(std::string_view name) {
  std::string word, last_known;
  const auto look_up = [&word, &last_known] {
    for (const NamedColour& entry : by_name) {
      if (word == entry.name ||
          (word.size() == entry.name.size() + 1 && word.back() == 's' && word.starts_with(entry.name))) {
        last_known = entry.colour;  // the last known word wins: "melanoma senescent" is senescent
      }
    }
    word.clear();
  };
  for (const char c : name) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else
      look_up();
  }
  look_up();
  if (!last_known.empty()) return last_known;
  Hasher hasher;
  hasher.add(name);
  return series_colour(hasher.value() % series.size());
}

std::string series_colour(std::size_t k) { return std::string(series[k % series.size()]); }

}  // namespace senoma::results
