"""Answer a file of point pairs with OSRM: metres along the road, and the road.

    python answer.py MAP.osrm pairs.csv answers.csv [matrix.csv]

MAP.osrm has been extracted with car_metres.lua and contracted (see README.md).
pairs.csv is what `go run ./benchmarks/roads pairs` wrote. answers.csv gets one
row a pair: its number, metres (empty: no way), and the OSM nodes of the route.
matrix.csv gets the distances from every first point to every second point, one
row a first point, an empty field where there is no way.
"""

import csv
import sys

import osrm

# The points are nodes of roads and OSRM rounds both alike, so nothing may be
# moved. A larger radius would let it choose another road that passes closely.
RADIUS = 0.1


def read_pairs(path):
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield (
                int(row["pair"]),
                (float(row["from_lon"]), float(row["from_lat"])),
                (float(row["to_lon"]), float(row["to_lat"])),
            )


def on_road(engine, point):
    """Whether a road that cars may use passes through the point."""
    parameters = osrm.NearestParameters(
        coordinates=[point], radiuses=[RADIUS], generate_hints=False
    )
    try:
        engine.Nearest(parameters)
    except RuntimeError:
        return False  # NoSegment
    return True


def table(engine, starts, ends):
    """Metres from every start to every end; None: no way."""
    start_rows = [i for i, point in enumerate(starts) if on_road(engine, point)]
    end_columns = [i for i, point in enumerate(ends) if on_road(engine, point)]
    if not start_rows or not end_columns:
        return [[None] * len(ends) for _ in starts]
    points = [starts[i] for i in start_rows] + [ends[i] for i in end_columns]
    parameters = osrm.TableParameters(
        coordinates=points,
        sources=list(range(len(start_rows))),
        destinations=list(range(len(start_rows), len(points))),
        radiuses=[RADIUS] * len(points),
        annotations=["distance"],
        generate_hints=False,
    )
    distances = engine.Table(parameters)["distances"]
    matrix = [[None] * len(ends) for _ in starts]
    for row, found in zip(start_rows, distances):
        for column, metres in zip(end_columns, found):
            matrix[row][column] = metres
    return matrix


def nodes_of(engine, start, end):
    """OSM nodes along the route, in order; the ends may stick out by a node."""
    parameters = osrm.RouteParameters(
        coordinates=[start, end],
        radiuses=[RADIUS, RADIUS],
        annotations=["nodes"],
        overview="false",
        generate_hints=False,
    )
    try:
        answer = engine.Route(parameters)
    except RuntimeError:
        return []  # NoRoute or NoSegment, as the table says too
    return [int(node) for node in answer["routes"][0]["legs"][0]["annotation"]["nodes"]]


def main(map_path, pairs_path, answers_path, matrix_path=None):
    engine = osrm.OSRM(
        storage_config=map_path,
        use_shared_memory=False,
        algorithm="CH",
        max_locations_distance_table=-1,
    )
    pairs = list(read_pairs(pairs_path))
    with open(answers_path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["pair", "metres", "nodes"])
        for number, start, end in pairs:
            metres = table(engine, [start], [end])[0][0]
            nodes = nodes_of(engine, start, end)
            out.writerow([number, length(metres), " ".join(map(str, nodes))])
    if matrix_path:
        with open(matrix_path, "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file, lineterminator="\n")
            for row in table(engine, [p[1] for p in pairs], [p[2] for p in pairs]):
                out.writerow(map(length, row))


def length(metres):
    return "" if metres is None else f"{metres:.1f}"


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
