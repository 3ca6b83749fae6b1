// The lower half of the normal quantile, one polynomial per octave of p: p = m * 2^(e - 32) with
// m in [1, 2), where 2^e m is the float of 31 random bits. Error below 4e-5 in z but for p < 1e-8.
#pragma once

#include <cmath>

struct Octaves {
  static constexpr int DEGREE = 4;
  alignas(64) float table[DEGREE + 1][32];  // [power of m][e + 127 mod 32]

  Octaves() {
    for (int e = 0; e < 31; e++) fit(e);
    for (auto &row : table) row[30] = 0;  // e = 31, to which the float may round up: p = 1/2
  }

private:
  static double quantile(double p) {
    double low = -40, high = 0;
    for (int i = 0; i < 60; i++) {
      const double z = (low + high) / 2;
      (0.5 * std::erfc(-z * M_SQRT1_2) < p ? low : high) = z;
    }
    return (low + high) / 2;
  }

  // Newton's interpolation through Chebyshev nodes, multiplied out to powers of m.
  void fit(int e) {
    constexpr int n = DEGREE + 1;
    double at[n], divided[n], power[n] = {};
    for (int i = 0; i < n; i++) {
      at[i] = 1.5 + 0.5 * std::cos(M_PI * (i + 0.5) / n);
      divided[i] = quantile(std::ldexp(at[i], e - 32));
    }
    for (int k = 1; k < n; k++)
      for (int i = n; i-- > k;) divided[i] = (divided[i] - divided[i - 1]) / (at[i] - at[i - k]);
    for (int k = n; k-- > 0;) {
      for (int i = n; --i > 0;) power[i] = power[i - 1] - at[k] * power[i];
      power[0] = divided[k] - at[k] * power[0];
    }
    for (int k = 0; k < n; k++) table[k][(e + 127) & 31] = float(power[k]);
  }
};
