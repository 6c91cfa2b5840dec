// Radiation as cells and readouts see it.
#include <gtest/gtest.h>

#include <cmath>

#include "models.h"

namespace senoma {
namespace {

engine::Drug beam() {
  engine::Drug drug;
  drug.name = "radiation";
  pharm::Kinetics kinetics;
  kinetics.model = pharm::Kinetics::Model::radiation;
  std::vector<pharm::Dose> doses;
  for (int k = 0; k < 3; ++k) doses.push_back({pharm::Dose::Route::fraction, 100.0 + 1440.0 * k, 2.0, 2.0});
  drug.regimen = std::make_shared<const pharm::Regimen>(kinetics, doses);
  return drug;
}

TEST(Radiation, Lesions_per_dose_are_the_same_for_a_step_of_any_length) {
  for (const double step : {0.7, 30.0, 1440.0}) {
    auto d = test::world(6, step);
    d.drugs = {beam()};
    d.networks = {test::network("net", {{{"lesions", 0.0, "formed"}}, {{"formed", 0.0}}})};
    d.systemic.network = "body";
    d.networks.push_back(test::network("body", {{{"marrow", 1.0, "-hit * marrow"}}, {{"hit", 0.0}}}));
    d.systemic.inputs = {{"hit", {"0.1 [1/Gy] * radiation.dose_rate * 1 [min]", {}}}};
    auto type = test::cell_type("cell");
    type.network = "net";
    type.coupling.inputs = {{"formed", {"35 [1/Gy] * `radiation dose_rate` * 1 [min]", {}}}};
    type.initial = {test::at({{0, 0, 0}})};
    d.cell_types = {type};
    d.readouts = {test::mean_of("lesions", "lesions"), test::mean_of("dose", "radiation.dose"),
                  test::mean_of("rate", "radiation.dose_rate")};
    d.readouts[1].over = engine::Readout::Over::world;
    auto s = test::simulate(d);
    while (s->world.time() < 3500.0) s->step();
    const auto r = s->readouts();
    EXPECT_NEAR(r[1], 6.0, 1e-12) << step;
    EXPECT_NEAR(r[0], 210.0, 1e-6) << step;
    EXPECT_EQ(r[2], step == 1440.0 ? 2.0 / 1440.0 : 0.0);
    EXPECT_NEAR(s->world.scalars.at("systemic.marrow"), std::exp(-0.6), 1e-5);
  }
}

}  // namespace
}  // namespace senoma
