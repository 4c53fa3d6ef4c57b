#include "config/diagnostic.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "signature/nearest.hpp"

namespace gantry::config {

std::uint32_t Sources::add(std::string name, std::string text) {
  std::vector<std::size_t> line_starts{0};
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1)) {
    line_starts.push_back(end + 1);
  }
  sources_.push_back({std::move(name), std::move(text), std::move(line_starts)});
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

const std::string& Sources::name(std::uint32_t source) const {
  static const std::string unknown = "(unknown)";
  return source < sources_.size() ? sources_[source].name : unknown;
}

std::string_view Sources::text(std::uint32_t source) const {
  return source < sources_.size() ? std::string_view(sources_[source].text) : std::string_view();
}

std::string_view Sources::line(Mark mark) const {
  if (mark.source >= sources_.size()) return {};
  const Source& source = sources_[mark.source];
  if (mark.line == 0 || mark.line > source.line_starts.size()) return {};
  const std::string_view all = source.text;
  const std::size_t begin = source.line_starts[mark.line - 1];
  const std::size_t end = mark.line < source.line_starts.size() ? source.line_starts[mark.line] - 1 : all.size();
  std::string_view line = all.substr(begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void Diagnostics::report(Diagnostic diagnostic) {
  if (all_.size() < most) {
    all_.push_back(std::move(diagnostic));
  } else {
    ++beyond_;
  }
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  const auto place = [](const Diagnostic& d) { return std::tuple(d.mark.source, d.mark.line, d.mark.column); };
  std::vector<std::size_t> order(all_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::tuple(place(all_[i]), i); });
  // Equal ones need not be neighbours: look at all that were reported for the same place.
  std::vector<Diagnostic> once;
  once.reserve(all_.size());
  for (const std::size_t i : order) {
    const Diagnostic& diagnostic = all_[i];
    const auto equal = [&](const Diagnostic& other) {
      return other.code == diagnostic.code && other.sentence == diagnostic.sentence;
    };
    auto same_place = once.rbegin();
    while (same_place != once.rend() && place(*same_place) == place(diagnostic) && !equal(*same_place)) ++same_place;
    const bool seen = same_place != once.rend() && place(*same_place) == place(diagnostic);
    if (!seen) once.push_back(diagnostic);
  }
  return once;
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  return signature::nearest(name, candidates);
}

}  // namespace gantry::config
