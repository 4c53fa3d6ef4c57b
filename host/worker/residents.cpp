#include "worker/residents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "worker/forks.hpp"
#include "worker/say.hpp"

namespace gantry::worker {
namespace {

constexpr std::size_t named = 4;  // of those that are left at the end

}  // namespace

void destroy(const PinnedObject& pinned) {
  if (pinned.destroy == nullptr) return;
  try {
    pinned.destroy(pinned.object);
  } catch (const std::exception& exception) {
    say("gantry-worker: destroying a {} threw: {}\n", pinned.type, exception.what());
  } catch (...) {
    say("gantry-worker: destroying a {} threw\n", pinned.type);
  }
  back_from("the end of a pinned value");
}

void Residents::add(signature::Resident of, PinnedObject pinned, std::string task, bool anywhere) {
  drop(of);
  const std::lock_guard lock(mutex_);
  entries_.insert_or_assign(of,
                            Entry{std::move(pinned), std::move(task), std::this_thread::get_id(), anywhere, ++made_});
}

std::expected<void*, Problem> Residents::find(signature::Resident of, std::string_view type, std::string_view layout) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(of);
  if (found == entries_.end() || (!found->second.anywhere && found->second.maker != std::this_thread::get_id())) {
    return std::unexpected(Problem{
        "lost", fmt::format("the pinned value of task {} of step {} is not in this worker", of.index, of.step)});
  }
  const Entry& entry = found->second;
  if (entry.pinned.type != type) {
    return std::unexpected(Problem{
        "plugin", fmt::format("{} is a {}, and the function asks for a {}", entry.task, entry.pinned.type, type)});
  }
  if (entry.pinned.layout != layout) {
    return std::unexpected(Problem{
        "plugin", fmt::format("two C++ types go by the name {}: the one that {} made is {}, the function's is {}; give "
                              "them different names with gantry::pinned",
                              type, entry.task, entry.pinned.layout, layout)});
  }
  return entry.pinned.object;
}

void Residents::used() {
  const std::lock_guard lock(mutex_);
}

bool Residents::empty() {
  const std::lock_guard lock(mutex_);
  return entries_.empty();
}

void Residents::drop(signature::Resident of) {
  decltype(entries_)::node_type gone;
  {
    const std::lock_guard lock(mutex_);
    gone = entries_.extract(of);
  }
  if (!gone.empty()) destroy(gone.mapped().pinned);
}

/// Newest first: what was made of another goes before it.
template <class Which>
void Residents::destroy_all(Which which) {
  std::vector<Entry> left;
  {
    const std::lock_guard lock(mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      if (!which(entry->second)) {
        ++entry;
        continue;
      }
      left.push_back(std::move(entry->second));
      entry = entries_.erase(entry);
    }
  }
  if (left.empty()) return;
  std::ranges::sort(left, [](const Entry& one, const Entry& other) { return one.order > other.order; });
  std::vector<std::string> tasks;
  for (const Entry& entry : left) {
    if (tasks.size() < named) tasks.push_back(fmt::format("{} ({})", entry.task, entry.pinned.type));
  }
  say("gantry-worker: {} pinned value{} {} still kept at the end: {}{}\n", left.size(), left.size() == 1 ? "" : "s",
      left.size() == 1 ? "was" : "were", fmt::join(tasks, ", "), left.size() > named ? ", …" : "");
  for (const Entry& entry : left) destroy(entry.pinned);
}

void Residents::end_thread() {
  destroy_all([](const Entry& entry) { return !entry.anywhere && entry.maker == std::this_thread::get_id(); });
}

void Residents::end() {
  destroy_all([](const Entry&) { return true; });
}

}  // namespace gantry::worker
