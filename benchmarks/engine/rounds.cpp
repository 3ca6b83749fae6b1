// The engine's work in plain C++, as a good programmer would write it without setting instructions by
// hand: simple loops over arrays, which the compiler turns into vector instructions where it can.
//
// Blocks of follicles go round together. Each round draws when they leave their next phase, looks up
// when they leave the present one, counts that, and keeps those that come round again in time. Clocks
// are looked up in tables: day by reading on an even grid, reading by day.
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

constexpr int PHASES = 3;
constexpr int CELLS = 4096;  // of the table of days by reading
constexpr int WEEKS = 512;   // more than the weeks of the horizon
constexpr int BLOCK = 2048;  // follicles that go round together
constexpr float WEEK_DAYS = 7;

}  // namespace

extern "C" {
// As in twin.cpp: times in days, tables of [phase][day].
struct TwinWork {
  double mu[PHASES], sigma[PHASES], share[PHASES];
  const double *speed;
  int32_t days, treated;
};
}

namespace {

struct Plan {
  float mu[PHASES], sigma[PHASES], first_mu[PHASES], bound[PHASES], share[PHASES];
  float end[PHASES], per_cell[PHASES];
  int days;
  uint32_t key;
  std::vector<float> day_at, reading_at;  // of all phases, one after the other

  Plan(const TwinWork &work, uint64_t seed)
      : days(work.days), key(uint32_t(seed) * 0x9e3779b9u + 1), day_at(PHASES * (CELLS + 2)),
        reading_at(PHASES * (work.days + 2)) {
    double before = 0;
    for (int p = 0; p < PHASES; p++) {
      mu[p] = float(work.mu[p]);
      sigma[p] = float(work.sigma[p]);
      first_mu[p] = float(work.mu[p] + work.sigma[p] * work.sigma[p]);  // length-biased
      share[p] = float(work.share[p]);
      bound[p] = float(before);
      before += work.share[p];
      tabulate(p, work.speed + p * work.days);
    }
  }

private:
  void tabulate(int p, const double *speed) {
    std::vector<double> reading(days + 2);
    for (int day = 0; day <= days; day++)
      reading[day + 1] = reading[day] + speed[day < days ? day : days - 1];
    for (int day = 0; day < days + 2; day++) reading_at[p * (days + 2) + day] = float(reading[day]);
    end[p] = float(reading[days]);
    per_cell[p] = float(CELLS / reading[days]);
    int day = 0;
    for (int cell = 0; cell < CELLS + 2; cell++) {
      const double wanted = reading[days] * cell / CELLS;
      while (day < days && reading[day + 1] <= wanted) day++;
      day_at[p * (CELLS + 2) + cell] =
          float(day + (wanted - reading[day]) / (reading[day + 1] - reading[day]));
    }
  }
};

// A mixing function of 32 bits with constants from C. Wellons's hash-prospector.
inline uint32_t mixed(uint32_t x, uint32_t key) {
  x ^= key;
  x = (x ^ (x >> 16)) * 0x21f0aaadu;
  x = ((x ^ (x >> 15)) + key) * 0x735a2d97u;
  return x ^ (x >> 15);
}

// A normal variate by M. Giles's single-precision inverse error function.
inline float normal(uint32_t bits) {
  const float x = float(int32_t(bits >> 8)) * 0x1p-23f + (0x1p-24f - 1);
  const float w = -std::log((1 - x) * (1 + x));
  const float a = w - 2.5f, b = std::sqrt(w) - 3;
  float near = 2.81022636e-08f, far = -0.000200214257f;
  near = near * a + 3.43273939e-07f, far = far * b + 0.000100950558f;
  near = near * a - 3.5233877e-06f, far = far * b + 0.00134934322f;
  near = near * a - 4.39150654e-06f, far = far * b - 0.00367342844f;
  near = near * a + 0.00021858087f, far = far * b + 0.00573950773f;
  near = near * a - 0.00125372503f, far = far * b - 0.0076224613f;
  near = near * a - 0.00417768164f, far = far * b + 0.00943887047f;
  near = near * a + 0.246640727f, far = far * b + 1.00167406f;
  near = near * a + 1.50140941f, far = far * b + 2.83297682f;
  return 1.41421356f * x * (w < 5 ? near : far);
}

class Rounds {
public:
  explicit Rounds(const Plan &plan) : plan(plan) {}

  template <bool TREATED> void run(uint32_t from, int size) {
    start(from, size);
    while (length) go_round<TREATED>();
  }

  int64_t started[PHASES] = {};
  uint32_t left[PHASES * WEEKS] = {};  // leavers by phase and week in which they leave

private:
  const Plan &plan;
  int length = 0;
  float until[BLOCK], stay[BLOCK];  // reading of the present phase's clock at its end; next wait
  uint32_t counter[BLOCK];          // number of the event, times 2^24, and of the follicle
  int32_t phase[BLOCK], place[BLOCK];

  void start(uint32_t from, int size) {
    for (int i = 0; i < size; i++) {
      const uint32_t name = from + i;
      const float u = float(int32_t(mixed(name, ~plan.key) >> 8)) * 0x1p-24f;
      const int p = (u >= plan.bound[1]) + (u >= plan.bound[2]);
      const float whole =
          std::exp(plan.first_mu[p] + plan.sigma[p] * normal(mixed(name, plan.key)));
      until[i] = (u - plan.bound[p]) / plan.share[p] * whole;
      phase[i] = p;
    }
    for (int i = 0; i < size; i++) {
      started[phase[i]]++;
      counter[i] = from + i;
    }
    length = size;
    keep_those_in_time();
  }

  template <bool TREATED> void go_round() {
    for (int i = 0; i < length; i++) {
      counter[i] += 1u << 24;
      const int next = phase[i] == 2 ? 0 : phase[i] + 1;
      const float z = normal(mixed(counter[i], plan.key));
      stay[i] = std::exp(plan.mu[next] + plan.sigma[next] * z);
    }
    const float *day_at = plan.day_at.data(), *reading_at = plan.reading_at.data();
    for (int i = 0; i < length; i++) {
      const int p = phase[i], next = p == 2 ? 0 : p + 1;
      float day = until[i], reading = day;
      if (TREATED) {
        const float at = until[i] * plan.per_cell[p];
        const float *cell = day_at + p * (CELLS + 2) + int(at);
        day = cell[0] + (at - float(int(at))) * (cell[1] - cell[0]);
        const float *knot = reading_at + next * (plan.days + 2) + int(day);
        reading = knot[0] + (day - float(int(day))) * (knot[1] - knot[0]);
      }
      place[i] = p * WEEKS + int(day / WEEK_DAYS);
      until[i] = reading + stay[i];
      phase[i] = next;
    }
    for (int i = 0; i < length; i++) left[place[i]]++;
    keep_those_in_time();
  }

  // Without a branch: each is written, but the next overwrites one that does not leave in time.
  void keep_those_in_time() {
    const float end[PHASES] = {plan.end[0], plan.end[1], plan.end[2]};
    int kept = 0;
    for (int i = 0; i < length; i++) {
      const float reading = until[i];
      const int p = phase[i];
      until[kept] = reading;
      phase[kept] = p;
      counter[kept] = counter[i];
      kept += reading < end[p];
    }
    length = kept;
  }
};

}  // namespace

extern "C" {
// Counts per phase on day 0 and after each week, into counts[week][phase].
void rounds_run(const TwinWork *work, uint32_t follicles, uint64_t seed, int64_t *counts) {
  const Plan plan(*work, seed);
  Rounds rounds(plan);
  for (uint32_t from = 0; from < follicles; from += BLOCK) {
    const int size = int(follicles - from < BLOCK ? follicles - from : BLOCK);
    work->treated ? rounds.run<true>(from, size) : rounds.run<false>(from, size);
  }
  int64_t now[PHASES];
  for (int p = 0; p < PHASES; p++) now[p] = rounds.started[p];
  for (int week = 0; week <= int(work->days / WEEK_DAYS); week++)
    for (int p = 0; p < PHASES; p++) {
      const int before = (p + PHASES - 1) % PHASES;
      if (week)
        now[p] += int64_t(rounds.left[before * WEEKS + week - 1]) - rounds.left[p * WEEKS + week - 1];
      counts[week * PHASES + p] = now[p];
    }
}
}
