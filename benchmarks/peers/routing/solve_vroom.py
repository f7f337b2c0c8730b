"""Solves an instance with VROOM at exploration level 5, its most thorough.

    python solve_vroom.py INSTANCE SET CONVENTION SECONDS SEED THREADS

VROOM ends by itself; SECONDS cut it off, 0 never. It has no seed, and what it
minimises is travel time, so that SCALE decides how finely times are rounded up.
"""

import datetime

import vroom

import instances

SCALE = 1_000
EXPLORATION = 5


def solve(problem, seconds, seed, threads):
    if problem.longest:
        instances.lacking("a longest duration with waiting")
    model = vroom.Input()
    model.set_durations_matrix("car", problem.time)
    model.add_vehicle([
        vroom.Vehicle(
            v + 1, start=d, end=d, capacity=[problem.capacity], time_window=(problem.ready[d], problem.due[d]),
            costs=vroom.VehicleCosts(fixed=problem.fixed),
        )
        for v, d in enumerate(problem.home)
    ])

    def step(kind, i, **more):
        return kind(i, i, default_service=problem.service[i], time_windows=[(problem.ready[i], problem.due[i])], **more)

    for i in problem.customers:
        if i in problem.deliveries:
            model.add_shipment(
                step(vroom.ShipmentStep, i), step(vroom.ShipmentStep, problem.deliveries[i]),
                amount=vroom.Amount([problem.demand[i]]),
            )
        elif not problem.deliveries:
            model.add_job(step(vroom.Job, i, delivery=[problem.demand[i]]))
    limit = datetime.timedelta(seconds=seconds) if seconds else None
    solution = model.solve(exploration_level=EXPLORATION, nb_threads=threads, timeout=limit)
    routes = {}
    for vehicle, kind, node in solution.routes[["vehicle_id", "type", "id"]].values:
        if kind not in ("start", "end"):
            routes.setdefault(int(vehicle) - 1, []).append(int(node))
    return sorted(routes.items())


if __name__ == "__main__":
    instances.main(__doc__, "VROOM (pyvroom)", "pyvroom", SCALE, solve)
