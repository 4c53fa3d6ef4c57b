#include "pool/loading.hpp"

#include <algorithm>
#include <utility>

namespace gantry::pool {
namespace {

std::unexpected<host::Error> broken(std::string sentence) {
  return host::fail(host::ErrorKind::infrastructure, std::move(sentence));
}

}  // namespace

host::Result<void> Loading::accept(wire::WorkerMessage message) {
  if (ready_) return broken("it sent a message after it was ready");
  if (std::holds_alternative<wire::Hello>(message)) {
    if (greeted_) return broken("it said hello twice");
    greeted_ = true;
    return {};
  }
  if (!greeted_) return broken("it did not say hello first");
  if (auto* offer = std::get_if<wire::Loaded>(&message)) {
    const host::Result<Answer*> answer = unanswered(offer->position);
    if (!answer) return std::unexpected(answer.error());
    (*answer)->loaded = std::move(offer->plugin);
    return {};
  }
  if (auto* refusal = std::get_if<wire::Refused>(&message)) {
    const host::Result<Answer*> answer = unanswered(refusal->position);
    if (!answer) return std::unexpected(answer.error());
    (*answer)->refused = std::move(refusal->sentence);
    return {};
  }
  if (const auto* begun = std::get_if<wire::Begun>(&message)) return this->begun(begun->position);
  if (auto* failed = std::get_if<wire::NotBegun>(&message)) {
    if (auto known = this->begun(failed->position); !known) return known;
    failure_ = {failed->position, std::move(failed->sentence)};
    return {};
  }
  if (busy_with()) return broken("it said that it was ready before it had answered for all plugins");
  if (beginning()) return broken("it said that it was ready before all plugins had begun");
  ready_ = true;
  return {};
}

host::Result<Loading::Answer*> Loading::unanswered(std::uint32_t position) {
  if (position >= answers_.size()) return broken("it answered for a plugin that it was not asked about");
  Answer& answer = answers_[position];
  if (answer.loaded || answer.refused) return broken("it answered twice for one plugin");
  return &answer;
}

host::Result<void> Loading::begun(std::uint32_t position) {
  if (!answered()) return broken("a plugin began before it had answered for all plugins");
  if (position >= answers_.size() || !answers_[position].loaded || !answers_[position].loaded->begin) {
    return broken("it says of a plugin that has no begin that it has begun");
  }
  if (std::exchange(answers_[position].has_begun, true)) return broken("it said twice that a plugin has begun");
  return {};
}

bool Loading::answered() const {
  return greeted_ && !busy_with();
}

std::optional<std::size_t> Loading::beginning() const {
  if (!answered()) return std::nullopt;
  const auto next = std::ranges::find_if(
      answers_, [](const Answer& answer) { return answer.loaded && answer.loaded->begin && !answer.has_begun; });
  if (next == answers_.end()) return std::nullopt;
  return static_cast<std::size_t>(next - answers_.begin());
}

std::optional<std::size_t> Loading::busy_with() const {
  if (!greeted_) return std::nullopt;
  const auto open =
      std::ranges::find_if(answers_, [](const Answer& answer) { return !answer.loaded && !answer.refused; });
  if (open == answers_.end()) return std::nullopt;
  return static_cast<std::size_t>(open - answers_.begin());
}

const signature::Plugin* Loading::loaded(std::size_t position) const {
  return answers_[position].loaded ? &*answers_[position].loaded : nullptr;
}

const std::string* Loading::refused(std::size_t position) const {
  return answers_[position].refused ? &*answers_[position].refused : nullptr;
}

bool same_offer(const signature::Plugin& left, const signature::Plugin& right) {
  return left.name == right.name && left.version == right.version && left.begin == right.begin &&
         std::ranges::equal(left.functions, right.functions, [](const auto& one, const auto& other) {
           return one.name == other.name && one.entry == other.entry && one.flags == other.flags &&
                  one.signature == other.signature;
         });
}

}  // namespace gantry::pool
