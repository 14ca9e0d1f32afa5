"""What this machine can do at most with one core: bytes moved and sums done, both in the way the minute does them."""

from __future__ import annotations

import os
import platform
from functools import partial

import llvmlite.binding
import numba
import numpy as np
from numba.extending import intrinsic

from benchmarks.report import Report
from benchmarks.timing import in_turns

TRIAD_NUMBERS = 2**25
BYTES_OF_A_TRIAD = 3 * 8 * TRIAD_NUMBERS
CHAIN_NUMBERS = 1024
CHAIN_TURNS = 100_000
CHAIN_OPERATIONS = 2 * 4 * CHAIN_NUMBERS * CHAIN_TURNS
ROUNDS = 7


@intrinsic
def in_wide_vectors(typing_context):
    """Let the loops of a function use the widest vectors that the processor has, as the minute's do."""

    def codegen(context, builder, signature, arguments):
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return numba.types.void(), codegen


@numba.njit(cache=False, error_model="numpy")
def triad(a, b, c):
    """Move three arrays that no cache holds."""
    for i in range(a.size):
        a[i] = b[i] + 3.0 * c[i]


@numba.njit(cache=False, error_model="numpy")
def chains(a, turns):
    """Multiply and add in turns, 4 times for each load and store; not fused, as rules are not."""
    in_wide_vectors()  # type: ignore[call-arg]
    for _ in range(turns):
        for i in range(a.size):
            x = a[i]
            x = x * 0.999 + 0.1
            x = x * 0.998 + 0.2
            x = x * 0.997 + 0.3
            a[i] = x * 0.996 + 0.4


def report_machine(report: Report) -> None:
    """Name the machine, and measure its peaks."""
    report.head("The machine")
    processor = f"{platform.machine()} {llvmlite.binding.get_host_cpu_name()}, {os.cpu_count()} cores"
    report.say("machine", f"{processor}; Python {platform.python_version()}, Numba {numba.__version__}")
    a, b, c = (np.ones(TRIAD_NUMBERS) for _ in range(3))
    small = np.ones(CHAIN_NUMBERS)
    contenders = {"bytes": partial(triad, a, b, c), "sums": partial(chains, small, CHAIN_TURNS)}
    seconds = in_turns(contenders, ROUNDS)
    bandwidth = seconds["bytes"].rate(BYTES_OF_A_TRIAD)
    report.add("peak_bytes_per_s", "bytes moved a second by a triad over 0.8 GB, 1 thread", "GB/s", bandwidth, 1e9)
    sums = seconds["sums"].rate(CHAIN_OPERATIONS)
    report.add("peak_flop_per_s", "float64 products and sums a second, not fused, 1 thread", "Gflop/s", sums, 1e9)
