"""Solves an instance with the hybrid genetic search for VRPTW that was the
baseline of the EURO Meets NeurIPS 2022 competition.

    HGS=genvrp python solve_hgs.py INSTANCE SET CONVENTION SECONDS SEED THREADS

HGS names its program, which reads the file itself, in tenths as trunc1-dist
says, and no other convention. THREADS must be 1: it has no more. SECONDS are
rounded to whole ones. Its authors' own settings for an instance's kind are on.
The program does not tell its version, so what is said here is the revision
that is expected.
"""

import math
import os
import subprocess
import tempfile

import instances

REVISION = "EURO-NeurIPS-2022 baseline 77a1a24e"
PROGRAM = os.environ.get("HGS", "genvrp")


def version():
    # Without arguments it explains itself and fails.
    out = subprocess.run([PROGRAM], check=False, capture_output=True, text=True).stdout
    if "HGS-CVRPTW algorithm (2022)" not in out:
        raise SystemExit(f"{PROGRAM} is another program: {out[:200]}")
    return REVISION


def solve(problem, seconds, seed, threads):
    if problem.convention != "trunc1-dist":
        instances.lacking("the convention " + problem.convention)
    if threads != 1:
        instances.lacking("several threads")
    if seconds == 0:
        instances.lacking("an end of its own")
    with tempfile.TemporaryDirectory() as folder:
        solution = os.path.join(folder, "solution")
        out = subprocess.run(
            [
                PROGRAM, os.path.abspath(problem.path), solution, "-t", str(max(1, math.floor(seconds + 0.5))),
                "-seed", str(seed), "-useWallClockTime", "1", "-useDynamicParameters", "1",
            ],
            check=True, capture_output=True, text=True,
        ).stdout
        if "EXCEPTION" in out:
            raise SystemExit(out[out.index("EXCEPTION"):])
        if not os.path.exists(solution):  # it found nothing that keeps the rules
            return seconds, []
        with open(solution, encoding="utf-8") as file:
            lines = file.read().splitlines()
    routes, took = [], 0.0
    for line in lines:
        key, _, rest = line.partition(" ")
        if key == "Route":
            number, _, nodes = rest.partition(":")
            routes.append((int(number[1:]) - 1, [int(node) for node in nodes.split()]))
        elif key == "Time":
            took = float(rest)
    return took, routes


if __name__ == "__main__":
    instances.main(__doc__, "HGS", version, 1, solve)
