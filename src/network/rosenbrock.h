// The coefficients of RODAS5P and the stage arithmetic of a pack of lanes.
//
// For y' = f(t, y) with J = ∂f/∂y and f_t = ∂f/∂t at the start of the step, the stages u_i, i = 1…8, solve
//   (I/(h·gamma) − J) u_i = f(t + alpha_i h, y + Σ_{j<i} a_ij u_j) + Σ_{j<i} (c_ij/h) u_j + h·gamma_i f_t ,
// and y_new = y + Σ m_i u_i with m = (a_6j, 1, 1, 1); the embedded fourth-order result leaves u_8 out, so u_8 is the
// error.
//
// Why RODAS5P: at an error of 1e-3 per coupling interval it costs what RODAS4 (six stages, order 4) costs, at 1e-6 it
// takes half the steps (docs/decisions/0002). L-stable and stiffly accurate, so fast states relax to their quasi-steady
// values within one step; little order reduction in very stiff problems; one-step, so that a lane's whole memory is
// (y, h) and resume, division and frozen-then-changed inputs cost nothing (a BDF code would restart at order 1 after
// each coupling step).
// References: Steinebach, Construction of Rosenbrock–Wanner method Rodas5P and numerical benchmarks within the Julia
// Differential Equations package, BIT Numerical Mathematics 63:27 (2023); Hairer & Wanner, Solving Ordinary
// Differential Equations II (1996), IV.7.
#pragma once

#include <array>
#include <cstddef>

namespace senoma::network::rodas5p {

inline constexpr std::size_t n_stages = 8;
inline constexpr double gamma = 0.21193756319429014;
inline constexpr int error_order = 5;  ///< the error estimate behaves as h^5
inline constexpr std::array<double, n_stages> alpha = {
    0.0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1.0, 1.0, 1.0};
inline constexpr std::array<double, n_stages> gammas = {0.21193756319429014,
                                                        -0.42387512638858027,
                                                        -0.3384627126235924,
                                                        1.8046452872882734,
                                                        2.325825639765069,
                                                        0.0,
                                                        0.0,
                                                        0.0};

/// a[i][j]: weights of u_j in the argument of stages 1…5. The argument of stage 6 is that of stage 5 plus u_5, and that
/// of stage 7 is that of stage 6 plus u_6.
inline constexpr double a[6][5] = {
    {},
    {3.0},
    {2.849394379747939, 0.45842242204463923},
    {-6.954028509809101, 2.489845061869568, -10.358996098473584},
    {2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641},
    {-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946}};
/// c[i][j]: weights of u_j/h on the right-hand side of stage i.
inline constexpr double c[n_stages][7] = {
    {},
    {-14.155112264123755},
    {-17.97296035885952, -2.859693295451294},
    {147.12150275711716, -1.41221402718213, 71.68940251302358},
    {165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306},
    {24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471},
    {30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783, -19.097331116725623,
     -28.087943162872662},
    {37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047, -40.06618937091002,
     -54.66780262877968, -9.48861652309627}};

/// out = y + Σ_{j<stage} a[stage][j] u_j, over n values, for stages 1 to 5; u_j starts at u + j·n. For stages 6 and 7
/// out, the argument of the stage before, is increased by u_{stage−1}. All columns are [state][lane].
void stage_argument(std::size_t stage, std::size_t n, const double* y, const double* u, double* out);

/// out = f + (Σ_{j<stage} c[stage][j] u_j) · inverse_h over n_states × pack_lanes values; inverse_h per lane.
void stage_right_side(std::size_t stage, std::size_t n_states, const double* f, const double* u,
                      const double* inverse_h, double* out);

/// out += gammas[stage] · h · slope for one state; slope is ∂f/∂t of that state, per lane.
void add_time_slope(std::size_t stage, const double* h, const double* slope, double* out);

/// y_new = y8 + u8 and, per lane, the mean square of u8/(absolute + relative·max(|y|, |y_new|)) over the states.
void finish_step(std::size_t n_states, const double* y, const double* y8, const double* u8, double relative,
                 const double* absolute, double* y_new, double* mean_square);

/// Per lane: y = y_new where accepted is 1.
void accept_lanes(std::size_t n_states, const double* accepted, const double* y_new, double* y);

/// Replaces values that are not finite by 0 and adds their number per lane to `count`: the slope of a root or
/// logarithm at 0 has no finite value; any Jacobian keeps the error estimate honest, only the step gets shorter.
void zero_non_finite(std::size_t n_rows, double* values, double* count);

/// Per lane: 0 if all states and rates are finite, NaN otherwise.
void finite_mark(std::size_t n_states, const double* y, const double* rates, double* mark);

}  // namespace senoma::network::rodas5p
