// The error codes of this room, for `senoma explain CODE`.
#pragma once

#include "base/error.h"

namespace senoma::base_codes {

inline constexpr ErrorCode error_codes[] = {
    {"E1001", "The unit is not known",
     "Units are products and quotients of known names with whole exponents: \"um^2/min\", \"mg/m^2\", \"1/h\", "
     "\"/min\", "
     "\"pg/mL\". Case matters: M is mol/L, m is metre, min is minute, d is day. Example: \"5 umol/L\" and \"5 uM\" are "
     "the "
     "same; \"5 micromolar\" is refused."},
    {"E1002", "The unit is malformed",
     "A unit is a chain of names joined by '*', '/' or a blank, each with an optional one-digit exponent: \"mg m^-2\" "
     "or "
     "\"mg/m^2\". Parentheses and fractions in exponents are not part of the notation; write \"1/(nM min)\" as "
     "\"1/nM/min\"."},
    {"E1003", "A finite number was expected",
     "A physical value is a number followed by a unit, like \"1500 um^2/min\"; a bare number is dimensionless. "
     "Infinity and "
     "NaN are refused, because they would spread silently through a simulation."},
    {"E1301", "The instruction set is not supported",
     "--isa pins the vector instructions of the kernels: sse2, avx2, avx512 or widest. This processor or this build "
     "has not the one asked for. Results have the same bits on all of them; only the speed differs."},
    {"E1203", "The value has the wrong dimension",
     "Every quantity has a dimension (length, time, amount, concentration, mass, pressure, force, radiation dose, "
     "temperature). The message shows the one found and the one expected. A frequent cause is a mass where a "
     "concentration "
     "is needed: a bath dose is \"100 uM\", an infusion is \"100 mg/m^2\"."},
};

}  // namespace senoma::base_codes
