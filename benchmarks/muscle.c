/* The rule of a muscle cell by hand: the same numbers in the same order as MuscleCell.live_a_minute and what it calls.

   A column is an array, a parameter a double. Which C type a column has (T_<column>) and the number of each purpose of
   chance (BINDING ...) are given to the compiler, as they are known to Numba. muscle_c.py reads the two lists below. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define COLUMNS(X) \
    X(local_insulin) X(local_glucose) X(insulin_at_hand) X(glucose_at_hand) X(local_fatty_acid) \
    X(receptor_scale) X(insulin_sensitivity) X(surface_receptors) X(bound_receptors) X(internal_receptors) \
    X(sustained_occupancy) X(signal) X(recent_signal) X(binding_capacity) X(insulin_bound) X(insulin_set_free) \
    X(insulin_degraded) X(receptors_made) X(receptors_degraded) X(glucose_taken) X(mean_glucose) X(recent_fatty_acid) \
    X(sustained_fatty_acid) X(surface_glut4) X(ectopic_lipid) X(glut4_pool)

#define PARAMETERS(X) \
    X(association_rate) X(released_share) X(occupied_taken_in_share) X(insulin_degraded_share) \
    X(free_endocytosis_rate) X(recycled_share) X(degraded_share) X(usual_occupancy) X(production_turn_down) \
    X(turn_down_share) X(turn_down_half_occupancy) X(receptor_production_factor) X(production) \
    X(per_receptor_count) X(turn_down_time_share) X(sensitivity_factor) X(desensitisation_time_share) \
    X(per_desensitising_signal) X(glucose_memory_share) \
    X(fatty_acid_block_time_share) X(fatty_acid_memory_share) X(usual_fatty_acid) X(fatty_acid_block) \
    X(fatty_acid_block_most) X(fatty_acid_block_half) X(ectopic_lipid_block) X(ectopic_lipid_gain) \
    X(uptake_half_occupancy) X(uptake_steepness) X(glut4_time_share) X(uptake_factor) X(basal_packets) \
    X(insulin_packets) X(uptake_half_glucose) X(per_usual_mean_fatty_acid) X(ectopic_lipid_per_fatty_acid) \
    X(ectopic_lipid_time_share) X(glut4_pool_time_share) X(glucose_toxicity) X(glucose_toxicity_most) \
    X(glucose_toxicity_start) X(glucose_toxicity_half)

#define AS_MEMBER(name) double name;
#define AS_ARGUMENT(name) , T_##name *restrict name

struct parameters { PARAMETERS(AS_MEMBER) };

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }
static inline double above(double value, double start) { return most(0.0, value - start); }
static inline double saturating(double amount, double half) { return amount / (amount + half); }
static inline double present(double before, double arriving) { return before + 0.5 * arriving; }

static inline double exponential(double x)
{
    double y = least(most(x, -600.0), 600.0) * 0.0009765625;
    double square = y * y;
    double e = (1.0 + y)
        + square * ((0.5 + y * (1.0 / 6)) + square * ((1.0 / 24 + y * (1.0 / 120)) + square * (1.0 / 720)));
    e = e * e * e * e;
    e = e * e * e * e;
    e = e * e * e * e;
    e = e * e * e * e;
    return e * e * e * e;
}

static inline double logarithm(double x)
{
    int64_t above_least, m_bits;
    double m;
    memcpy(&above_least, &x, sizeof x);
    above_least -= 0x3FE6A09E667F3BCD;
    int64_t n = above_least >> 52;
    m_bits = above_least - (int64_t)((uint64_t)n << 52) + 0x3FE6A09E667F3BCD;
    memcpy(&m, &m_bits, sizeof m);
    double s = (m - 1.0) / (m + 1.0);
    double q = s * s;
    double square = q * q;
    double low = (1.0 / 3 + q * (1.0 / 5)) + square * (1.0 / 7 + q * (1.0 / 9));
    double high = (1.0 / 11 + q * (1.0 / 13)) + square * (1.0 / 15 + q * (1.0 / 17));
    double series = low + square * square * high;
    return (int32_t)n * 0.6931471805599453 + 2.0 * (s + s * q * series);
}

static inline double hill(double signal, double half, double steepness)
{
    double above_zero = exponential(steepness * (logarithm(most(signal, 1e-30)) - logarithm(half)));
    double from_half = signal > 0.0 ? above_zero : 0.0;
    return from_half / (1.0 + from_half);
}

static inline uint32_t mixed(uint32_t z)
{
    z ^= z >> 16;
    z *= 0x7FEB352Du;
    z ^= z >> 15;
    z *= 0x846CA68Bu;
    return z ^ (z >> 16);
}

static inline float least_float(float a, float b) { return a < b ? a : b; }

static inline double noise(uint32_t bits, float reach)
{
    float spread = (float)(int32_t)(bits >> 16) * (float)(1 / 32767.5) - 1.0f;
    float rest = ((float)(int32_t)(bits & 0xFFFFu) + 0.5f) * (float)(1.0 / 65536);
    return (double)(reach * spread + rest);
}

static inline double whole_number(uint32_t chance, uint32_t what, double mean)
{
    double expected = most(mean, 0.0);
    float about = (float)expected;
    float reach = least_float(sqrtf(3.0f * about), about);
    return floor(expected + noise(mixed(chance ^ what), reach));
}

static inline double whole_share(uint32_t chance, uint32_t what, double there, double share)
{
    double stays = 1.0 - share;
    float about = (float)there;
    float reach = least_float(sqrtf(about) * sqrtf((float)(3.0 * share * stays)), about * (float)least(share, stays));
    return floor(there * share + noise(mixed(chance ^ what), reach));
}

void live_a_minute(int64_t cells, uint32_t of_minute, const int64_t *restrict unique_id,
                   const struct parameters *restrict given COLUMNS(AS_ARGUMENT))
{
    const struct parameters p = *given;
    for (int64_t i = 0; i < cells; i++) {
        uint32_t chance = mixed(mixed(of_minute + (uint32_t)unique_id[i]) ^ (uint32_t)(unique_id[i] >> 31));

        /* receptors */
        double binding = p.association_rate * local_insulin[i];
        double leaving = binding + p.free_endocytosis_rate;
        double square = 2.0 + 2.0 * leaving + leaving * leaving;
        double per_both = 1.0 / ((2.0 + leaving) * square);
        double left = (2.0 + leaving) * (2.0 + leaving) * per_both;
        double arriving_counts = (1.0 + leaving) * square * per_both;
        double binding_share = binding * left, free_taken_in_share = p.free_endocytosis_rate * left;
        double bound_before = bound_receptors[i], surface = surface_receptors[i], internal = internal_receptors[i];
        double returning = p.released_share * bound_before + p.recycled_share * internal;
        double occupied = present(bound_before, least(binding * surface, surface + returning));
        double released = least(whole_share(chance, RELEASE, occupied, p.released_share), bound_before);
        double held = bound_before - released;
        double taken_in = least(whole_share(chance, ENDOCYTOSIS, occupied, p.occupied_taken_in_share), held);
        double degraded_insulin = whole_share(chance, INSULIN_DEGRADATION, taken_in, p.insulin_degraded_share);

        double inside = present(internal, taken_in + p.free_endocytosis_rate * surface);
        double recycled = least(whole_share(chance, RECYCLING, inside, p.recycled_share), internal);
        double left_inside = internal - recycled;
        double degraded = least(whole_share(chance, DEGRADATION, inside, p.degraded_share), left_inside);
        double lasting = p.usual_occupancy + p.production_turn_down * (sustained_occupancy[i] - p.usual_occupancy);
        double turned_down = p.turn_down_share * lasting / (lasting + p.turn_down_half_occupancy);
        double production = p.production * receptor_scale[i];
        double made = whole_number(chance, SYNTHESIS, p.receptor_production_factor * production * (1.0 - turned_down));

        double arriving = released + recycled + made;
        double free = surface + arriving_counts * arriving;
        double insulin_free = released + taken_in - degraded_insulin;
        double bound = least(whole_share(chance, BINDING, free, binding_share), surface + arriving);
        bound = least(bound, insulin_at_hand[i] + insulin_free);
        double unbound = surface + arriving - bound;
        double free_taken_in = least(whole_share(chance, FREE_ENDOCYTOSIS, free, free_taken_in_share), unbound);

        surface_receptors[i] = surface + (arriving - bound - free_taken_in);
        bound_receptors[i] = bound_before + (bound - released - taken_in);
        internal_receptors[i] = internal + (taken_in + free_taken_in - recycled - degraded);
        receptors_made[i] = made;
        receptors_degraded[i] = degraded;
        binding_capacity[i] = p.association_rate * surface_receptors[i];
        insulin_bound[i] = bound;
        insulin_set_free[i] = insulin_free;
        insulin_degraded[i] = degraded_insulin;

        double occupancy = bound_receptors[i] * p.per_receptor_count;
        sustained_occupancy[i] = sustained_occupancy[i] + p.turn_down_time_share * (occupancy - sustained_occupancy[i]);
        recent_signal[i] = recent_signal[i] + p.desensitisation_time_share * ((double)signal[i] - recent_signal[i]);
        double fed_back = recent_signal[i] * p.per_desensitising_signal;
        signal[i] = p.sensitivity_factor * occupancy * insulin_sensitivity[i] / (1.0 + fed_back * fed_back);

        /* memory of fuel, and what it does to the signal */
        mean_glucose[i] = mean_glucose[i] + p.glucose_memory_share * (local_glucose[i] - mean_glucose[i]);
        recent_fatty_acid[i] = recent_fatty_acid[i]
            + p.fatty_acid_block_time_share * (local_fatty_acid[i] - recent_fatty_acid[i]);
        sustained_fatty_acid[i] = sustained_fatty_acid[i]
            + p.fatty_acid_memory_share * (local_fatty_acid[i] - sustained_fatty_acid[i]);
        double raised = above(recent_fatty_acid[i], p.usual_fatty_acid);
        double half = raised + p.fatty_acid_block_half;
        double blocked = p.fatty_acid_block * p.fatty_acid_block_most * raised;
        double filled = p.ectopic_lipid_block * p.ectopic_lipid_gain * above(ectopic_lipid[i], 1.0);
        signal[i] = signal[i] * (half / ((half + blocked) * (1.0 + filled)));

        /* glucose */
        double called = hill(signal[i], p.uptake_half_occupancy, p.uptake_steepness);
        surface_glut4[i] = surface_glut4[i] + p.glut4_time_share * (called - surface_glut4[i]);
        double capacity = p.uptake_factor * (p.basal_packets + p.insulin_packets * glut4_pool[i] * surface_glut4[i]);
        double wanted = capacity * local_glucose[i] / (p.uptake_half_glucose + local_glucose[i]);
        glucose_taken[i] = least(whole_number(chance, UPTAKE, wanted), glucose_at_hand[i]);

        /* lipid and the pool of GLUT4 */
        double fatty_acid = sustained_fatty_acid[i] * p.per_usual_mean_fatty_acid;
        double lipid = 1.0 + p.ectopic_lipid_per_fatty_acid * above(fatty_acid, 1.0);
        ectopic_lipid[i] = ectopic_lipid[i] + p.ectopic_lipid_time_share * (lipid - ectopic_lipid[i]);
        double long_raised = above(mean_glucose[i], p.glucose_toxicity_start);
        double dulled = p.glucose_toxicity * p.glucose_toxicity_most * saturating(long_raised, p.glucose_toxicity_half);
        glut4_pool[i] = glut4_pool[i] + p.glut4_pool_time_share * (1.0 - dulled - glut4_pool[i]);
    }
}
