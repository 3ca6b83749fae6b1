// AVX2: the primitives of twin.cpp on WIDE registers of eight lanes at once; see lanes512.hpp.
#pragma once

#include <immintrin.h>

#include <array>
#include <cstdint>

#include "octaves.hpp"

#ifndef WIDE
#define WIDE 3
#endif
constexpr int LANES = 8 * WIDE;
using Mask = uint32_t;  // one bit per lane

struct Floats {
  __m256 v[WIDE];
};
struct Ints {
  __m256i v[WIDE];
};

#define INLINE inline __attribute__((always_inline))
#define EACH _Pragma("GCC unroll 8") for (int k = 0; k < WIDE; k++)
#define MAP(Type, expression)        \
  {                                  \
    Type result;                     \
    EACH result.v[k] = (expression); \
    return result;                   \
  }

INLINE __m256i bits_of(__m256 x) { return _mm256_castps_si256(x); }
INLINE __m256 float_of(__m256i x) { return _mm256_castsi256_ps(x); }

INLINE Floats load(const float *from) MAP(Floats, _mm256_loadu_ps(from + 8 * k))
INLINE Ints load(const uint32_t *from)
    MAP(Ints, _mm256_loadu_si256(reinterpret_cast<const __m256i *>(from) + k))
INLINE Floats all(float value) MAP(Floats, _mm256_set1_ps(value))
INLINE Ints all(uint32_t value) MAP(Ints, _mm256_set1_epi32(int(value)))
INLINE Ints ascending()
    MAP(Ints, _mm256_add_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32(8 * k)))
INLINE Floats add(Floats a, Floats b) MAP(Floats, _mm256_add_ps(a.v[k], b.v[k]))
INLINE Floats subtract(Floats a, Floats b) MAP(Floats, _mm256_sub_ps(a.v[k], b.v[k]))
INLINE Floats multiply(Floats a, Floats b) MAP(Floats, _mm256_mul_ps(a.v[k], b.v[k]))
INLINE Floats multiply_add(Floats a, Floats b, Floats c)
    MAP(Floats, _mm256_fmadd_ps(a.v[k], b.v[k], c.v[k]))
INLINE Ints add(Ints a, Ints b) MAP(Ints, _mm256_add_epi32(a.v[k], b.v[k]))
INLINE Ints subtract(Ints a, Ints b) MAP(Ints, _mm256_sub_epi32(a.v[k], b.v[k]))
INLINE Ints multiply(Ints a, Ints b) MAP(Ints, _mm256_mullo_epi32(a.v[k], b.v[k]))
INLINE Ints exclusive_or(Ints a, Ints b) MAP(Ints, _mm256_xor_si256(a.v[k], b.v[k]))
INLINE Ints exclusive_or(Ints a, Ints b, Ints c)
    MAP(Ints, _mm256_xor_si256(_mm256_xor_si256(a.v[k], b.v[k]), c.v[k]))
INLINE Ints right(Ints x, int bits) MAP(Ints, _mm256_srli_epi32(x.v[k], bits))
INLINE Ints whole(Floats x) MAP(Ints, _mm256_cvttps_epi32(x.v[k]))
INLINE Floats fraction(Floats x) MAP(Floats, _mm256_sub_ps(x.v[k], _mm256_floor_ps(x.v[k])))
INLINE Floats as_float(Ints x) MAP(Floats, _mm256_cvtepi32_ps(x.v[k]))
// y * 2^floor(x)
INLINE Floats scale(Floats y, Floats x)
    MAP(Floats, float_of(_mm256_add_epi32(
                    bits_of(y.v[k]),
                    _mm256_slli_epi32(_mm256_cvttps_epi32(_mm256_floor_ps(x.v[k])), 23))))

INLINE Mask lanes_below(uint32_t n) { return n < 32 ? (Mask(1) << n) - 1 : ~Mask(0); }
INLINE uint8_t part(Mask mask, int k) { return uint8_t(mask >> 8 * k); }
INLINE Mask below(Floats a, Floats b) {
  Mask mask = 0;
  EACH mask |= Mask(_mm256_movemask_ps(_mm256_cmp_ps(a.v[k], b.v[k], _CMP_LT_OQ))) << 8 * k;
  return mask;
}
INLINE Mask at_least(Ints a, Ints b) {
  Mask less = 0;
  EACH less |= Mask(_mm256_movemask_ps(float_of(_mm256_cmpgt_epi32(b.v[k], a.v[k])))) << 8 * k;
  return ~less & lanes_below(LANES);
}
INLINE __m256i spread(uint8_t mask) {
  const __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(mask), bit), bit);
}
INLINE Ints one_where(Mask mask) MAP(Ints, _mm256_srli_epi32(spread(part(mask, k)), 31))
INLINE Floats pick(Ints index, const float *table)
    MAP(Floats, _mm256_permutevar8x32_ps(
                    _mm256_broadcast_ps(reinterpret_cast<const __m128 *>(table)), index.v[k]))
INLINE Ints pick(Ints index, const uint32_t *table)
    MAP(Ints, bits_of(pick(index, reinterpret_cast<const float *>(table)).v[k]))

// One increment per lane.
INLINE void count(uint32_t *bins, Ints index, uint32_t lanes) {
  alignas(32) uint32_t bin[LANES];
  EACH _mm256_store_si256(reinterpret_cast<__m256i *>(bin) + k, index.v[k]);
  for (uint32_t lane = 0; lane < lanes; lane++) bins[bin[lane]]++;
}

// 31 bits and a sign to a normal variate. The 16 octaves next to 1/2 fit two registers for each
// coefficient; with a lane further out (p < 2^-17) all look the coefficients up in memory.
struct Normal : Octaves {
  Normal() {
    for (int power = 0; power <= DEGREE; power++)
      for (int e = 15; e < 31; e++) near[power][(e + 127) & 15] = table[power][(e + 127) & 31];
  }

  INLINE Floats operator()(Ints bits) const {
    Floats v, m, z;
    Ints octave;
    const __m256i most = _mm256_set1_epi32(0x7fffff80);  // its float does not round up to 2^31
    EACH v.v[k] = _mm256_cvtepi32_ps(
        _mm256_min_epi32(_mm256_and_si256(bits.v[k], _mm256_set1_epi32(0x7fffffff)), most));
    EACH octave.v[k] = _mm256_srli_epi32(bits_of(v.v[k]), 23);
    EACH m.v[k] = _mm256_or_ps(
        _mm256_and_ps(v.v[k], float_of(_mm256_set1_epi32(0x007fffff))), _mm256_set1_ps(1.0f));
    if (__builtin_expect(below(v, all(0x1p15f)) == 0, 1)) {
      EACH z.v[k] = at(DEGREE, octave.v[k], v.v[k]);
      _Pragma("GCC unroll 8") for (int power = DEGREE; power-- > 0;)
        EACH z.v[k] = _mm256_fmadd_ps(z.v[k], m.v[k], at(power, octave.v[k], v.v[k]));
    } else {
      z = all(0.0f);
      const __m256i low_bits = _mm256_set1_epi32(31);
      for (int power = DEGREE; power >= 0; power--)
        EACH z.v[k] = _mm256_fmadd_ps(
            z.v[k], m.v[k],
            _mm256_i32gather_ps(table[power], _mm256_and_si256(octave.v[k], low_bits), 4));
    }
    // The top bit is the sign: xor it in.
    EACH z.v[k] = _mm256_xor_ps(z.v[k], _mm256_and_ps(float_of(bits.v[k]), _mm256_set1_ps(-0.0f)));
    return z;
  }

private:
  alignas(64) float near[DEGREE + 1][16];

  INLINE __m256 at(int power, __m256i octave, __m256 v) const {
    const __m256 low = _mm256_permutevar8x32_ps(_mm256_load_ps(near[power]), octave);
    const __m256 high = _mm256_permutevar8x32_ps(_mm256_load_ps(near[power] + 8), octave);
    return _mm256_blendv_ps(low, high, float_of(_mm256_slli_epi32(bits_of(v), 5)));
  }
};

// For each mask of eight lanes the places of its lanes, a byte each, first one lowest.
struct Places {
  std::array<uint64_t, 256> of{};
  constexpr Places() {
    for (uint32_t mask = 0; mask < 256; mask++)
      for (uint64_t lane = 8; lane-- > 0;)
        if (mask >> lane & 1) of[mask] = of[mask] << 8 | lane;
  }
};
inline constexpr Places PLACES;

// Append the chosen lanes to a list of pairs; the new length.
INLINE uint32_t append(float *xs, uint32_t *cs, uint32_t length, Mask mask, Floats x, Ints c) {
  EACH {
    const uint8_t chosen = part(mask, k);
    const __m256i order = _mm256_cvtepu8_epi32(
        _mm_loadl_epi64(reinterpret_cast<const __m128i *>(&PLACES.of[chosen])));
    _mm256_storeu_ps(xs + length, _mm256_permutevar8x32_ps(x.v[k], order));
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(cs + length),
                        _mm256_permutevar8x32_epi32(c.v[k], order));
    length += uint32_t(__builtin_popcount(chosen));
  }
  return length;
}

// The four floats from table[2 * index], one column per result.
INLINE void four(const float *table, Ints index, Floats *column) {
  EACH {
    alignas(32) uint32_t at[8];
    _mm256_store_si256(reinterpret_cast<__m256i *>(at), index.v[k]);
    __m256 row[4];
    for (int r = 0; r < 4; r++) {
      row[r] = _mm256_castps128_ps256(_mm_loadu_ps(table + 2 * at[r]));
      row[r] = _mm256_insertf128_ps(row[r], _mm_loadu_ps(table + 2 * at[4 + r]), 1);
    }
    const __m256 a = _mm256_unpacklo_ps(row[0], row[1]), b = _mm256_unpackhi_ps(row[0], row[1]);
    const __m256 c = _mm256_unpacklo_ps(row[2], row[3]), d = _mm256_unpackhi_ps(row[2], row[3]);
    column[0].v[k] = _mm256_shuffle_ps(a, c, 0x44);
    column[1].v[k] = _mm256_shuffle_ps(a, c, 0xee);
    column[2].v[k] = _mm256_shuffle_ps(b, d, 0x44);
    column[3].v[k] = _mm256_shuffle_ps(b, d, 0xee);
  }
}
