// A connection to an SQLite file, and queries of it: what the plugins pool and session have in common.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gantry/error.hpp>

namespace common {

/// Used by one thread at a time.
class Connection {
 public:
  /// Opens the file, and makes it if it is not there, unless it is to be read only. `patience_ms`: how long a query
  /// waits for another connection's lock.
  [[nodiscard]] static gantry::Result<Connection> open(const std::string& path, bool read_only,
                                                       std::uint32_t patience_ms) {
    sqlite3* opened = nullptr;
    const int access = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int status = sqlite3_open_v2(path.c_str(), &opened, access | SQLITE_OPEN_NOMUTEX, nullptr);
    Connection connection{Database(opened)};
    if (opened == nullptr) return gantry::fail("sqlite", path + ": there is no memory to open it");
    if (status != SQLITE_OK) return connection.failure(path);
    if (sqlite3_busy_timeout(opened, static_cast<int>(patience_ms)) != SQLITE_OK) return connection.failure(path);
    // The file is not looked at before the first read: a wrong one is to be refused here, not by each query.
    if (sqlite3_exec(opened, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr) != SQLITE_OK)
      return connection.failure(path);
    return connection;
  }

  /// The table shape (id, name, area) with so many rows, area being id * step % 1000, in place of the one that is
  /// there: all of it or nothing.
  [[nodiscard]] gantry::Result<std::uint64_t> make_shapes(std::uint64_t rows, std::uint64_t step) {
    const std::string sql =
        "BEGIN IMMEDIATE; DROP TABLE IF EXISTS shape;"
        "CREATE TABLE shape (id INTEGER PRIMARY KEY, name TEXT, area INTEGER);"
        "WITH RECURSIVE each(id) AS (SELECT 0 WHERE " +
        std::to_string(rows) + " > 0 UNION ALL SELECT id + 1 FROM each WHERE id + 1 < " + std::to_string(rows) +
        ") INSERT INTO shape SELECT id, 'shape ' || id, id * " + std::to_string(step) + " % 1000 FROM each; COMMIT";
    statement_.reset();
    if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return rows;
    auto failed = failure("filling the table");
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    return failed;
  }

  /// The one whole number that a query gives; its ?s are the values.
  [[nodiscard]] gantry::Result<std::int64_t> number(const std::string& sql,
                                                    const std::vector<std::int64_t>& values) const {
    std::int64_t result = 0;
    std::uint64_t rows = 0;
    bool is_number = true;
    auto done = each_row(sql, values, [&](sqlite3_stmt* row) {
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
  [[nodiscard]] gantry::Result<std::vector<std::string>> texts(const std::string& sql,
                                                               const std::vector<std::int64_t>& values) const {
    std::vector<std::string> result;
    auto done = each_row(sql, values, [&](sqlite3_stmt* row) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, 0));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, 0));
      result.emplace_back(text == nullptr ? "" : std::string(text, size));
    });
    if (!done) return std::unexpected(done.error());
    return result;
  }

  /// Runs one statement that changes the file; how many rows it changed.
  [[nodiscard]] gantry::Result<std::uint64_t> change(const std::string& sql, const std::vector<std::int64_t>& values) {
    const auto statement = bound(sql, values);
    if (!statement) return std::unexpected(statement.error());
    const int status = sqlite3_step(*statement);
    auto ended = status == SQLITE_DONE || status == SQLITE_ROW ? gantry::Result<void>{} : failure(sql);
    sqlite3_reset(*statement);
    if (!ended) return std::unexpected(ended.error());
    return static_cast<std::uint64_t>(sqlite3_changes64(database_.get()));
  }

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  struct CloseStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Database = std::unique_ptr<sqlite3, CloseDatabase>;
  using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

  explicit Connection(Database database) : database_(std::move(database)) {}

  [[nodiscard]] std::unexpected<gantry::Error> failure(const std::string& what) const {
    return gantry::fail("sqlite", what + ": " + sqlite3_errmsg(database_.get()));
  }

  [[nodiscard]] gantry::Result<sqlite3_stmt*> prepared(const std::string& sql) const {
    if (statement_ && sql_ == sql) {
      sqlite3_reset(statement_.get());
      sqlite3_clear_bindings(statement_.get());
      return statement_.get();
    }
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    const int status = sqlite3_prepare_v2(database_.get(), sql.c_str(), static_cast<int>(sql.size()) + 1, &made, &rest);
    statement_.reset(made);
    sql_ = sql;
    if (status != SQLITE_OK) return failure(sql);
    if (made == nullptr) return gantry::fail("sqlite", "there is no statement in \"" + sql + "\"");
    if (rest != nullptr && std::string(rest).find_first_not_of(" \t\r\n;") != std::string::npos)
      return gantry::fail("sqlite", sql + ": more than one statement");
    return made;
  }

  [[nodiscard]] gantry::Result<sqlite3_stmt*> bound(const std::string& sql,
                                                    const std::vector<std::int64_t>& values) const {
    const auto statement = prepared(sql);
    if (!statement) return statement;
    const int wanted = sqlite3_bind_parameter_count(*statement);
    if (static_cast<std::size_t>(wanted) != values.size()) {
      return gantry::fail("sqlite", sql + ": it has " + std::to_string(wanted) + " parameters, and is given " +
                                        std::to_string(values.size()) + " values");
    }
    for (int i = 0; i < wanted; ++i) sqlite3_bind_int64(*statement, i + 1, values[static_cast<std::size_t>(i)]);
    return statement;
  }

  /// Runs a query, and calls `take` for each row.
  template <class Take>
  gantry::Result<void> each_row(const std::string& sql, const std::vector<std::int64_t>& values, Take take) const {
    const auto query = prepared(sql);
    if (!query) return std::unexpected(query.error());
    if (sqlite3_column_count(*query) != 1) return gantry::fail("sqlite", sql + ": it has to give one column");
    if (sqlite3_stmt_readonly(*query) == 0)
      return gantry::fail("sqlite", sql + ": it changes the file, and tasks run in any order");
    const auto statement = bound(sql, values);
    if (!statement) return std::unexpected(statement.error());
    int status = SQLITE_ROW;
    while ((status = sqlite3_step(*statement)) == SQLITE_ROW) take(*statement);
    auto ended = status == SQLITE_DONE ? gantry::Result<void>{} : failure(sql);
    sqlite3_reset(*statement);  // no lock is held between queries
    return ended;
  }

  Database database_;
  mutable std::string sql_;  ///< that ran last, and need not be prepared again
  mutable Statement statement_;
};

}  // namespace common
