// The coefficients of RODAS4 and the stage arithmetic of a pack of lanes.
//
// For y' = f(t, y) with J = ∂f/∂y and f_t = ∂f/∂t at the start of the step, the stages u_i, i = 1…6, solve
//   (I/(h·gamma) − J) u_i = f(t + alpha_i h, y + Σ_{j<i} a_ij u_j) + Σ_{j<i} (c_ij/h) u_j + h·gamma_i f_t ,
// and y_new = y + Σ m_i u_i with m = (a_5j, 1, 1); the embedded third-order result leaves u_6 out, so u_6 is the error.
//
// Why RODAS4: the error per coupling interval that the biology justifies is 1e-3…1e-5, where order 4 with one
// factorisation per step is the cheapest of the L-stable methods; stiffly accurate, so fast states relax to their
// quasi-steady values within one step; one-step, so that a lane's whole memory is (y, h) and resume, division and
// frozen-then-changed inputs cost nothing (a BDF code would restart at order 1 after each coupling step).
// Reference: Hairer & Wanner, Solving Ordinary Differential Equations II (1996), IV.7 and code RODAS, METH=1.
#pragma once

#include <array>
#include <cstddef>

namespace senoma::network::rodas4 {

inline constexpr std::size_t n_stages = 6;
inline constexpr double gamma = 0.25;
inline constexpr int error_order = 4;  ///< the error estimate behaves as h^4
inline constexpr std::array<double, n_stages> alpha = {0.0, 0.386, 0.21, 0.63, 1.0, 1.0};
inline constexpr std::array<double, n_stages> gammas = {0.25, -0.1043, 0.1035, -0.03620000000000023, 0.0, 0.0};

/// a[i][j]: weights of u_j in the argument of stage i. Row 5 (the last stage) is row 4 plus u_5.
inline constexpr double a[n_stages][5] = {
    {},
    {1.544},
    {0.9466785280815826, 0.2557011698983284},
    {3.314825187068521, 2.896124015972201, 0.9986419139977817},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0}};
/// c[i][j]: weights of u_j/h on the right-hand side of stage i.
inline constexpr double c[n_stages][5] = {
    {},
    {-5.6688},
    {-2.430093356833875, -0.2063599157091915},
    {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
    {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
    {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054}};

/// out = y + Σ_{j<stage} a[stage][j] u_j, over n values; u_j starts at u + j·n. All columns are [state][lane].
void stage_argument(std::size_t stage, std::size_t n, const double* y, const double* u, double* out);

/// out = f + (Σ_{j<stage} c[stage][j] u_j) · inverse_h over n_states × pack_lanes values; inverse_h per lane.
void stage_right_side(std::size_t stage, std::size_t n_states, const double* f, const double* u,
                      const double* inverse_h, double* out);

/// out += gammas[stage] · h · slope for one state; slope is ∂f/∂t of that state, per lane.
void add_time_slope(std::size_t stage, const double* h, const double* slope, double* out);

/// y_new = y6 + u6 and, per lane, the mean square of u6/(absolute + relative·max(|y|, |y_new|)) over the states.
void finish_step(std::size_t n_states, const double* y, const double* y6, const double* u6, double relative,
                 const double* absolute, double* y_new, double* mean_square);

/// Per lane: y = y_new where accepted is 1.
void accept_lanes(std::size_t n_states, const double* accepted, const double* y_new, double* y);

/// Replaces values that are not finite by 0 and adds their number per lane to `count`: the slope of a root or
/// logarithm at 0 has no finite value; any Jacobian keeps the error estimate honest, only the step gets shorter.
void zero_non_finite(std::size_t n_rows, double* values, double* count);

/// Per lane: 0 if all states and rates are finite, NaN otherwise.
void finite_mark(std::size_t n_states, const double* y, const double* rates, double* mark);

}  // namespace senoma::network::rodas4
