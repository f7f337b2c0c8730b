"""Solves an instance with PyVRP, as its solve() does without further settings.

    python solve_pyvrp.py INSTANCE SET CONVENTION SECONDS SEED THREADS

THREADS must be 1: PyVRP has no more.
"""

import importlib.metadata
import time

import pyvrp

import instances

SCALE = 10_000


def solve(problem, seconds, seed, threads):
    begun = time.perf_counter()
    if threads != 1:
        instances.lacking("several threads")
    windows = list(zip(problem.ready, problem.due))
    locations = [pyvrp.Location(float(x), float(y)) for x, y in zip(problem.x, problem.y)]
    depots = [pyvrp.Depot(i, *windows[i]) for i in range(problem.depots)]
    clients, shipments, places = [], [], []
    if problem.deliveries:
        for i, j in problem.deliveries.items():
            places.append((i, j))
            shipments.append(pyvrp.Shipment(
                i, j, *windows[i], problem.service[i], *windows[j], problem.service[j], amount=[problem.demand[i]],
            ))
    else:
        clients = [
            pyvrp.Client(i, [problem.demand[i]], service_duration=problem.service[i], tw_early=windows[i][0], tw_late=windows[i][1])
            for i in problem.customers
        ]
    limits = {"shift_duration": problem.longest} if problem.longest else {}
    types = [
        pyvrp.VehicleType(
            problem.home.count(d), [problem.capacity], d, d, fixed_cost=problem.fixed,
            tw_early=windows[d][0], tw_late=windows[d][1], **limits,
        )
        for d in range(problem.depots)
    ]
    data = pyvrp.ProblemData(locations, clients, depots, types, [problem.cost], [problem.time], shipments=shipments)
    # The time counts from the beginning, the first solution included.
    result = pyvrp.solve(data, lambda _: time.perf_counter() - begun > seconds, seed=seed, collect_stats=False)
    took = time.perf_counter() - begun
    free = {d: [v for v, home in enumerate(problem.home) if home == d] for d in range(problem.depots)}
    routes = []
    for route in result.best.routes():
        nodes = []
        for activity in route.schedule():
            if activity.is_client():
                nodes.append(problem.depots + activity.idx)
            elif activity.is_pickup():
                nodes.append(places[activity.idx][0])
            elif activity.is_delivery():
                nodes.append(places[activity.idx][1])
        routes.append((free[route.start_depot()].pop(0), nodes))
    return took, routes


if __name__ == "__main__":
    instances.main(__doc__, "PyVRP", lambda: importlib.metadata.version("pyvrp"), SCALE, solve)
