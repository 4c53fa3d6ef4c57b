#include "plan/program.hpp"

#include <algorithm>
#include <utility>

namespace gantry::plan {

void append_constant(Program& program, signature::View bytes) {
  if (bytes.empty()) return;
  if (program.empty() || !std::holds_alternative<piece::Constant>(program.back().is)) {
    program.push_back({piece::Constant{}});
  }
  signature::append(std::get<piece::Constant>(program.back().is).bytes, bytes);
}

Program flattened(Program program) {
  const auto is_shared = [](const Piece& one) { return std::holds_alternative<piece::Shared>(one.is); };
  if (std::ranges::none_of(program, is_shared)) return program;
  Program flat;
  for (Piece& one : program) {
    if (const auto* shared = std::get_if<piece::Shared>(&one.is)) {
      append_constant(flat, shared->bytes->bytes());
    } else if (const auto* constant = std::get_if<piece::Constant>(&one.is)) {
      append_constant(flat, constant->bytes);
    } else {
      flat.push_back(std::move(one));
    }
  }
  return flat;
}

bool is_constant(const Program& program) {
  return std::ranges::all_of(program, [](const Piece& one) { return std::holds_alternative<piece::Constant>(one.is); });
}

}  // namespace gantry::plan
