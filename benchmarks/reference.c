/* The reference workload as a loop over customers, written for it alone: the yardstick of simulate.py.

       cc -O3 -march=native -ffp-contract=off -o reference reference.c && ./reference 1000000

   Every draw is a hash of (seed, customer, node, visit), so that any customer can be drawn alone.
   Prints one line: conversion, reminders, cost in cents and revenue in cents, all per customer. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR = 3600, DAY = 24 * HOUR, BINS = 64 };
enum { ENTRY, WELCOME, WAIT_DAY, BY_PERSONA, EXPERIMENT, OFFER, OPEN = 8, BUY = 11, REMINDER = 14, REMINDED,
       PURCHASE, THANK_YOU, WAIT_TWO, SHIPPING, WAIT_WEEK, FEEDBACK, ADVOCATE, RETAINED, LOST, NODES };
static const uint64_t PHI = 0x9E3779B97F4A7C15u;

static inline uint64_t mixed(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline double uniform(uint64_t customer, uint64_t node, uint64_t visit) {
    uint64_t draw = mixed(((node << 32) | visit) * PHI + 0x5851F42D4C957F2Du);
    return (double)(mixed(customer ^ draw) >> 11) * 0x1p-53;
}

/* -ln x for x > 0, from exactly rounded operations alone. */
static inline double minus_log(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int e = (int)(bits >> 52) - 1022;
    bits = (bits & 0x000FFFFFFFFFFFFFu) | 0x3FE0000000000000u;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m < 0.7071067811865476) { m += m; e -= 1; }
    double s = (m - 1.0) / (m + 1.0), z = s * s;
    double q = ((((z / 11.0 + 1.0 / 9.0) * z + 1.0 / 7.0) * z + 1.0 / 5.0) * z + 1.0 / 3.0) * z + 1.0;
    return -(e * 0.6931471805599453 + 2.0 * s * q);
}

/* Seconds until an answer comes, or -1 if it does not come within the limit; one draw says whether and when. */
static inline int64_t answer(double u, double chance, double mean, int64_t limit) {
    if (u >= chance) return -1;
    int64_t after = (int64_t)(mean * minus_log(1.0 - u / chance));
    return after <= limit ? after : -1;
}

static const double OPENS[3] = {0.55, 0.35, 0.20}, REMINDS[3] = {0.10, 0.07, 0.03};
static const double BUYS[3][2] = {{0.30, 0.20}, {0.22, 0.14}, {0.12, 0.06}}, COUPON[2] = {0.375, 0.25};

static struct {
    int64_t visits[NODES], messages[3], revenue, seconds, bins[BINS], arms[2], arm_bought[2];
} total;

static void live(uint64_t customer) {
    double u = uniform(customer, ENTRY, 0);
    int persona = u < 0.5 ? 0 : u < 0.8 ? 1 : 2, coupon = 0, arm = -1;
    int64_t cart = 500 + (int64_t)(11500 * uniform(customer, ENTRY, 1)), at = DAY;
    int high = cart > 5000, bought = 0;
    total.visits[ENTRY]++; total.visits[WELCOME]++; total.visits[WAIT_DAY]++; total.visits[BY_PERSONA]++;
    total.messages[0]++;
    if (persona == 0) {
        coupon = uniform(customer, EXPERIMENT, 0) < 0.5;
        arm = !coupon;
        total.visits[EXPERIMENT]++; total.arms[arm]++;
    }
    total.visits[OFFER + persona]++; total.messages[persona]++; total.visits[OPEN + persona]++;
    int64_t after = answer(uniform(customer, OPEN + persona, 0), OPENS[persona], 18 * HOUR, 3 * DAY);
    if (after < 0) {
        at += 3 * DAY;
    } else {
        at += after;
        total.visits[BUY + persona]++;
        double chance = coupon ? COUPON[high] : BUYS[persona][high];
        after = answer(uniform(customer, BUY + persona, 0), chance, 24 * HOUR, 5 * DAY);
        bought = after >= 0;
        at += bought ? after : 5 * DAY;
    }
    for (int round = 0; round < 3 && !bought; round++) {
        total.visits[REMINDER]++; total.messages[1]++; total.visits[REMINDED]++;
        after = answer(uniform(customer, REMINDED, round), REMINDS[persona], 12 * HOUR, 2 * DAY);
        bought = after >= 0;
        at += bought ? after : 2 * DAY;
    }
    if (!bought) { total.visits[LOST]++; return; }
    total.revenue += cart - (coupon ? cart / 10 : 0);
    total.seconds += at;
    total.bins[at / (6 * HOUR) < BINS ? at / (6 * HOUR) : BINS - 1]++;
    if (arm >= 0) total.arm_bought[arm]++;
    for (int node = PURCHASE; node <= FEEDBACK; node++) total.visits[node]++;
    total.messages[0] += 3;
    total.visits[uniform(customer, FEEDBACK, 0) < 0.3 ? ADVOCATE : RETAINED]++;
}

int main(int count, char **given) {
    uint64_t customers = count > 1 ? strtoull(given[1], NULL, 10) : 1000000, seed = mixed(1 * PHI + 1);
    for (uint64_t number = 0; number < customers; number++) live(mixed(seed + number * PHI));
    double n = (double)customers;
    double cost = 0.2 * total.messages[0] + 4.5 * total.messages[1] + 0.1 * total.messages[2];
    printf("%.9f %.9f %.9f %.9f\n", total.visits[PURCHASE] / n, total.visits[REMINDER] / n, cost / n, total.revenue / n);
    fprintf(stderr, "%" PRId64 " bought, %.3f h\n", total.visits[PURCHASE],
            (double)total.seconds / (double)total.visits[PURCHASE] / HOUR);
    return 0;
}
