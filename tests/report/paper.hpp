// What tests of output share: a sink whose text can be read back, and values as bytes.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "report/column.hpp"
#include "report/sink.hpp"
#include "results/store.hpp"

namespace paper {

using gantry::host::StepIndex;
using gantry::report::Column;
using gantry::results::Reason;
using gantry::results::Status;
using gantry::results::Store;
using gantry::signature::Bytes;

inline Bytes bytes_of(std::string_view letters) {
  const auto view = std::as_bytes(std::span(letters));
  return {view.begin(), view.end()};
}

template <class T>
Bytes number(T value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

/// A str as encoded.
inline Bytes str(std::string_view letters) {
  Bytes bytes = number<std::uint64_t>(letters.size());
  gantry::signature::append(bytes, bytes_of(letters));
  return bytes;
}

template <class... More>
Bytes join(Bytes first, const More&... more) {
  (gantry::signature::append(first, more), ...);
  return first;
}

inline Column column(std::string id, std::string_view type, bool each, bool printed = true) {
  const auto parsed = gantry::signature::parse_type(type);
  REQUIRE(parsed);
  Column made;
  made.id = std::move(id);
  made.result = *parsed;
  made.result_size = gantry::signature::fixed_size(*parsed);
  made.each = each;
  made.printed = printed;
  return made;
}

/// Columns, each a component of its own.
inline std::vector<Column> apart(std::vector<Column> columns) {
  for (unsigned i = 0; i < columns.size(); ++i) columns[i].component = i;
  return columns;
}

inline Store store_for(const std::vector<Column>& columns) {
  std::vector<std::optional<std::uint64_t>> sizes;
  for (const Column& one : columns) sizes.push_back(one.result_size);
  return Store(sizes);
}

/// Puts one value, whatever the step's size.
inline void put(Store& store, const std::vector<Column>& columns, unsigned step, std::uint64_t index, Bytes bytes) {
  std::vector<std::uint64_t> lengths;
  if (!columns[step].result_size) lengths.push_back(bytes.size());
  store.put(StepIndex{step}, index, 1, std::move(bytes), std::move(lengths));
}

/// A sink into memory.
class Paper {
 public:
  Paper() : file_(::memfd_create("paper", MFD_CLOEXEC)), sink_(open(file_.get())) {}
  [[nodiscard]] gantry::report::Sink& sink() { return sink_; }
  [[nodiscard]] int descriptor() const { return file_.get(); }
  /// All that was written; flushes first.
  [[nodiscard]] std::string text() {
    REQUIRE(sink_.flush());
    std::string all;
    std::array<char, 4096> piece{};
    for (ssize_t got = 0;
         (got = ::pread(file_.get(), piece.data(), piece.size(), static_cast<off_t>(all.size()))) > 0;) {
      all.append(piece.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  static gantry::report::Sink open(int descriptor) {
    auto sink = gantry::report::Sink::to_descriptor(descriptor, "memory");
    REQUIRE(sink);
    return std::move(*sink);
  }

  gantry::report::Descriptor file_;
  gantry::report::Sink sink_;
};

}  // namespace paper
