"""Solves an instance with the routing library of OR-Tools: cheapest insertion,
then guided local search until the time is up.

    python solve_ortools.py INSTANCE SET CONVENTION SECONDS SEED THREADS

The library has no seed here, and THREADS must be 1.
"""

import importlib.metadata
import math
import time

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

import instances

SCALE = 1_000


def solve(problem, seconds, seed, threads):
    begun = time.perf_counter()
    if threads != 1:
        instances.lacking("several threads")
    count = len(problem.home)
    manager = pywrapcp.RoutingIndexManager(len(problem.x), count, problem.home, problem.home)
    model = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(problem.cost.tolist()))
    model.SetFixedCostOfAllVehicles(problem.fixed)
    busy = problem.time.copy()
    for i, service in enumerate(problem.service):
        busy[i] += service
    until = max(problem.due)
    model.AddDimension(model.RegisterTransitMatrix(busy.tolist()), until, until, False, "time")
    clock = model.GetDimensionOrDie("time")
    model.AddDimension(model.RegisterUnaryTransitVector(problem.demand), 0, problem.capacity, True, "load")
    for i in problem.customers:
        clock.CumulVar(manager.NodeToIndex(i)).SetRange(problem.ready[i], problem.due[i])
    for v, d in enumerate(problem.home):
        for index in (model.Start(v), model.End(v)):
            clock.CumulVar(index).SetRange(problem.ready[d], problem.due[d])
        if problem.longest:
            clock.SetSpanUpperBoundForVehicle(problem.longest, v)
    for i, j in problem.deliveries.items():
        pickup, delivery = manager.NodeToIndex(i), manager.NodeToIndex(j)
        model.AddPickupAndDelivery(pickup, delivery)
        model.solver().Add(model.VehicleVar(pickup) == model.VehicleVar(delivery))
        model.solver().Add(clock.CumulVar(pickup) <= clock.CumulVar(delivery))
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    part, whole = math.modf(max(seconds - (time.perf_counter() - begun), 0))
    search.time_limit.seconds, search.time_limit.nanos = int(whole), int(part * 1e9)
    found = model.SolveWithParameters(search)
    took = time.perf_counter() - begun
    routes = []
    for v in range(count if found else 0):
        nodes, index = [], found.Value(model.NextVar(model.Start(v)))
        while not model.IsEnd(index):
            nodes.append(manager.IndexToNode(index))
            index = found.Value(model.NextVar(index))
        if nodes:
            routes.append((v, nodes))
    return took, routes


if __name__ == "__main__":
    instances.main(__doc__, "OR-Tools", lambda: importlib.metadata.version("ortools"), SCALE, solve)
