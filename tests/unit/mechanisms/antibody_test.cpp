// An antibody whose complexes stay: quasi-equilibrium target-mediated disposition (Gibiansky et al. 2008 doi
// 10.1007/s10928-008-9102-8; Mager & Jusko 2001 doi 10.1023/A:1014414520282) in the medium and in tissue.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "models.h"
#include "pharm/binding.h"
#include "pharm/effects.h"

namespace senoma {
namespace {

using test::run;
using test::simulate;

constexpr double volume = 200.0 * 200.0 * 500.0;                           // um^3 of medium
constexpr double decay = 0.05, made = 5e-4;                                // 1/min, nM/min: 0.01 nM of free ligand
constexpr double kd = 0.01, complex_loss = 6e-5, antibody_decay = 2.4e-4;  // nM, 1/min

engine::Readout world_readout(const std::string& value) {
  auto readout = test::mean_of(value, value);
  readout.over = engine::Readout::Over::world;
  return readout;
}

engine::Drug antibody(double concentration, double elimination) {
  auto drug = test::bath("mAb", concentration);
  pharm::Kinetics kinetics;
  kinetics.model = pharm::Kinetics::Model::bath;
  kinetics.elimination_rate = elimination;
  drug.regimen = std::make_shared<const pharm::Regimen>(kinetics, drug.regimen->doses());
  drug.binds = "L";
  drug.binding_kd = kd;
  drug.complex_loss_rate = complex_loss;
  return drug;
}

/// One cell makes ligand in a medium.
engine::Description medium(double step) {
  auto d = test::world(10, step);
  d.domain.medium_height = 500.0;
  d.substrates = {test::substrate("L", 0, decay, made / decay), test::substrate("pool", 0, antibody_decay, 0.0)};
  for (auto& s : d.substrates) s.well_mixed = true;
  d.substrates[0].receptor_kd = 0.02;
  auto type = test::cell_type("cell");
  type.parameters["secretion.L"] = made * molecules_per_um3_per_nM * volume;
  type.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type};
  d.readouts = {world_readout("L.total.mean"), world_readout("L.mean"),       test::mean_of("c", "L concentration"),
                test::mean_of("f", "L free"),  test::mean_of("t", "L total"), test::mean_of("o", "L occupancy")};
  return d;
}

struct Levels {
  double ligand, antibody;
  [[nodiscard]] double free() const { return pharm::free_ligand(ligand, antibody, kd); }
};

/// Classical Runge–Kutta for dT/dt = made − decay L − k C, and dA/dt = −elimination (A − C) − k C, or −elimination A.
Levels reference(Levels y, double t, double elimination, bool used_up) {
  const auto rate = [&](const Levels& at) {
    const double free = at.free(), bound = at.ligand - free;
    return Levels{made - decay * free - complex_loss * bound,
                  used_up ? -elimination * (at.antibody - bound) - complex_loss * bound : -elimination * at.antibody};
  };
  const auto moved = [](const Levels& a, double h, const Levels& b) {
    return Levels{a.ligand + h * b.ligand, a.antibody + h * b.antibody};
  };
  const int n = static_cast<int>(t / 0.25);
  const double h = t / n;
  for (int k = 0; k < n; ++k) {
    const Levels a = rate(y), b = rate(moved(y, 0.5 * h, a)), c = rate(moved(y, 0.5 * h, b)), e = rate(moved(y, h, c));
    y = moved(moved(moved(moved(y, h / 6, a), h / 3, b), h / 3, c), h / 6, e);
  }
  return y;
}

TEST(Antibody, Total_ligand_accumulates_and_free_ligand_overshoots_as_the_antibody_leaves) {
  auto d = medium(10.0);
  d.drugs = {antibody(100.0, antibody_decay)};
  auto s = simulate(d);
  Levels exact{made / decay, 100.0};
  double highest_total = 0, highest_free = 0, lowest_free = 1, worst = 0;
  for (int day = 0; day < 40; ++day) {
    run(*s, 144);
    exact = reference(exact, 1440.0, antibody_decay, false);
    const auto r = s->readouts();
    worst = std::max(worst, std::abs(r[0] / exact.ligand - 1));
    EXPECT_NEAR(r[1], exact.free(), 0.02 * exact.free()) << "day " << day + 1;
    EXPECT_DOUBLE_EQ(r[2], r[1]);
    EXPECT_EQ(r[3], r[2]);
    EXPECT_EQ(r[4], r[0]);
    EXPECT_DOUBLE_EQ(r[5], r[1] / (r[1] + 0.02));
    highest_total = std::max(highest_total, r[0]), highest_free = std::max(highest_free, r[1]);
    lowest_free = std::min(lowest_free, r[1]);
  }
  const double baseline = made / decay;
  std::printf(
      "total up to %.0f times, free down to %.2g and up to %.2f times the baseline; worst error of the total %.1e\n",
      highest_total / baseline, lowest_free / baseline, highest_free / baseline, worst);
  EXPECT_GT(highest_total, 200 * baseline);
  EXPECT_LT(lowest_free, 0.01 * baseline);
  EXPECT_GT(highest_free, 1.3 * baseline);
  EXPECT_LT(worst, 5e-3);
  EXPECT_LT(s->world.ledgers[0].worst_closing_error, 1e-12);
}

TEST(Antibody, Held_high_it_keeps_more_than_a_thousand_times_the_ligand) {
  auto d = medium(30.0);
  d.drugs = {antibody(500.0, 0.0)};
  d.drugs[0].complex_loss_rate = 3e-5;
  auto s = simulate(d);
  run(*s, 48 * 80);
  EXPECT_GT(s->readouts()[0], 1000 * made / decay);
}

TEST(Antibody, One_with_a_field_of_its_own_is_used_up) {
  double before = 0;
  for (const double step : {20.0, 10.0, 5.0}) {
    auto d = medium(step);
    d.substrates[0].initial = 5.0;  // more ligand than antibody at first
    d.substrates[1].initial = 4.0;
    d.drugs = {antibody(0.0, 0.0)};
    d.drugs[0].substrate = "pool";
    d.drugs[0].complex_loss_rate = 1e-3;
    auto s = simulate(d);
    Levels exact{5.0, 4.0};
    const auto rate = [](const Levels& y) {
      const double free = y.free(), bound = y.ligand - free;
      return Levels{made - decay * free - 1e-3 * bound, -antibody_decay * (y.antibody - bound) - 1e-3 * bound};
    };
    double error = 0;
    for (int k = 0; k < 10; ++k) {
      run(*s, static_cast<int>(200 / step));
      for (int i = 0; i < 8000; ++i) {
        const Levels a = rate(exact), middle{exact.ligand + 0.0125 * a.ligand, exact.antibody + 0.0125 * a.antibody};
        const Levels b = rate(middle);
        exact = {exact.ligand + 0.025 * b.ligand, exact.antibody + 0.025 * b.antibody};
      }
      error = std::max(error, std::abs(s->world.fields[1].rho[0] / exact.antibody - 1));
      error = std::max(error, std::abs(s->world.fields[0].rho[0] / exact.ligand - 1));
    }
    std::printf("step %.0f min: worst relative error %.2e; antibody left %.4f nM\n", step, error, exact.antibody);
    EXPECT_LT(error, 0.02);
    if (step < 20) {
      EXPECT_LT(error, 0.65 * before);
    }
    before = error;
    for (const auto& ledger : s->world.ledgers) EXPECT_LT(ledger.worst_closing_error, 1e-12);
    // What left the antibody's field has decayed, free or in the complex: cells took none.
    EXPECT_EQ(s->world.ledgers[1].taken_up, 0.0);
    EXPECT_NEAR(s->world.ledgers[1].decayed, (4.0 - s->world.fields[1].rho[0]) * volume, 1e-9 * volume);
  }
}

TEST(Antibody, In_tissue_at_uniform_concentration_it_is_as_in_the_medium) {
  auto in_medium = medium(20.0);
  in_medium.cell_types[0].parameters.erase("secretion.L");
  in_medium.substrates[0].initial = 3.0;
  in_medium.drugs = {antibody(2.0, antibody_decay)};
  auto in_tissue = in_medium;
  for (auto& s : in_tissue.substrates) s.well_mixed = false, s.diffusion = 400.0;
  auto a = simulate(in_medium), b = simulate(in_tissue);
  for (int k = 0; k < 200; ++k) a->step(), b->step();
  const double expected = a->world.fields[0].rho[0];
  EXPECT_LT(expected, 2.0);
  for (const double c : b->world.fields[0].rho) EXPECT_NEAR(c, expected, 1e-6 * expected);
  EXPECT_NEAR(b->readouts()[2], a->readouts()[2], 1e-6 * a->readouts()[2]);
  EXPECT_LT(b->world.ledgers[0].worst_closing_error, 1e-12);
}

TEST(Antibody, Cells_take_up_and_follow_the_free_ligand) {
  auto d = test::world(12, 10.0);
  d.substrates = {test::substrate("L", 500.0, 0.0, 0.0), test::substrate("pool", 0.0, 0.0, 0.0)};
  d.substrates[0].initial = 10.0;
  d.substrates[0].faces[0].kind = field::FaceCondition::Kind::value;
  d.substrates[0].faces[0].value = 20.0;
  auto type = test::cell_type("cell");
  type.parameters["uptake.L"] = 2.0;
  type.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type};
  d.readouts = {test::mean_of("c", "L concentration"), test::mean_of("t", "L total"), test::mean_of("g", "L gradient")};
  auto bound = d;
  bound.drugs = {antibody(1000.0, 0.0)};
  auto free = simulate(d), taken = simulate(bound);
  run(*free, 20), run(*taken, 20);
  EXPECT_GT(free->world.ledgers[0].taken_up, 500 * taken->world.ledgers[0].taken_up);
  EXPECT_GT(taken->world.ledgers[0].taken_up, 0.0);
  const auto f = free->readouts(), t = taken->readouts();
  EXPECT_EQ(f[0], f[1]);
  EXPECT_LT(t[0], 1e-4 * t[1]);
  EXPECT_LT(t[2], 1e-3 * f[2]);
  EXPECT_LT(taken->world.ledgers[0].worst_closing_error, 1e-12);
}

TEST(Antibody, Several_against_one_ligand_add_up) {
  auto d = medium(10.0);
  d.drugs = {antibody(3.0, 0.0), antibody(2.0, 0.0)};
  d.drugs[1].name = "other";
  d.drugs[1].binding_kd = 0.5;
  d.substrates[0].initial = 4.0;
  auto s = simulate(d);
  s->step();
  const auto r = s->readouts();
  const double free = r[1];
  EXPECT_NEAR(r[0], free + 3.0 * free / (kd + free) + 2.0 * free / (0.5 + free), 1e-10);
}

TEST(Antibody, What_does_not_fit_is_refused_with_place_and_remedy) {
  const auto refused = [](const std::function<void(engine::Description&)>& change) {
    auto d = medium(10.0);
    d.drugs = {antibody(3.0, 0.0)};
    d.drugs[0].where = {"model.toml", 12, 9, 20};
    change(d);
    try {
      auto s = simulate(d);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "E5013");
      EXPECT_FALSE(error.remedies().empty());
      EXPECT_TRUE(error.position() && error.position()->line == 12);
      return error.message();
    }
    return std::string("not refused");
  };
  EXPECT_NE(refused([](auto& d) { d.substrates[0].half_saturation = 1.0; }).find("saturates"), std::string::npos);
  EXPECT_NE(refused([](auto& d) { d.substrates[0].quasi_steady = true; }).find("quasi-steady"), std::string::npos);
  EXPECT_NE(refused([](auto& d) { d.substrates[0].dimension = dim::pressure; }).find("concentration"),
            std::string::npos);
  EXPECT_NE(refused([](auto& d) {
              d.substrates[1].well_mixed = false;
              d.drugs[0].substrate = "pool";
            }).find("medium"),
            std::string::npos);
  EXPECT_NE(refused([](auto& d) {
              d.drugs.push_back(antibody(1.0, 0.0));
              d.drugs[1].name = "other";
              d.drugs[1].where = d.drugs[0].where;
              d.drugs[1].complex_loss_rate = 0.0;
            }).find("complex_half_life"),
            std::string::npos);
}

}  // namespace
}  // namespace senoma
