"""Instances of the public routing sets for the solvers in this folder.

Reads the forms of vrptw-solomon, vrptw-gh, pdptw-lilim and mdvrptw-vidal, and
puts them in whole numbers: under trunc1-dist in tenths, under milli-dist in
thousandths, both as the convention says; under double-dist and double-hier in
parts of SCALE, with travel times rounded up so that what is found is feasible.
"""

import dataclasses
import sys

import numpy


@dataclasses.dataclass
class Problem:
    path: str  # of the file
    convention: str
    x: numpy.ndarray  # of the nodes, depots first
    y: numpy.ndarray
    demand: list  # by node; of a pickup above 0, of its delivery below
    ready: list
    due: list
    service: list
    depots: int  # how many of the nodes are one
    home: list  # the depot of each vehicle
    capacity: int
    longest: int  # time that a route may take, waiting included; 0: any
    deliveries: dict  # from the node of a pickup to that of its delivery
    time: numpy.ndarray
    cost: numpy.ndarray
    fixed: int  # cost of a vehicle

    @property
    def customers(self):
        return range(self.depots, len(self.x))


def read(path, name, convention, scale):
    """Reads an instance of the set with that name; scale is for the
    conventions in double precision."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    if name in ("vrptw-solomon", "vrptw-gh"):
        rows, vehicles, capacity = read_solomon(lines)
        homes, longest, depots = [0] * vehicles, 0, 1
    elif name == "pdptw-lilim":
        rows, vehicles, capacity = read_lilim(lines)
        homes, longest, depots = [0] * vehicles, 0, 1
    elif name == "mdvrptw-vidal":
        rows, homes, capacity, longest, depots = read_vrplib(lines)
    else:
        lacking("the set " + name)
    deliveries = {}
    if name == "pdptw-lilim":
        for i, row in enumerate(rows):
            if row[8] > 0:
                deliveries[i] = int(row[8])
    table = numpy.array([row[1:7] for row in rows], dtype=float)
    x, y = table[:, 0], table[:, 1]
    away = numpy.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    fixed = 0
    if convention == "trunc1-dist":
        scale = 10
        times = costs = numpy.floor(10 * away + 1e-9)
    elif convention == "milli-dist":
        scale = 1000
        times = costs = numpy.rint(1000 * away)
    elif convention in ("double-dist", "double-hier"):
        times, costs = numpy.ceil(away * scale - 1e-6), numpy.rint(away * scale)
        if convention == "double-hier":  # dearer than any distance
            fixed = int(2 * len(rows) * costs[0].max()) + 1
    else:
        lacking("the convention " + convention)
    whole = [[int(round(v * scale)) for v in table[:, column]] for column in (3, 4, 5)]
    return Problem(
        path=path, convention=convention, x=x, y=y, demand=[int(v) for v in table[:, 2]],
        ready=whole[0], due=whole[1], service=whole[2],
        depots=depots, home=homes, capacity=capacity, longest=int(round(longest * scale)),
        deliveries=deliveries, time=times.astype(numpy.int64), cost=costs.astype(numpy.int64), fixed=fixed,
    )


def numbers(line):
    try:
        return [float(field) for field in line.split()]
    except ValueError:
        return []  # a heading


def read_solomon(lines):
    """Rows of seven: number, x, y, demand, ready, due, service."""
    rows, vehicles, capacity = [], 0, 0
    for line in lines:
        row = numbers(line)
        if len(row) == 2:
            vehicles, capacity = int(row[0]), int(row[1])
        elif len(row) == 7:
            rows.append(row)
    return rows, vehicles, capacity


def read_lilim(lines):
    """Rows of nine: as Solomon's, then the pickup and the delivery that
    belong to the row's place."""
    first = numbers(lines[0])
    rows = [row for row in map(numbers, lines[1:]) if len(row) == 9]
    return rows, int(first[0]), int(first[1])


def read_vrplib(lines):
    sections, header, section = {}, {}, None
    for line in lines:
        key, colon, value = line.partition(":")
        if colon:
            header[key.strip()] = value.strip()
        elif line.strip().endswith("_SECTION"):
            section = sections.setdefault(line.strip(), [])
        elif section is not None and numbers(line):
            section.append(numbers(line))
    depots = len([row for row in sections["DEPOT_SECTION"] if row[0] > 0])
    rows = []
    for place, demand, window, service in zip(
        sections["NODE_COORD_SECTION"], sections["DEMAND_SECTION"],
        sections["TIME_WINDOW_SECTION"], sections["SERVICE_TIME_SECTION"],
    ):
        rows.append([place[0], place[1], place[2], demand[1], window[1], window[2], service[1]])
    homes = [int(row[1]) - 1 for row in sections["VEHICLES_DEPOT_SECTION"]]
    return rows, homes, int(header["CAPACITY"]), float(header.get("VEHICLES_MAX_DURATION", 0)), depots


def lacking(what):
    """Tells that the solver, or its adapter, cannot do something."""
    print("Unsupported", what)
    sys.exit(0)


def main(document, solver, version, scale, solve):
    """Runs solve on what the command line says and prints what it found: the
    solver with its version, the seconds from the problem in memory to the routes,
    and a line for each vehicle that drives, with the numbers of nodes from 0.
    solve gets the problem, seconds, seed and threads, and returns the seconds that
    it took and the routes, each a vehicle and its nodes. With --version alone it
    prints the solver."""
    if sys.argv[1:] == ["--version"]:
        print("Solver", solver, version())
        return
    if len(sys.argv) != 7:
        sys.exit(document)
    path, name, convention = sys.argv[1:4]
    seconds, seed, threads = float(sys.argv[4]), int(sys.argv[5]), int(sys.argv[6])
    took, routes = solve(read(path, name, convention, scale), seconds, seed, threads)
    print("Solver", solver, version())
    print(f"Seconds {took:.3f}")
    for vehicle, nodes in routes:
        print(f"Route #{vehicle + 1}:", *nodes)
