#include "plan/program.hpp"

#include <algorithm>

namespace gantry::plan {

void append_constant(Program& program, signature::View bytes) {
  if (bytes.empty()) return;
  if (program.empty() || !std::holds_alternative<piece::Constant>(program.back().is)) {
    program.push_back({piece::Constant{}});
  }
  signature::append(std::get<piece::Constant>(program.back().is).bytes, bytes);
}

bool is_constant(const Program& program) {
  return std::ranges::all_of(program, [](const Piece& one) { return std::holds_alternative<piece::Constant>(one.is); });
}

}  // namespace gantry::plan
