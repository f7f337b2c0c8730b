"""Solves an instance with VROOM at exploration level 5, its most thorough.

    VROOM=bin/vroom python solve_vroom.py INSTANCE SET CONVENTION SECONDS SEED THREADS

VROOM names its program. It ends by itself; SECONDS cut it off, 0 never. It has
no seed, and what it minimises is travel time, so that SCALE decides how finely
times are rounded up.
"""

import json
import os
import subprocess

import instances

SCALE = 1_000
EXPLORATION = 5
PROGRAM = os.environ.get("VROOM", "vroom")


def version():
    out = subprocess.run([PROGRAM, "-v"], check=True, capture_output=True, text=True).stdout
    return out.split()[-1]


def solve(problem, seconds, seed, threads):
    if problem.longest:
        instances.lacking("a longest duration with waiting")

    def step(i):
        return {"id": i, "location_index": i, "service": problem.service[i], "time_windows": [[problem.ready[i], problem.due[i]]]}

    task = {
        "vehicles": [
            {
                "id": v + 1, "start_index": d, "end_index": d, "capacity": [problem.capacity],
                "time_window": [problem.ready[d], problem.due[d]], "costs": {"fixed": problem.fixed},
            }
            for v, d in enumerate(problem.home)
        ],
        "matrices": {"car": {"durations": problem.time.tolist()}},
    }
    if problem.deliveries:
        task["shipments"] = [
            {"pickup": step(i), "delivery": step(j), "amount": [problem.demand[i]]} for i, j in problem.deliveries.items()
        ]
    else:
        task["jobs"] = [step(i) | {"delivery": [problem.demand[i]]} for i in problem.customers]
    command = [PROGRAM, "-x", str(EXPLORATION), "-t", str(threads)]
    if seconds:
        command += ["-l", str(seconds)]
    answer = json.loads(subprocess.run(command, input=json.dumps(task), check=True, capture_output=True, text=True).stdout)
    routes = [
        (route["vehicle"] - 1, [stop["id"] for stop in route["steps"] if "id" in stop])
        for route in answer["routes"]
    ]
    return answer["summary"]["computing_times"]["solving"] / 1000, routes


if __name__ == "__main__":
    instances.main(__doc__, "VROOM", version, SCALE, solve)
