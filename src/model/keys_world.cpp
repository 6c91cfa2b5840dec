// The keys of [model], [parameters], [domain], [time] and [substrates].
#include "model/registry.h"

namespace senoma::model {

namespace {

void add_substrate_keys(Registry& r) {
  const std::string s = "substrates.*.";
  const auto in_substrate_unit = [&](const std::string& key, Dimension factor, const char* doc) -> Key& {
    Key& added = r.quantity(s + key, factor, doc).from(DimensionRule::substrate);
    added.kind = Kind::quantity;
    return added;
  };
  r.add("substrates.*", Kind::table, "A substance that diffuses, decays, and is secreted and taken up by cells.");
  r.text(s + "unit", "Unit of the field; it sets the dimension: \"nM\", \"mmHg\", \"1\".").defaults("\"nM\"");
  r.quantity(s + "diffusion", dim::diffusivity, "Diffusion coefficient in tissue.")
      .non_negative()
      .defaults("\"0 um^2/min\"");
  r.quantity(s + "decay", dim::rate, "First-order decay rate.").non_negative().defaults("\"0 /min\"");
  in_substrate_unit("initial", dim::none, "Value everywhere at the start.").non_negative();
  r.choice(
       s + "mode", {"field", "medium", "quasi-steady"},
       "field: on the grid; medium: one well-mixed compartment (needs domain.medium_height); quasi-steady: on the grid, in "
       "equilibrium in every step.")
      .defaults("\"field\"");
  r.number(s + "tolerance", "Relative residual of the field solver.").range(0, 1).defaults("1e-6").exclusive_minimum =
      true;
  r.number(s + "undershoot_tolerance", "Largest accepted undershoot below zero, relative to the largest value.")
      .range(0, 1)
      .defaults("1e-9");
  r.number(
       s + "time_tolerance",
       "Largest error of one step from time stepping, relative to the field, as the solver estimates it. 0: one step of "
       "second order.")
      .range(0, 1)
      .defaults("0");
  in_substrate_unit(
      "half_saturation", dim::none,
      "Concentration at which uptake by cells is half of what it would be unsaturated (Michaelis-Menten): "
      "rate c / (1 + c/half_saturation). Without it uptake is first order.")
      .positive();
  r.add(s + "boundary", Kind::table,
        "Condition per face: all, x-, x+, y-, y+, z-, z+; a single face overrides all. medium: see there.");
  for (const char* face : {"all", "x-", "x+", "y-", "y+", "z-", "z+"}) {
    const std::string f = std::string("boundary.\"") + face + "\"";
    Key& key = r.choice(
        s + f, {"no-flux"},
        "\"no-flux\", or { value = … }, { flux = … }, { outside = …, transfer = … }, or { systemic = \"NAME\", "
        "transfer = … }.");
    key.or_single = true;
    in_substrate_unit(f + ".value", dim::none, "Fixed value on the face.").non_negative();
    in_substrate_unit(f + ".flux", dim::speed, "Flux inward: the substrate's unit × length/time.");
    in_substrate_unit(f + ".outside", dim::none, "Value outside a face with resistance.").non_negative();
    r.quantity(s + f + ".transfer", dim::speed, "Exchange coefficient of a face with resistance.").non_negative();
    r.text(s + f + ".systemic",
           "Quantity of the systemic network that is the value outside (with `transfer`), or on the face.");
    r.number(s + f + ".partition", "Value taken over that quantity.").non_negative().defaults("1");
  }
  in_substrate_unit("boundary.medium", dim::none,
                    "Value held in a stirred medium: in the voxels without cells that connect to the domain's faces.")
      .non_negative();
  r.add(
      s + "vessel", Kind::table,
      "What vessels hold: { value = … }, { drug = \"NAME\", partition = 0.5 } or { systemic = \"NAME\", partition = 0.5 }.");
  in_substrate_unit("vessel.value", dim::none, "Fixed value inside vessels.").non_negative();
  r.text(s + "vessel.drug", "The drug whose plasma concentration vessels hold.");
  r.text(s + "vessel.systemic", "The quantity of the systemic network that vessels hold.");
  r.number(s + "vessel.partition", "Concentration in the vessel's voxels over that in plasma.")
      .non_negative()
      .defaults("1");
  r.add(s + "receptor", Kind::table,
        "The receptor cells sense it with; gives the signal `NAME occupancy` = c/(c + kd).");
  r.text(s + "receptor.name", "Name of the receptor, for the report.").required();
  in_substrate_unit("receptor.kd", dim::none, "Dissociation constant.").positive().required();
  r.quantity(s + "molar_mass", dim::mass, "Molar mass, so that readouts can speak of ng/mL.")
      .also({dim::mass / dim::amount}, "a molar mass (\"8.7 kDa\" or \"8700 g/mol\")")
      .positive();
  r.quantity(s + "degraded_by.*", dim::rate, "Loss rate per unit of another substrate: \"0.01 1/nM/min\".")
      .also({}, "1/time per unit of the other substrate")
      .from(DimensionRule::substrate)
      .non_negative();
  in_substrate_unit("initial_in.*", dim::none,
                    "Value at the start inside a region: `tumour` is the disc or sphere of the first tumour cells.")
      .non_negative();
}

}  // namespace

void add_world_keys(Registry& r) {
  r.text("model.title", "What the model is, in one line.").defaults("\"untitled model\"");
  r.text("model.id", "Short name for folders and lists.");
  r.text("model.description", "What the model shows and what it leaves out.");
  r.text("model.citation", "The paper the model follows.").list_or_single();
  r.text("model.citations", "The papers the model follows.").list_or_single();

  Key& parameter =
      r.quantity("parameters.*", dim::none, "A named value, visible in every expression.").from(DimensionRule::any);
  parameter.kind = Kind::quantity;
  parameter.or_boolean = true;

  r.quantity("domain.size", dim::length, "Two sizes (2D, needs thickness) or three. The domain is centred on 0.")
      .positive()
      .list()
      .required();
  r.quantity("domain.spacing", dim::length, "Edge of a voxel, one for all axes or one per axis. Must divide the size.")
      .positive()
      .list_or_single()
      .required();
  r.quantity("domain.thickness", dim::length, "Thickness of a 2D tissue, which turns amounts into concentrations.")
      .positive();
  r.choice(
       "domain.space", {"resolved", "well-mixed"},
       "resolved: fields on voxels, cells with places. well-mixed: the domain is one representative volume, in which every "
       "substrate has one concentration and cells meet by chance; the quick fidelity of the same model (see the user "
       "guide, fidelities).")
      .defaults("\"resolved\"");
  r.choice(
       "domain.edge", {"reflect", "periodic", "open", "absorb"},
       "What happens to a cell whose centre reaches the edge: it stops and slides along it, re-enters on the other "
       "side, goes on outside (where it meets the fields of the nearest voxel), or leaves the model (event `left`).")
      .defaults("\"reflect\"");
  r.number("domain.adhesion_range",
           "Reach of adhesion and contact, as a multiple of the sum of two radii; 1 = adhesion ends at contact.")
      .range(1, 10)
      .defaults("1");
  r.quantity("domain.medium_height", dim::length, "Height of the well-mixed medium above a culture; 0 = none.")
      .non_negative();
  r.quantity("domain.vessel[].centre", dim::length, "Centre of a vessel's cross-section.").list().required();
  r.quantity("domain.vessel[].radius", dim::length, "Radius of the vessel.").positive().required();
  r.text("domain.vessel[].name", "A name, for overrides.");

  r.quantity("time.step", dim::time, "Coupling step: fields, networks and cells exchange values this often.")
      .positive()
      .defaults("\"30 min\"");
  r.quantity("time.duration", dim::time, "Simulated time.").non_negative().required();
  r.quantity("time.frames", dim::time, "Time between frames (cells and fields).").positive();
  r.quantity("time.summary", dim::time, "Time between rows of summary.csv.").positive();
  add_substrate_keys(r);
}

}  // namespace senoma::model
