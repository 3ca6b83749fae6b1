// Random durations of twin.cpp: a counter's bits, a normal variate, a lognormal one.
#pragma once

#ifdef __AVX512F__
#include "lanes512.hpp"
#else
#include "lanes256.hpp"
#endif

constexpr double LOG2_E = 1.4426950408889634;

const Normal normal;

// A mixing function of 32 bits with constants from C. Wellons's hash-prospector, keyed by two words.
INLINE Ints hash(Ints x, Ints key0, Ints key1) {
  x = exclusive_or(x, key0);
  x = multiply(exclusive_or(x, right(x, 16)), all(0x21f0aaadu));
  x = multiply(exclusive_or(x, right(x, 15), key1), all(0x735a2d97u));
  return exclusive_or(x, right(x, 15));
}

// 2^x; relative error below 4e-6.
INLINE Floats exp2_of(Floats x) {
  const Floats f = fraction(x);
  Floats y = all(0.013534167f);
  y = multiply_add(y, f, all(0.052011463f));
  y = multiply_add(y, f, all(0.24144275f));
  y = multiply_add(y, f, all(0.69300383f));
  y = multiply_add(y, f, all(1.0000026f));
  return scale(y, x);
}

// Two key words of a seed's stream.
struct Key {
  uint32_t low, high;

  Key(uint64_t seed, uint64_t stream) {
    uint64_t x = seed + (stream + 1) * 0x9e3779b97f4a7c15u;  // splitmix64
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    low = uint32_t(x);
    high = uint32_t(x >> 32);
  }

  INLINE Ints operator()(Ints counter) const { return hash(counter, all(low), all(high)); }
};

// A lognormal duration in some unit of a phase's clock: 2^(a + b z).
struct Duration {
  float a, b;
  INLINE Floats operator()(Ints bits) const {
    return exp2_of(multiply_add(all(b), normal(bits), all(a)));
  }
};
