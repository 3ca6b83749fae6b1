// The event engine's work in C++, as fast as we could make it: the yardstick for our own engine.
//
// - Time change: a phase's speed is integrated once into a clock; a stay ends where the clock at
//   entry plus the drawn duration is reached. Whether that lies within the horizon is decided on
//   the clock alone; only events that happen are looked up.
// - One look-up per event, on a uniform grid of the left phase's clock: the week and the next
//   phase's clock, from 16 bytes. Clocks are measured in grid cells, so the value is the index.
// - Phase-synchronous lists: all follicles about to leave one phase are handled in one pass, so
//   that parameters are scalars and one table at a time is hot. A list is worked off in full
//   vectors once it is long enough, whatever block its follicles came from.
// - Counter-based random numbers: (two key words, follicle, event number) -> 32 bits. So the
//   answer depends on neither the order of work nor the number of threads.
// - Counting by flows: one increment per event at [phase, week]; running sums at the end.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <thread>
#include <vector>

#include "draws.hpp"

namespace {

constexpr int PHASES = 3;
constexpr int CELLS = 2048;           // cells of a clock's grid
constexpr int BINS = 512;             // more than the weeks of the horizon
constexpr uint32_t BLOCK = 2048;      // follicles started at a time
constexpr uint32_t ENOUGH = 512;      // length from which a list is worked off
constexpr uint32_t EVENT = 1u << 24;  // a counter is event number * EVENT + follicle
constexpr double WEEK = 7;

}  // namespace

extern "C" {
// What both sides agree on; times in days, tables of [phase][day].
struct TwinWork {
  double mu[PHASES], sigma[PHASES], share[PHASES];
  const double *speed;
  int32_t days, treated;
};
}

namespace {

// What is worked out once per run. A clock's unit is a week when untreated, else a grid cell.
struct Plan {
  bool treated;
  float horizon;
  Duration stay[PHASES];
  float first_a[4], first_b[4], first_scale[4];
  uint32_t first_bound[4];
  Key key, start_key;
  std::vector<float> grid[PHASES];  // {week, next phase's clock} at each node of the grid

  Plan(const TwinWork &work, uint64_t seed)
      : treated(work.treated), key(seed, 0), start_key(seed, 1) {
    double unit[PHASES] = {WEEK, WEEK, WEEK};
    horizon = float(work.days / WEEK);
    if (treated) tabulate(work, unit);
    double bound = 0;
    for (int p = 0; p < PHASES; p++) {
      const double s2 = work.sigma[p] * work.sigma[p];
      stay[p].a = float((work.mu[p] - std::log(unit[p])) * LOG2_E);
      stay[p].b = float(work.sigma[p] * LOG2_E);
      // The first whole stay is length-biased; `scale` makes the rest of the phase's 31 bits the
      // uniform share of it that is left.
      first_a[p] = float((work.mu[p] + s2 - std::log(unit[p])) * LOG2_E);
      first_b[p] = stay[p].b;
      first_bound[p] = uint32_t(bound);
      first_scale[p] = float(1 / (work.share[p] * 0x1p31));
      bound += work.share[p] * 0x1p31;
    }
  }

private:
  void tabulate(const TwinWork &work, double *unit) {
    std::vector<double> clock[PHASES];
    for (int p = 0; p < PHASES; p++) {
      clock[p].resize(work.days + 1);
      for (int day = 0; day < work.days; day++)
        clock[p][day + 1] = clock[p][day] + work.speed[p * work.days + day];
      unit[p] = clock[p][work.days] / CELLS;
    }
    horizon = CELLS;
    for (int p = 0; p < PHASES; p++) {
      const int q = (p + 1) % PHASES;
      grid[p].resize(2 * (CELLS + 2));
      int node = 0;
      for (int day = 0; day < work.days; day++) {
        const double pace = 1 / work.speed[p * work.days + day];
        const double next = work.speed[q * work.days + day] / unit[q];
        const double origin = clock[q][day] / unit[q];
        for (; node * unit[p] < clock[p][day + 1]; node++) {
          const double part = (node * unit[p] - clock[p][day]) * pace;
          grid[p][2 * node] = float((day + part) / WEEK);
          grid[p][2 * node + 1] = float(origin + part * next);
        }
      }
      for (; node < CELLS + 2; node++) {
        grid[p][2 * node] = float(work.days / WEEK);
        grid[p][2 * node + 1] = CELLS;
      }
    }
  }
};

// Follicles about to leave a phase: their clock when they do, and the counter of that event.
struct List {
  static constexpr uint32_t ROOM = BLOCK + PHASES * ENOUGH + LANES;
  uint32_t length = 0;
  alignas(64) float x[ROOM];
  alignas(64) uint32_t counter[ROOM];

  INLINE void take(Mask mask, Floats new_x, Ints new_counter) {
    length = append(x, counter, length, mask, new_x, new_counter);
  }
};

// One pass: follicles leave phase p, are counted, and draw when they leave the next phase. All that
// the loop needs is here by value, so that no store can be taken to change it.
template <bool TREATED> class Leaving {
public:
  Leaving(const Plan &plan, int p, uint32_t *left, List &next)
      : horizon(all(plan.horizon)), key(plan.key), stay(plan.stay[(p + 1) % PHASES]),
        grid(plan.grid[p].data()), left(left), next(next), length(next.length) {}

  INLINE void operator()(const float *xs, const uint32_t *counters, uint32_t lanes) {
    const Floats x = load(xs);
    const Ints counter = load(counters);
    Floats week = x, y = x;
    if (TREATED) {
      Floats node[4];
      four(grid, whole(x), node);
      const Floats f = fraction(x);
      week = multiply_add(f, subtract(node[2], node[0]), node[0]);
      y = multiply_add(f, subtract(node[3], node[1]), node[1]);
    }
    count(left, whole(week), lanes);
    const Floats end = add(y, stay(key(counter)));
    const Mask leaves = below(end, horizon) & lanes_below(lanes);
    length = append(next.x, next.counter, length, leaves, end, add(counter, all(EVENT)));
  }

  void finish() { next.length = length; }

private:
  const Floats horizon;
  const Key key;
  const Duration stay;
  const float *const grid;
  uint32_t *const left;
  List &next;
  uint32_t length;
};

// One thread's share of the follicles.
class Worker {
public:
  explicit Worker(const Plan &plan) : plan(plan) {}

  void run(uint32_t from, uint32_t to) {
    for (uint32_t first = from; first < to; first += BLOCK) {
      start(first, std::min(to, first + BLOCK));
      work_off(ENOUGH);
    }
    work_off(1);
  }

  uint32_t started[PHASES] = {};
  uint32_t left[PHASES][BINS] = {};  // leavers by phase and week in which they leave

private:
  const Plan &plan;
  List lists[PHASES];

  void start(uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i += LANES) {
      const Mask valid = lanes_below(std::min<uint32_t>(LANES, to - i));
      const Ints counter = add(all(i), ascending());
      const Ints u = right(plan.start_key(counter), 1);
      const Mask not_anagen = at_least(u, all(plan.first_bound[1]));
      const Mask latency = at_least(u, all(plan.first_bound[2]));
      const Ints phase = add(one_where(not_anagen), one_where(latency));
      const Floats part = multiply(as_float(subtract(u, pick(phase, plan.first_bound))),
                                   pick(phase, plan.first_scale));
      const Floats z = normal(plan.key(counter));
      const Floats x = multiply(part, exp2_of(multiply_add(pick(phase, plan.first_b), z,
                                                           pick(phase, plan.first_a))));
      const Mask leaves = below(x, all(plan.horizon)) & valid;
      const Mask in[PHASES] = {valid & ~not_anagen, valid & not_anagen & ~latency,
                               valid & latency};
      for (int p = 0; p < PHASES; p++) {
        started[p] += uint32_t(__builtin_popcountll(in[p]));
        lists[p].take(in[p] & leaves, x, add(counter, all(EVENT)));
      }
    }
  }

  void work_off(uint32_t enough) {
    bool found = true;
    while (found) {
      found = false;
      for (int p = 0; p < PHASES; p++) {
        if (lists[p].length < enough) continue;
        found = true;
        if (plan.treated)
          pass<true>(p, enough == 1);
        else
          pass<false>(p, enough == 1);
      }
    }
  }

  // Work off phase p's list: its full vectors, or all of it.
  template <bool TREATED> void pass(int p, bool to_the_end) {
    List &list = lists[p];
    Leaving<TREATED> leaving(plan, p, left[p], lists[(p + 1) % PHASES]);
    const uint32_t full = list.length / LANES * LANES, rest = list.length - full;
    for (uint32_t i = 0; i < full; i += LANES) leaving(list.x + i, list.counter + i, LANES);
    if (to_the_end && rest) {
      for (uint32_t i = list.length; i < full + LANES; i++) list.x[i] = 0;
      leaving(list.x + full, list.counter + full, rest);
    }
    list.length = to_the_end ? 0 : rest;
    std::copy_n(list.x + full, list.length, list.x);
    std::copy_n(list.counter + full, list.length, list.counter);
    leaving.finish();
  }
};

}  // namespace

extern "C" {

// Counts per phase on day 0 and after each week, into counts[week][phase].
void twin_run(const TwinWork *work, uint32_t follicles, uint64_t seed, int32_t threads,
              int64_t *counts) {
  const Plan plan(*work, seed);
  std::vector<Worker> workers(threads, Worker(plan));
  const uint32_t each = (follicles / threads + LANES) / LANES * LANES;
  std::vector<std::thread> others;
  auto share = [&](int k) {
    workers[k].run(std::min(follicles, k * each), std::min(follicles, (k + 1) * each));
  };
  for (int k = 1; k < threads; k++) others.emplace_back(share, k);
  share(0);
  for (auto &other : others) other.join();
  int64_t now[PHASES] = {};
  for (int week = 0; week <= int(work->days / WEEK); week++)
    for (int p = 0; p < PHASES; p++) {
      for (const Worker &worker : workers) {
        const int before = (p + PHASES - 1) % PHASES;
        now[p] += week ? int64_t(worker.left[before][week - 1]) - worker.left[p][week - 1]
                       : worker.started[p];
      }
      counts[week * PHASES + p] = now[p];
    }
}

// The sum of `draws` lognormal durations: what drawing alone costs.
float twin_draw(double mu, double sigma, uint64_t seed, uint32_t draws) {
  const Key key(seed, 0);
  const Duration stay{float(mu * LOG2_E), float(sigma * LOG2_E)};
  Floats sum = all(0.0f);
  for (uint32_t i = 0; i < draws; i += LANES)
    sum = add(sum, stay(key(add(all(i), ascending()))));
  float lanes[LANES], total = 0;
  std::memcpy(lanes, &sum, sizeof lanes);
  for (float lane : lanes) total += lane;
  return total;
}
}
