"""Square tables of travel times by OSRM, for benchmarks/tables.

    python tables.py MAP.osrm points.csv

MAP.osrm has been extracted with OSRM's own car.lua and contracted (see
README.md). points.csv has the columns id,lat,lon. For each line "SIZE THREADS"
of standard input one table between the first SIZE points is computed, and one
line of CSV printed: map,size,threads,rep,seconds,nodes,arcs (the last two stay
empty: OSRM does not tell them). OSRM computes one table on one thread, so
THREADS must be 1.

The table is asked of osrm-routed over a connection of this machine to itself,
as OSRM's users ask for it: putting the points on their roads and writing the
answer as JSON, times only, are part of the seconds; reading the JSON is not.
How long it took to open the map is told on standard error.
"""

import csv
import http.client
import os
import pathlib
import socket
import subprocess
import sys
import time

import osrm

ROUTED = pathlib.Path(osrm.__file__).parent / "bin" / "osrm-routed"
LOCAL = "127.0.0.1"


def free_port():
    with socket.socket() as s:
        s.bind((LOCAL, 0))
        return s.getsockname()[1]


def start(map_path, most):
    """Starts the server and waits until it takes connections."""
    port = free_port()
    server = subprocess.Popen(
        [ROUTED, "--algorithm", "ch", "--ip", LOCAL, "--port", str(port), "--threads", "1",
         "--max-table-size", str(most), "--verbosity", "ERROR", map_path],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )
    while server.poll() is None:
        try:
            socket.create_connection((LOCAL, port)).close()
            return server, port
        except OSError:
            time.sleep(0.02)
    sys.exit("osrm-routed ended before it was ready")


def ask(port, points):
    """Seconds until the whole answer is there."""
    path = (
        "/table/v1/driving/"
        + ";".join(f"{lon:.7f},{lat:.7f}" for lat, lon in points)
        + "?annotations=duration&generate_hints=false"
    )
    connection = http.client.HTTPConnection(LOCAL, port, timeout=600)
    connection.connect()
    begun = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    text = response.read()
    took = time.perf_counter() - begun
    connection.close()
    if response.status != 200 or not text.startswith(b'{"code":"Ok"'):
        sys.exit(f"OSRM answers {response.status}: {text[:200]!r}")
    return took


def main(map_path, points_path):
    with open(points_path, newline="", encoding="utf-8") as file:
        points = [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)]
    begun = time.perf_counter()
    server, port = start(map_path, len(points))
    print(f"open {time.perf_counter() - begun:.4f} s", file=sys.stderr, flush=True)
    try:
        name = os.path.basename(map_path).split(".")[0]
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(["map", "size", "threads", "rep", "seconds", "nodes", "arcs"])
        sys.stdout.flush()
        reps = {}
        for line in sys.stdin:
            size, threads = map(int, line.split())
            if threads != 1 or not 0 < size <= len(points):
                sys.exit("standard input: write a size within the points, and 1 thread")
            took = ask(port, points[:size])
            reps[size] = reps.get(size, 0) + 1
            out.writerow([name, size, threads, reps[size], f"{took:.6f}", "", ""])
            sys.stdout.flush()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
