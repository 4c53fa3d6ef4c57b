// The argument program of a step: what the encoded arguments of its tasks are made of, piece by piece, in order.
// The plan compiles it once from the YAML trees; Plan::prepare turns what results give into constants; what is left
// varies with the task's index alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "signature/bytes.hpp"
#include "signature/ids.hpp"
#include "signature/shared_bytes.hpp"
#include "signature/type.hpp"

namespace gantry::plan {

using host::StepIndex;

/// Holds every u64 and every i64, and what one multiplication of two of them gives in the plan.
__extension__ using Wide = __int128;

/// The value of one task of a step, or what a path selects in it.
struct Part {
  StepIndex step{};
  std::uint64_t element = 0;      ///< index of the task
  std::vector<std::string> path;  ///< into its value
  signature::Type root;           ///< type of the task's value
  signature::Type type;           ///< type of what the path selects
};

/// Encoded rows, one an element of a `values` source.
struct Table {
  std::vector<std::uint64_t> ends;  ///< of each row in bytes
  signature::Bytes bytes;
  std::map<std::uint64_t, std::string>
      lacks;  ///< why rows are empty that could not be made: data lacks what they ask for

  [[nodiscard]] std::uint64_t size() const { return ends.size(); }
  [[nodiscard]] signature::View row(std::uint64_t k) const {
    const std::uint64_t begin = k == 0 ? 0 : ends[k - 1];
    return signature::View(bytes).subspan(begin, ends[k] - begin);
  }
};

struct Element;
struct Piece;
using Program = std::vector<Piece>;

/// Integers of a range (`item`) or of chunks, stored one after the other.
struct Numbers {
  enum class Role : std::uint8_t { item, begin, end };
  struct Number {
    Role role = Role::item;
    signature::Kind kind = signature::Kind::u64;
  };
  std::vector<Number> all;
};

/// A row of a table.
struct Row {
  std::shared_ptr<const Table> table;
};

/// A row of which some part depends on results: a program an element. Prepared, it is a Row.
struct Rows {
  std::vector<Program> programs;
};

/// The value of task k of a step.
struct TaskValue {
  StepIndex step{};
  std::vector<std::string> path;
  signature::Type root, from, to;
};

/// Element k of a list that a source holds.
struct ListItem {
  std::vector<std::string> path;
  signature::Type root, from, to;
};

/// The task k of a step, as the one that made a value that resides somewhere.
struct ResidentKey {
  StepIndex step{};
};

/// Consecutive elements of the inner source, as a list.
struct Group {
  std::unique_ptr<Element> inner;

  Group() = default;
  explicit Group(Element element);
  Group(const Group& other);
  Group& operator=(const Group& other);
  Group(Group&&) noexcept = default;
  Group& operator=(Group&&) noexcept = default;
  ~Group() = default;
};

/// How to write element k of a source. `present` bytes of 1 come first: it is wanted as T?.
struct Element {
  std::uint32_t present = 0;
  std::variant<Numbers, Row, Rows, TaskValue, ListItem, Group, ResidentKey> from;
};

namespace piece {

struct Constant {
  signature::Bytes bytes;
};

/// A large value where it lies. Only of prepared programs.
struct Shared {
  std::shared_ptr<const signature::SharedBytes> bytes;
};

/// The element of a bound name, by the name's position in `each`.
struct Varying {
  std::uint32_t binding = 0;
  Element element;
};

/// The task's index.
struct Index {
  signature::Kind kind = signature::Kind::u64;
};

/// One result. Prepared, it is a Constant.
struct Kept {
  Part part;
  signature::Type to;
};

/// The list of all results of a step with `each`. Prepared, it is a Constant.
struct All {
  StepIndex step{};
  signature::Type from, to;  ///< of one element
};

/// A str put together from the texts of scalars.
struct Text {
  struct Scalar;
  std::vector<Scalar> parts;
};

}  // namespace piece

struct Piece {
  std::variant<piece::Constant, piece::Shared, piece::Varying, piece::Index, piece::Kept, piece::All, piece::Text> is;
};

/// A piece whose value, of type `type`, is shown as text.
struct piece::Text::Scalar {
  Piece piece;
  signature::Type type;
};

inline Group::Group(Element element) : inner(std::make_unique<Element>(std::move(element))) {}
inline Group::Group(const Group& other) : inner(other.inner ? std::make_unique<Element>(*other.inner) : nullptr) {}
inline Group& Group::operator=(const Group& other) {
  if (this != &other) inner = other.inner ? std::make_unique<Element>(*other.inner) : nullptr;
  return *this;
}

/// Appends constant bytes, merged with a constant that ends the program.
void append_constant(Program& program, signature::View bytes);
/// Copies shared pieces into constants.
[[nodiscard]] Program flattened(Program program);
/// True if nothing of it varies or waits for results.
[[nodiscard]] bool is_constant(const Program& program);

}  // namespace gantry::plan
