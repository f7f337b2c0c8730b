// Square tables of travel times by RoutingKit, for benchmarks/tables.
//
//     tables ch|cch junctions|all MAP.osm.pbf points.csv
//
// RoutingKit's car graph has the junctions of the roads as nodes, or all nodes of
// the map's roads. points.csv has the columns id,lat,lon; each point stands for
// the nearest node of the graph. For each line "SIZE THREADS" of standard input one
// table between the first SIZE points is computed, and one line of CSV printed:
// map,size,threads,rep,seconds,nodes,arcs. How long it took to get ready is told
// on standard error, a line a step: "order 1.234 s".
//
// The table holds travel times in milliseconds, no distances, and turn
// restrictions do not count. Each thread has a query of its own with all targets
// pinned and takes the sources one by one. The memory of the table is there
// before the clock starts; pinning the targets is part of the time.

#include <routingkit/constants.h>
#include <routingkit/contraction_hierarchy.h>
#include <routingkit/customizable_contraction_hierarchy.h>
#include <routingkit/geo_position_to_node.h>
#include <routingkit/inverse_vector.h>
#include <routingkit/nested_dissection.h>
#include <routingkit/osm_simple.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point begun) {
	return std::chrono::duration<double>(Clock::now() - begun).count();
}

// Tells how long a step took and starts the next.
class Stopwatch {
public:
	void lap(const char* name) {
		std::fprintf(stderr, "%s %.6f s\n", name, seconds());
		restart();
	}

	double seconds() const { return seconds_since(last); }

	void restart() { last = Clock::now(); }

private:
	Clock::time_point last = Clock::now();
};

std::string map_name(const std::string& path) {
	std::string name = path.substr(path.find_last_of('/') + 1);
	return name.substr(0, name.find('.'));
}

// Nodes nearest to the points of the file.
std::vector<unsigned> read_points(const std::string& path, const RoutingKit::SimpleOSMCarRoutingGraph& graph) {
	RoutingKit::GeoPositionToNode index(graph.latitude, graph.longitude);
	std::ifstream file(path);
	std::string line;
	if (!std::getline(file, line) || line != "id,lat,lon") throw std::runtime_error("points: the first row must be id,lat,lon");
	std::vector<unsigned> nodes;
	while (std::getline(file, line)) {
		const auto first = line.find(','), second = line.find(',', first + 1);
		if (first == std::string::npos || second == std::string::npos) throw std::runtime_error("points: a row without three columns");
		const float lat = std::stof(line.substr(first + 1)), lon = std::stof(line.substr(second + 1));
		const auto found = index.find_nearest_neighbor_within_radius(lat, lon, 50'000);
		if (found.id == RoutingKit::invalid_id) throw std::runtime_error("points: no road within 50 km of a point");
		nodes.push_back(found.id);
	}
	return nodes;
}

// One table by any of RoutingKit's two queries, of which each thread has one.
template <class Query>
void table(std::vector<Query>& queries, const std::vector<unsigned>& nodes, unsigned threads, std::vector<unsigned>& out) {
	std::atomic<unsigned> next{0};
	auto work = [&](Query& query) {
		query.pin_targets(nodes);
		for (unsigned i; (i = next.fetch_add(1)) < nodes.size();) {
			query.reset_source().add_source(nodes[i]).run_to_pinned_targets();
			query.get_distances_to_targets(out.data() + std::size_t(i) * nodes.size());
		}
	};
	std::vector<std::thread> others;
	for (unsigned t = 1; t < threads; ++t) others.emplace_back(work, std::ref(queries[t]));
	work(queries[0]);
	for (auto& t : others) t.join();
}

template <class Query, class Hierarchy>
void serve(const Hierarchy& hierarchy, const std::vector<unsigned>& nodes, const std::string& name, unsigned graph_nodes, unsigned graph_arcs) {
	std::map<std::pair<unsigned, unsigned>, unsigned> reps;
	std::vector<unsigned> out;
	std::vector<Query> queries;  // their memory is made before the clock starts, and used again
	std::cout << "map,size,threads,rep,seconds,nodes,arcs" << std::endl;
	std::string line;
	while (std::getline(std::cin, line)) {
		std::istringstream fields(line);
		unsigned size = 0, threads = 0;
		if (!(fields >> size >> threads) || size == 0 || size > nodes.size() || threads == 0 || threads > 1024)
			throw std::runtime_error("standard input: write a size within the points, and a number of threads");
		const std::vector<unsigned> some(nodes.begin(), nodes.begin() + size);
		out.assign(std::size_t(size) * size, 0);
		while (queries.size() < threads) queries.emplace_back(hierarchy);
		for (auto& query : queries) query.reset();  // no targets are pinned yet
		const auto begun = Clock::now();
		table(queries, some, threads, out);
		const double took = seconds_since(begun);
		char text[32];
		std::snprintf(text, sizeof text, "%.6f", took);
		std::cout << name << ',' << size << ',' << threads << ',' << ++reps[{size, threads}] << ',' << text << ','
			  << graph_nodes << ',' << graph_arcs << std::endl;
	}
}

// Arcs of ten roads all over the map, in both directions where there are two.
std::vector<unsigned> ten_roads(const RoutingKit::SimpleOSMCarRoutingGraph& graph, const std::vector<unsigned>& tail) {
	std::vector<unsigned> arcs;
	for (unsigned i = 0; i < 10 && i < graph.arc_count(); ++i) {
		const auto arc = unsigned(std::uint64_t(graph.arc_count()) * i / 10);
		arcs.push_back(arc);
		for (unsigned back = graph.first_out[graph.head[arc]]; back < graph.first_out[graph.head[arc] + 1]; ++back)
			if (graph.head[back] == tail[arc]) arcs.push_back(back);
	}
	return arcs;
}

void run(const std::string& kind, bool all, const std::string& map, const std::string& points) {
	Stopwatch clock;
	const auto graph = RoutingKit::simple_load_osm_car_routing_graph_from_pbf(map, nullptr, all);
	clock.lap("import");
	const auto tail = RoutingKit::invert_inverse_vector(graph.first_out);
	const auto nodes = read_points(points, graph);
	const auto name = map_name(map);
	if (kind == "ch") {
		Stopwatch steps;
		const auto ch = RoutingKit::ContractionHierarchy::build(graph.node_count(), tail, graph.head, graph.travel_time);
		steps.lap("contract");
		serve<RoutingKit::ContractionHierarchyQuery>(ch, nodes, name, graph.node_count(), graph.arc_count());
		return;
	}
	Stopwatch steps;
	const auto order = RoutingKit::compute_nested_node_dissection_order_using_inertial_flow(
		graph.node_count(), tail, graph.head, graph.latitude, graph.longitude);
	steps.lap("order");
	const RoutingKit::CustomizableContractionHierarchy cch(order, tail, graph.head);
	steps.lap("contract");
	std::vector<unsigned> weights = graph.travel_time;
	RoutingKit::CustomizableContractionHierarchyMetric metric(cch, weights);
	RoutingKit::CustomizableContractionHierarchyParallelization parallel(cch);
	// On one thread and on all, the quicker counts.
	steps.restart();
	metric.customize();
	const double alone = steps.seconds();
	steps.restart();
	parallel.customize(metric);
	std::fprintf(stderr, "customise %.6f s\n", std::min(alone, steps.seconds()));
	// Ten closed roads, each one arc and the arc back, and then open again. The
	// memory of the queue is there before the clock starts.
	const auto roads = ten_roads(graph, tail);
	RoutingKit::CustomizableContractionHierarchyPartialCustomization partial(cch);
	for (const char* name : {"close", "reopen"}) {
		steps.restart();
		partial.reset();
		for (unsigned arc : roads) {
			weights[arc] = name == std::string("close") ? RoutingKit::inf_weight : graph.travel_time[arc];
			partial.update_arc(arc);
		}
		partial.customize(metric);
		steps.lap(name);
	}
	serve<RoutingKit::CustomizableContractionHierarchyQuery>(metric, nodes, name, graph.node_count(), graph.arc_count());
}

}  // namespace

#ifndef ROUTINGKIT_VERSION
#define ROUTINGKIT_VERSION "unknown"
#endif

int main(int argc, char** argv) {
	const std::vector<std::string> args(argv + 1, argv + argc);
	if (args.size() == 1 && args[0] == "--version") {
		std::cout << ROUTINGKIT_VERSION << std::endl;
		return 0;
	}
	if (args.size() != 4 || (args[0] != "ch" && args[0] != "cch") || (args[1] != "junctions" && args[1] != "all")) {
		std::fprintf(stderr, "usage: tables ch|cch junctions|all MAP.osm.pbf points.csv\n");
		return 2;
	}
	try {
		run(args[0], args[1] == "all", args[2], args[3]);
	} catch (const std::exception& e) {
		std::fprintf(stderr, "tables: %s\n", e.what());
		return 1;
	}
}
