// pool: queries of an SQLite file over a connection that each worker opens once, however many tasks it runs.
#include <gantry/plugin.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "common/sqlite.hpp"

namespace {

using common::Connection;

constexpr std::uint64_t area_step = 7;

/// Opens the file once in each worker, and makes it if it is not there, unless it is to be read only.
gantry::Result<Connection> connect(const std::string& path, bool read_only, std::uint32_t patience_ms) {
  return Connection::open(path, read_only, patience_ms);
}

gantry::Result<std::uint64_t> fill(gantry::State<Connection> connection, std::uint64_t rows) {
  return connection->make_shapes(rows, area_step);
}

gantry::Result<std::int64_t> number(gantry::State<Connection> connection, const std::string& sql,
                                    const std::vector<std::int64_t>& values) {
  return connection->number(sql, values);
}

gantry::Result<std::vector<std::string>> texts(gantry::State<Connection> connection, const std::string& sql,
                                               const std::vector<std::int64_t>& values) {
  return connection->texts(sql, values);
}

}  // namespace

GANTRY_PLUGIN("pool", "1.0.0", gantry::worker<connect>({"path", "read_only = false", "patience_ms = 5000"}),
              gantry::function<fill>("fill", {"rows"}, "Makes the table shape (id, name, area); how many rows it has."),
              gantry::function<number>("number", {"sql", "values = []"},
                                       "The one whole number that a query gives; its ?s are the values."),
              gantry::function<texts>("texts", {"sql", "values = []"}, "The texts that a query gives, in its order."));
