// session: SQLite databases that stay open where they were opened. A connection cannot be sent to another process; it
// is pinned, and the tasks that use it go to it.
#include <gantry/plugin.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/sqlite.hpp"

namespace {

using common::Connection;

constexpr std::uint32_t patience_ms = 5000;

/// Opens the file, and makes it if it is not there. With rows, it has the table shape (id, name, area) afterwards, made
/// anew: called a second time, it gives the same.
gantry::Result<gantry::Pinned<Connection>> open(const std::string& path, std::uint64_t rows, std::uint64_t step) {
  auto connection = Connection::open(path, false, patience_ms);
  if (!connection) return std::unexpected(connection.error());
  if (rows > 0) {
    if (auto made = connection->make_shapes(rows, step); !made) return std::unexpected(made.error());
  }
  return std::make_unique<Connection>(*std::move(connection));
}

gantry::Result<std::int64_t> number(gantry::Ref<const Connection> session, const std::string& sql,
                                    const std::vector<std::int64_t>& values) {
  return session->number(sql, values);
}

gantry::Result<std::vector<std::string>> texts(gantry::Ref<const Connection> session, const std::string& sql,
                                               const std::vector<std::int64_t>& values) {
  return session->texts(sql, values);
}

gantry::Result<std::uint64_t> change(gantry::Ref<Connection> session, const std::string& sql,
                                     const std::vector<std::int64_t>& values) {
  return session->change(sql, values);
}

}  // namespace

// Each connection is used by one thread alone, so all of it may run on several.
GANTRY_PLUGIN(
    "session", "1.0.0",
    gantry::thread_safe(gantry::function<open>("open", {"path", "rows = 0", "step = 7"},
                                               "Opens a database; with rows, makes its table shape (id, name, area).")),
    gantry::thread_safe(gantry::function<number>("number", {"session", "sql", "values = []"},
                                                 "The one whole number that a query gives; its ?s are the values.")),
    gantry::thread_safe(gantry::function<texts>("texts", {"session", "sql", "values = []"},
                                                "The texts that a query gives, in its order.")),
    gantry::thread_safe(gantry::function<change>("change", {"session", "sql", "values = []"},
                                                 "Runs a statement that changes the database; rows changed.")));
