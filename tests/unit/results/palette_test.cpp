#include "results/palette.h"

#include <gtest/gtest.h>

#include <set>

namespace senoma::results {
namespace {

TEST(Palette, The_states_of_the_melanoma_model_have_different_colours) {
  std::set<std::string> colours;
  for (const char* name : {"naive", "arrested", "senescent", "invasive", "apoptotic", "necrotic", "fibroblast"})
    colours.insert(state_colour(name));
  EXPECT_EQ(colours.size(), 7U);
}

TEST(Palette, A_state_keeps_its_colour_whatever_surrounds_its_name) {
  EXPECT_EQ(state_colour("melanoma: Senescent"), state_colour("senescent"));
  EXPECT_EQ(state_colour("fibroblasts"), state_colour("fibroblast"));
  EXPECT_EQ(state_colour("unheard of"), state_colour("unheard of"));
}

}  // namespace
}  // namespace senoma::results
