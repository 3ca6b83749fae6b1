// AVX-512: the primitives of twin.cpp on WIDE registers of sixteen lanes at once. lanes256.hpp has
// the same for AVX2. One primitive does all WIDE registers before the next begins: their chains of
// dependent steps run side by side, where one after the other would fill the processor's window.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "octaves.hpp"

#ifndef WIDE
#define WIDE 2
#endif
constexpr int LANES = 16 * WIDE;
using Mask = uint64_t;  // one bit per lane

struct Floats {
  __m512 v[WIDE];
};
struct Ints {
  __m512i v[WIDE];
};

#define INLINE inline __attribute__((always_inline))
#define EACH _Pragma("GCC unroll 8") for (int k = 0; k < WIDE; k++)
#define MAP(Type, expression)        \
  {                                  \
    Type result;                     \
    EACH result.v[k] = (expression); \
    return result;                   \
  }

INLINE Floats load(const float *from) MAP(Floats, _mm512_loadu_ps(from + 16 * k))
INLINE Ints load(const uint32_t *from) MAP(Ints, _mm512_loadu_si512(from + 16 * k))
INLINE Floats all(float value) MAP(Floats, _mm512_set1_ps(value))
INLINE Ints all(uint32_t value) MAP(Ints, _mm512_set1_epi32(int(value)))
INLINE Ints ascending()
    MAP(Ints, _mm512_add_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                                                 15),
                               _mm512_set1_epi32(16 * k)))
INLINE Floats add(Floats a, Floats b) MAP(Floats, _mm512_add_ps(a.v[k], b.v[k]))
INLINE Floats subtract(Floats a, Floats b) MAP(Floats, _mm512_sub_ps(a.v[k], b.v[k]))
INLINE Floats multiply(Floats a, Floats b) MAP(Floats, _mm512_mul_ps(a.v[k], b.v[k]))
INLINE Floats multiply_add(Floats a, Floats b, Floats c)
    MAP(Floats, _mm512_fmadd_ps(a.v[k], b.v[k], c.v[k]))
INLINE Ints add(Ints a, Ints b) MAP(Ints, _mm512_add_epi32(a.v[k], b.v[k]))
INLINE Ints subtract(Ints a, Ints b) MAP(Ints, _mm512_sub_epi32(a.v[k], b.v[k]))
INLINE Ints multiply(Ints a, Ints b) MAP(Ints, _mm512_mullo_epi32(a.v[k], b.v[k]))
INLINE Ints exclusive_or(Ints a, Ints b) MAP(Ints, _mm512_xor_si512(a.v[k], b.v[k]))
INLINE Ints exclusive_or(Ints a, Ints b, Ints c)
    MAP(Ints, _mm512_ternarylogic_epi32(a.v[k], b.v[k], c.v[k], 0x96))
INLINE Ints right(Ints x, int bits) MAP(Ints, _mm512_srli_epi32(x.v[k], bits))
INLINE Ints whole(Floats x) MAP(Ints, _mm512_cvttps_epi32(x.v[k]))
INLINE Floats fraction(Floats x) MAP(Floats, _mm512_reduce_ps(x.v[k], 0x09))
INLINE Floats as_float(Ints x) MAP(Floats, _mm512_cvtepi32_ps(x.v[k]))
INLINE Floats scale(Floats y, Floats x) MAP(Floats, _mm512_scalef_ps(y.v[k], x.v[k]))

INLINE Mask lanes_below(uint32_t n) { return n < 64 ? (Mask(1) << n) - 1 : ~Mask(0); }
INLINE __mmask16 part(Mask mask, int k) { return __mmask16(mask >> 16 * k); }
INLINE Mask below(Floats a, Floats b) {
  Mask mask = 0;
  EACH mask |= Mask(_mm512_cmp_ps_mask(a.v[k], b.v[k], _CMP_LT_OQ)) << 16 * k;
  return mask;
}
INLINE Mask at_least(Ints a, Ints b) {
  Mask mask = 0;
  EACH mask |= Mask(_mm512_cmpge_epi32_mask(a.v[k], b.v[k])) << 16 * k;
  return mask;
}
INLINE Ints one_where(Mask mask) MAP(Ints, _mm512_maskz_set1_epi32(part(mask, k), 1))
INLINE Floats pick(Ints index, const float *table)
    MAP(Floats,
        _mm512_permutexvar_ps(index.v[k], _mm512_broadcast_f32x4(_mm_loadu_ps(table))))
INLINE Ints pick(Ints index, const uint32_t *table)
    MAP(Ints, _mm512_castps_si512(pick(index, reinterpret_cast<const float *>(table)).v[k]))

// One increment per lane. Four 16-bit indices a word are fewer loads than one index each.
INLINE void count(uint32_t *bins, Ints index, uint32_t lanes) {
  alignas(32) uint64_t packed[LANES / 4];
  EACH _mm256_store_si256(reinterpret_cast<__m256i *>(packed) + k,
                          _mm512_cvtepi32_epi16(index.v[k]));
  if (lanes == LANES) {
    for (uint64_t word : packed) {
      bins[uint16_t(word)]++;
      bins[uint16_t(word >> 16)]++;
      bins[uint16_t(word >> 32)]++;
      bins[word >> 48]++;
    }
  } else {
    for (uint32_t lane = 0; lane < lanes; lane++) bins[uint16_t(packed[lane / 4] >> lane % 4 * 16)]++;
  }
}

// 31 bits and a sign to a normal variate. The 32 octaves' coefficients fit two registers each, so
// that no memory is looked up.
struct Normal : Octaves {
  INLINE Floats operator()(Ints bits) const {
    Floats v, m, z;
    Ints octave;
    EACH v.v[k] = _mm512_cvtepi32_ps(_mm512_and_si512(bits.v[k], _mm512_set1_epi32(0x7fffffff)));
    EACH octave.v[k] = _mm512_srli_epi32(_mm512_castps_si512(v.v[k]), 23);
    EACH m.v[k] = _mm512_castsi512_ps(_mm512_ternarylogic_epi32(
        _mm512_castps_si512(v.v[k]), _mm512_set1_epi32(0x007fffff), _mm512_set1_epi32(0x3f800000),
        0xea));
    EACH z.v[k] = at(DEGREE, octave.v[k]);
    _Pragma("GCC unroll 8") for (int power = DEGREE; power-- > 0;)
      EACH z.v[k] = _mm512_fmadd_ps(z.v[k], m.v[k], at(power, octave.v[k]));
    // The top bit is the sign: xor it in.
    EACH z.v[k] = _mm512_castsi512_ps(_mm512_ternarylogic_epi32(
        _mm512_castps_si512(z.v[k]), bits.v[k], _mm512_set1_epi32(int(0x80000000)), 0x78));
    return z;
  }

private:
  INLINE __m512 at(int power, __m512i octave) const {
    return _mm512_permutex2var_ps(_mm512_load_ps(table[power]), octave,
                                  _mm512_load_ps(table[power] + 16));
  }
};

// Append the chosen lanes to a list of pairs; the new length.
INLINE uint32_t append(float *xs, uint32_t *cs, uint32_t length, Mask mask, Floats x, Ints c) {
  EACH {
    _mm512_storeu_ps(xs + length, _mm512_maskz_compress_ps(part(mask, k), x.v[k]));
    _mm512_storeu_si512(cs + length, _mm512_maskz_compress_epi32(part(mask, k), c.v[k]));
    length += uint32_t(__builtin_popcount(part(mask, k)));
  }
  return length;
}

// The four floats from table[2 * index], one column per result.
INLINE void four(const float *table, Ints index, Floats *column) {
  EACH {
    alignas(64) uint32_t at[16];
    _mm512_store_si512(at, index.v[k]);
    __m512 row[4];
    for (int r = 0; r < 4; r++) {
      row[r] = _mm512_castps128_ps512(_mm_loadu_ps(table + 2 * at[r]));
      row[r] = _mm512_insertf32x4(row[r], _mm_loadu_ps(table + 2 * at[4 + r]), 1);
      row[r] = _mm512_insertf32x4(row[r], _mm_loadu_ps(table + 2 * at[8 + r]), 2);
      row[r] = _mm512_insertf32x4(row[r], _mm_loadu_ps(table + 2 * at[12 + r]), 3);
    }
    const __m512 a = _mm512_unpacklo_ps(row[0], row[1]), b = _mm512_unpackhi_ps(row[0], row[1]);
    const __m512 c = _mm512_unpacklo_ps(row[2], row[3]), d = _mm512_unpackhi_ps(row[2], row[3]);
    column[0].v[k] = _mm512_shuffle_ps(a, c, 0x44);
    column[1].v[k] = _mm512_shuffle_ps(a, c, 0xee);
    column[2].v[k] = _mm512_shuffle_ps(b, d, 0x44);
    column[3].v[k] = _mm512_shuffle_ps(b, d, 0xee);
  }
}
