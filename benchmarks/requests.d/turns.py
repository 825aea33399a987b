"""Puts addresses under load in turn, and compares them with the first one. See benchmarks/requests."""

import os
import pathlib
import statistics
import subprocess
import sys

CONNECTIONS = 32
SECONDS = 5
AIM = 0.8
SCRIPT = pathlib.Path(__file__).with_name("line.lua")


def load(address, seconds):
    """Requests a second, and the latency's median and 99th percentile in ms."""
    threads = max(1, os.cpu_count() // 2)
    command = ["wrk", "-t", threads, "-c", max(threads, CONNECTIONS), "-d", f"{seconds}s", "--timeout", "10s", "-s", SCRIPT, address]
    answer = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True)
    *figures, failed = map(float, answer.stdout.splitlines()[-1].split())
    if failed:
        sys.exit(f"{address}: {failed:.0f} requests failed")
    return figures


def main():
    rounds = int(sys.argv[1])
    targets = dict(zip(sys.argv[2::2], sys.argv[3::2]))
    first, *others = targets
    for address in targets.values():
        load(address, 1)
    measured = {name: [] for name in targets}
    for number in range(rounds):
        names = list(targets)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            measured[name].append(load(targets[name], SECONDS))

    print(f"{'':22}{'requests/s':>12}{'median':>12}{'99 %':>12}   to the bare server")
    ratios = {}
    for name, turns in measured.items():
        each_second, median, late = map(statistics.median, zip(*turns))
        ratios[name] = [turn[0] / beside[0] for turn, beside in zip(turns, measured[first])]
        low, ratio, high = min(ratios[name]), statistics.median(ratios[name]), max(ratios[name])
        print(f"{name:22}{each_second:12,.0f}{median:9.2f} ms{late:9.2f} ms   {ratio:.3f} ({low:.3f} to {high:.3f})")
    print(f"{statistics.median(ratios[others[0]]):.2f} is what the route with the least work keeps of the bare server (to be over {AIM})")


main()
