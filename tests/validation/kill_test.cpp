// The relapse experiment (2D) and the spheroid (3D), killed 20 times each at random moments: the same bits at the end.
#include "../faults/kill.h"

namespace senoma::test {
namespace {

std::string shipped(const std::string& name) {
  return std::string(SENOMA_SOURCE_DIR) + "/models/melanoma-tis/experiments/" + name;
}

TEST(Kill, The_relapse_experiment_killed_twenty_times_ends_with_the_same_bits) {
  kill_until_done(shipped("relapse.toml"), {"--profile", "quick", "--arm", "drug", "--seed", "1", "--until", "20 d"},
                  20, 0.12);
}

TEST(Kill, The_spheroid_killed_twenty_times_ends_with_the_same_bits) {
  kill_until_done(shipped("spheroid.toml"), {"--seed", "1", "--until", "2 d"}, 20, 0.12);
}

}  // namespace
}  // namespace senoma::test
