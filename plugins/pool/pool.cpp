// pool: queries of an SQLite file over a connection that each worker opens once, however many tasks it runs.
#include <gantry/plugin.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

/// The worker's connection, and the statement that it ran last, which need not be prepared again.
struct Connection {
  Database database;
  std::string sql;
  Statement statement;
};

auto failure(sqlite3* database, const std::string& what) {
  return gantry::fail("sqlite", what + ": " + sqlite3_errmsg(database));
}

/// Opens the file once in each worker, and makes it if it is not there, unless it is to be read only.
gantry::Result<Connection> connect(const std::string& path, bool read_only, std::uint32_t patience_ms) {
  sqlite3* opened = nullptr;
  const int access = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int status = sqlite3_open_v2(path.c_str(), &opened, access | SQLITE_OPEN_NOMUTEX, nullptr);
  Connection connection{Database(opened), {}, nullptr};
  if (opened == nullptr) return gantry::fail("sqlite", path + ": there is no memory to open it");
  if (status != SQLITE_OK) return failure(opened, path);
  if (sqlite3_busy_timeout(opened, static_cast<int>(patience_ms)) != SQLITE_OK) return failure(opened, path);
  // The file is not looked at before the first read: a wrong one is to be refused here, not by each task.
  if (sqlite3_exec(opened, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure(opened, path);
  return connection;
}

gantry::Result<sqlite3_stmt*> prepared(Connection& connection, const std::string& sql) {
  if (connection.statement && connection.sql == sql) {
    sqlite3_reset(connection.statement.get());
    sqlite3_clear_bindings(connection.statement.get());
    return connection.statement.get();
  }
  sqlite3_stmt* made = nullptr;
  const char* rest = nullptr;
  sqlite3* const database = connection.database.get();
  const int status = sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()) + 1, &made, &rest);
  connection.statement.reset(made);
  connection.sql = sql;
  if (status != SQLITE_OK) return failure(database, sql);
  if (made == nullptr) return gantry::fail("sqlite", "there is no statement in \"" + sql + "\"");
  if (rest != nullptr && std::string(rest).find_first_not_of(" \t\r\n;") != std::string::npos)
    return gantry::fail("sqlite", sql + ": more than one statement");
  if (sqlite3_column_count(made) != 1) return gantry::fail("sqlite", sql + ": it has to give one column");
  if (sqlite3_stmt_readonly(made) == 0)
    return gantry::fail("sqlite", sql + ": it changes the file, and tasks run in any order");
  return made;
}

/// Runs the statement with its parameters bound, and calls `take` for each row.
template <class Take>
gantry::Result<void> each_row(Connection& connection, const std::string& sql, const std::vector<std::int64_t>& values,
                              Take take) {
  const auto statement = prepared(connection, sql);
  if (!statement) return std::unexpected(statement.error());
  const int wanted = sqlite3_bind_parameter_count(*statement);
  if (static_cast<std::size_t>(wanted) != values.size()) {
    return gantry::fail("sqlite", sql + ": it has " + std::to_string(wanted) + " parameters, and is given " +
                                      std::to_string(values.size()) + " values");
  }
  for (int i = 0; i < wanted; ++i) sqlite3_bind_int64(*statement, i + 1, values[static_cast<std::size_t>(i)]);
  int status = SQLITE_ROW;
  while ((status = sqlite3_step(*statement)) == SQLITE_ROW) take(*statement);
  auto ended = status == SQLITE_DONE ? gantry::Result<void>{} : failure(connection.database.get(), sql);
  sqlite3_reset(*statement);  // no lock is held between tasks
  return ended;
}

/// The table shape (id, name, area) with so many rows, in place of the one that is there: all of it or nothing.
gantry::Result<std::uint64_t> fill(gantry::State<Connection> connection, std::uint64_t rows) {
  sqlite3* const database = connection->database.get();
  const std::string sql =
      "BEGIN IMMEDIATE; DROP TABLE IF EXISTS shape;"
      "CREATE TABLE shape (id INTEGER PRIMARY KEY, name TEXT, area INTEGER);"
      "WITH RECURSIVE each(id) AS (SELECT 0 WHERE " +
      std::to_string(rows) + " > 0 UNION ALL SELECT id + 1 FROM each WHERE id + 1 < " + std::to_string(rows) +
      ") INSERT INTO shape SELECT id, 'shape ' || id, id * 7 % 1000 FROM each; COMMIT";
  connection->statement.reset();
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return rows;
  auto failed = failure(database, "filling the table");
  sqlite3_exec(database, "ROLLBACK", nullptr, nullptr, nullptr);
  return failed;
}

/// The one whole number that a query gives.
gantry::Result<std::int64_t> number(gantry::State<Connection> connection, const std::string& sql,
                                    const std::vector<std::int64_t>& values) {
  std::int64_t result = 0;
  std::uint64_t rows = 0;
  bool is_number = true;
  auto done = each_row(*connection, sql, values, [&](sqlite3_stmt* row) {
    ++rows;
    is_number = is_number && sqlite3_column_type(row, 0) == SQLITE_INTEGER;
    result = sqlite3_column_int64(row, 0);
  });
  if (!done) return std::unexpected(done.error());
  if (rows != 1) return gantry::fail("sqlite", sql + ": it gives " + std::to_string(rows) + " rows instead of one");
  if (!is_number) return gantry::fail("sqlite", sql + ": it gives no whole number");
  return result;
}

/// The texts that a query gives, in its order.
gantry::Result<std::vector<std::string>> texts(gantry::State<Connection> connection, const std::string& sql,
                                               const std::vector<std::int64_t>& values) {
  std::vector<std::string> result;
  auto done = each_row(*connection, sql, values, [&](sqlite3_stmt* row) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, 0));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, 0));
    result.emplace_back(text == nullptr ? "" : std::string(text, size));
  });
  if (!done) return std::unexpected(done.error());
  return result;
}

}  // namespace

GANTRY_PLUGIN("pool", "1.0.0", gantry::worker<connect>({"path", "read_only = false", "patience_ms = 5000"}),
              gantry::function<fill>("fill", {"rows"}, "Makes the table shape (id, name, area); how many rows it has."),
              gantry::function<number>("number", {"sql", "values = []"},
                                       "The one whole number that a query gives; its ?s are the values."),
              gantry::function<texts>("texts", {"sql", "values = []"}, "The texts that a query gives, in its order."));
