#include "results/shared_objects.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include "signature/add.hpp"

namespace gantry::results {
namespace {

using schedule::Answer;
using schedule::Ask;
using schedule::Change;
using signature::Bytes;
using signature::Kind;
using signature::View;

std::uint64_t number_at(View bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

Kind number_of(const signature::Type& type) {
  return type.kind == Kind::counter ? Kind::i64 : type.of[0].kind;
}

std::uint64_t width_of(const signature::Type& type) {
  return type.kind == Kind::counter ? sizeof(std::int64_t) : signature::fixed_size(type.of[0]).value_or(1);
}

/// Calls `visit(offset, number)` for what a task added: a counter's one number, or those of an array's elements.
template <class Visit>
void each_added(const signature::Type& type, View change, Visit visit) {
  if (type.kind == Kind::counter) return visit(0, change.data());
  const std::uint64_t width = width_of(type);
  for (; !change.empty(); change = change.subspan(sizeof(std::uint64_t) + width)) {
    visit(number_at(change) * width, change.data() + sizeof(std::uint64_t));
  }
}

void add_all(const signature::Type& type, View change, Bytes& numbers) {
  each_added(type, change, [&](std::uint64_t offset, const std::byte* number) {
    static_cast<void>(signature::add(number_of(type), number, numbers.data() + offset));  // can_add() has tried it
  });
}

/// Whether all sums fit; a task tells each element once.
bool can_add(const signature::Type& type, View change, const Bytes& numbers) {
  bool fits = true;
  each_added(type, change, [&](std::uint64_t offset, const std::byte* number) {
    std::array<std::byte, sizeof(std::uint64_t)> sum{};
    std::memcpy(sum.data(), numbers.data() + offset, width_of(type));
    fits = fits && signature::add(number_of(type), number, sum.data());
  });
  return fits;
}

}  // namespace

SharedObjects::SharedObjects(const std::vector<plan::SharedObject>& declared) {
  for (const plan::SharedObject& one : declared) {
    Object& object = objects_.emplace_back();
    object.name = one.name;
    object.type = one.type;
    object.values.assign(one.values.begin(), one.values.end());
    object.numbers = one.numbers;
  }
}

void SharedObjects::reply(LeaseId lease, Answer::Kind kind, Bytes bytes) {
  replies_.push_back({lease, {kind, std::move(bytes)}});
}

std::vector<SharedObjects::Reply> SharedObjects::take_replies() {
  return std::exchange(replies_, {});
}

bool SharedObjects::waits(LeaseId lease) const {
  return std::ranges::find(waiting_, lease, &Waiting::lease) != waiting_.end();
}

std::uint64_t SharedObjects::size(std::uint32_t object) const {
  return objects_[object].returned.size() + objects_[object].values.size();
}

void SharedObjects::ask(LeaseId lease, const Ask& ask) {
  switch (ask.what) {
    case Ask::What::load:
      return load(lease, ask);
    case Ask::What::cancel:
      if (forget(lease)) reply(lease, Answer::Kind::nothing);
      return;
    case Ask::What::get:
      break;
  }
  if (take(lease, ask.object)) return;
  if (objects_[ask.object].closed) return reply(lease, Answer::Kind::ended);
  if (ask.wait_ns == 0) return reply(lease, Answer::Kind::nothing);
  waiting_.push_back({lease, ask.object, ask.wait_ns != Ask::forever});
}

void SharedObjects::load(LeaseId lease, const Ask& ask) {
  const Object& object = objects_[ask.object];
  const std::uint64_t width = width_of(object.type);
  assert(ask.first <= object.numbers.size() / width && ask.count <= object.numbers.size() / width - ask.first);
  const View part = View(object.numbers).subspan(ask.first * width, ask.count * width);
  reply(lease, Answer::Kind::value, Bytes(part.begin(), part.end()));
}

/// Gives the task the queue's first value, if there is one.
bool SharedObjects::take(LeaseId lease, std::uint32_t at) {
  Object& object = objects_[at];
  Taken taken{at, object.first, {}};
  if (!object.returned.empty()) {
    auto node = object.returned.extract(object.returned.begin());
    taken.number = node.key();
    taken.value = std::move(node.mapped());
  } else if (!object.values.empty()) {
    taken.value = std::move(object.values.front());
    object.values.pop_front();
    ++object.first;
  } else {
    return false;
  }
  reply(lease, Answer::Kind::value, taken.value);
  attempts_[lease].push_back(std::move(taken));
  return true;
}

/// Those who wait get what is there now.
void SharedObjects::serve(std::uint32_t at) {
  const Object& object = objects_[at];
  for (std::size_t i = 0; i < waiting_.size();) {
    const Waiting one = waiting_[i];
    const bool here = one.object == at;
    if (here && !take(one.lease, at)) {
      if (!object.closed) return;
      reply(one.lease, Answer::Kind::ended);
    }
    if (here)
      waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    else
      ++i;
  }
}

bool SharedObjects::forget(LeaseId lease) {
  return std::erase_if(waiting_, [&](const Waiting& one) { return one.lease == lease; }) > 0;
}

std::optional<std::string> SharedObjects::refusal(const schedule::Changes& changes) const {
  for (const Change& change : changes) {
    const Object& object = objects_[change.object];
    if (change.what == Change::What::put && object.closed) {
      return fmt::format("it put into the queue {}, which is closed", object.name);
    }
    if (change.what != Change::What::add) continue;
    if (!can_add(object.type, change.bytes, object.numbers)) {
      return fmt::format("with what it added, {} does not fit {}", object.name, signature::to_text(object.type));
    }
  }
  return std::nullopt;
}

void SharedObjects::apply(const Change& change) {
  Object& object = objects_[change.object];
  switch (change.what) {
    case Change::What::put:
      for (View left = change.bytes; !left.empty();) {
        const std::uint64_t length = number_at(left);
        const View value = left.subspan(sizeof length, length);
        object.values.emplace_back(value.begin(), value.end());
        left = left.subspan(sizeof length + length);
      }
      return serve(change.object);
    case Change::What::close:
      return close(change.object);
    case Change::What::add:
      return add_all(object.type, change.bytes, object.numbers);
  }
}

void SharedObjects::commit(LeaseId lease, const schedule::Changes* changes) {
  attempts_.erase(lease);
  if (changes == nullptr) return;
  for (const Change& change : *changes) apply(change);
}

void SharedObjects::give_back(LeaseId lease) {
  forget(lease);
  std::erase_if(replies_, [&](const Reply& one) { return one.lease == lease; });
  auto attempt = attempts_.extract(lease);
  if (attempt.empty()) return;
  for (Taken& taken : attempt.mapped()) {
    objects_[taken.object].returned.emplace(taken.number, std::move(taken.value));
  }
  for (std::uint32_t at = 0; at < objects_.size(); ++at) serve(at);
}

void SharedObjects::close(std::uint32_t object) {
  objects_[object].closed = true;
  serve(object);
}

void SharedObjects::refuse(LeaseId lease, std::string message) {
  if (!forget(lease)) return;
  const auto* bytes = reinterpret_cast<const std::byte*>(message.data());
  reply(lease, Answer::Kind::failed, Bytes(bytes, bytes + message.size()));
}

}  // namespace gantry::results
