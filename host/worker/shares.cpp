#include "worker/shares.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "signature/add.hpp"
#include "signature/codec.hpp"
#include "signature/little_endian.hpp"
#include "wire/layout.hpp"
#include "wire/progress.hpp"

namespace gantry::worker {
namespace {

using schedule::Answer;
using schedule::Ask;
using schedule::Change;
using signature::Kind;
using signature::View;

View view(const gantry_shared& request) {
  return {static_cast<const std::byte*>(request.data), request.data == nullptr ? 0 : request.size};
}

/// The kind of the numbers that are added up.
Kind number_of(const signature::Type& type) {
  return type.kind == Kind::counter ? Kind::i64 : type.of[0].kind;
}

}  // namespace

host::Result<void> Shares::assign(const std::vector<wire::SharedName>& names, const signature::Signature& signature) {
  objects_.clear();
  last_ = nullptr;
  for (const wire::SharedName& name : names) {
    if (name.parameter >= signature.parameters.size() ||
        !signature::is_shared(signature.parameters[name.parameter].type.kind)) {
      return host::fail(
          host::ErrorKind::infrastructure,
          fmt::format("the host gives a shared object to parameter {}, which takes none", name.parameter));
    }
    Object& object = objects_.emplace_back();
    object.number = name.object;
    object.type = &signature.parameters[name.parameter].type;
    object.size = name.size;
    if (object.type->kind == Kind::shared_array) object.width = signature::fixed_size(object.type->of[0]).value_or(0);
  }
  return {};
}

void Shares::begin(std::uint64_t lease, std::uint64_t index) {
  lease_ = lease;
  index_ = index;
  problem_.reset();
  if (!std::exchange(touched_, false)) return;
  changed_ = 0;
  for (Object& object : objects_) {
    if (!std::exchange(object.touched, false)) continue;
    object.closes = false;
    object.bytes.clear();
    object.added.clear();
    object.at.clear();
  }
}

gantry_status Shares::fail(std::string kind, std::string message) {
  touched_ = true;
  if (!problem_) problem_ = Problem{std::move(kind), std::move(message)};
  return GANTRY_FAILED;
}

gantry_status Shares::ask(gantry_shared& request) {
  if (broken_ || problem_) return GANTRY_FAILED;
  if (request.struct_size < sizeof request) return fail("plugin", "its gantry_shared has a wrong struct_size");
  if (last_ == nullptr || last_->number != request.object) {
    const auto found = std::ranges::find(objects_, request.object, &Object::number);
    if (found == objects_.end()) {
      return fail("plugin", fmt::format("it asks for the shared object {}, which it was not given", request.object));
    }
    last_ = &*found;
  }
  Object& object = *last_;
  const bool queue = object.type->kind == Kind::queue;
  const bool counter = object.type->kind == Kind::counter;
  switch (request.request) {
    case GANTRY_QUEUE_GET:
      if (queue) return get(object, request);
      break;
    case GANTRY_QUEUE_PUT:
      if (queue) return put(object, request);
      break;
    case GANTRY_QUEUE_CLOSE:
      if (!queue) break;
      touched_ = object.touched = object.closes = true;
      return GANTRY_OK;
    case GANTRY_COUNTER_ADD:
      if (counter) return add(object, request);
      break;
    case GANTRY_ARRAY_ADD:
      if (!queue && !counter) return add(object, request);
      break;
    case GANTRY_COUNTER_LOAD:
      if (counter) return load(object, request);
      break;
    case GANTRY_ARRAY_LOAD:
      if (!queue && !counter) return load(object, request);
      break;
    default:
      break;
  }
  return fail("plugin", fmt::format("its request {} is none of a {}", request.request, to_text(*object.type)));
}

/// False: nothing came until then, or the host is gone.
bool Shares::ask_host(const Ask& ask, std::uint64_t until) {
  const auto tell = [&](const Ask& what) {
    auto sent = channel_->report(lease_, wire::AskReport{index_, what});
    if (sent) return true;
    broken_ = std::move(sent).error();
    return false;
  };
  const auto hear = [&](std::uint64_t limit) {
    auto answer = channel_->answer(lease_, limit);
    if (!answer) {
      broken_ = std::move(answer).error();
      return false;
    }
    if (!*answer) return false;
    answer_ = **std::move(answer);
    return true;
  };
  if (!tell(ask)) return false;
  if (hear(until)) return true;
  if (broken_) return false;
  // Its answer may be on the way: whichever comes is the one.
  Ask cancel;
  cancel.what = Ask::What::cancel;
  cancel.object = ask.object;
  return tell(cancel) && hear(UINT64_MAX);
}

gantry_status Shares::get(Object& object, gantry_shared& request) {
  Ask ask;
  ask.object = object.number;
  ask.wait_ns = request.wait_ns;
  const bool timed = request.wait_ns != 0 && request.wait_ns != GANTRY_WAIT_FOREVER;
  const std::uint64_t now = timed ? wire::monotonic_ns() : 0;
  if (!ask_host(ask, timed && request.wait_ns < UINT64_MAX - now ? now + request.wait_ns : UINT64_MAX)) {
    return GANTRY_FAILED;
  }
  switch (answer_.kind) {
    case Answer::Kind::value:
      request.data = answer_.bytes.data();
      request.size = answer_.bytes.size();
      return GANTRY_OK;
    case Answer::Kind::nothing:
      return GANTRY_NOTHING;
    case Answer::Kind::ended:
      return GANTRY_ENDED;
    case Answer::Kind::failed:
      break;
  }
  return fail("deadlock", std::string(reinterpret_cast<const char*>(answer_.bytes.data()), answer_.bytes.size()));
}

gantry_status Shares::put(Object& object, const gantry_shared& request) {
  const View value = view(request);
  if (auto good = signature::validate(object.type->of[0], value); !good) {
    return fail("shared", fmt::format("what it puts into a queue is no {}: {}", to_text(object.type->of[0]),
                                      good.error().sentence));
  }
  if (object.closes) return fail("shared", "it puts into a queue that it has closed");
  changed_ += sizeof(std::uint64_t) + value.size() + 1;
  if (changed_ > wire::result_cap / 2) return fail("too-large", "it puts more than 2 GiB into queues");
  touched_ = object.touched = true;
  signature::append_scalar(object.bytes, std::uint64_t{value.size()});
  signature::append(object.bytes, value);
  return GANTRY_OK;
}

gantry_status Shares::add(Object& object, const gantry_shared& request) {
  const bool counter = object.type->kind == Kind::counter;
  const std::uint64_t width = counter ? sizeof(std::int64_t) : object.width;
  if (request.size != width || request.data == nullptr || (!counter && request.index >= object.size)) {
    return fail("plugin", fmt::format("it adds {} bytes at {} to a {} of {}", request.size, request.index,
                                      to_text(*object.type), object.size));
  }
  if (!object.touched) {
    touched_ = object.touched = true;
    object.bytes.assign(counter ? width : object.size * width, std::byte{0});
    object.added.assign(counter ? 0 : object.size, false);
  }
  const std::uint64_t index = counter ? 0 : request.index;
  if (!counter && !object.added[index]) {
    object.added[index] = true;
    object.at.push_back(index);
  }
  if (signature::add(number_of(*object.type), static_cast<const std::byte*>(request.data),
                     object.bytes.data() + index * width)) {
    return GANTRY_OK;
  }
  return fail("overflow", fmt::format("what it adds to a {} does not fit it", to_text(*object.type)));
}

gantry_status Shares::load(Object& object, gantry_shared& request) {
  const bool counter = object.type->kind == Kind::counter;
  const std::uint64_t width = counter ? sizeof(std::int64_t) : object.width;
  Ask ask;
  ask.what = Ask::What::load;
  ask.object = object.number;
  ask.first = counter ? 0 : request.index;
  ask.count = counter ? 1 : request.count;
  if (!counter && (ask.first > object.size || ask.count > object.size - ask.first)) {
    return fail("plugin",
                fmt::format("it loads {} elements at {} of an array of {}", ask.count, ask.first, object.size));
  }
  if (!ask_host(ask, UINT64_MAX)) return GANTRY_FAILED;
  if (answer_.kind != Answer::Kind::value || answer_.bytes.size() != ask.count * width) {
    broken_ = host::Error{host::ErrorKind::infrastructure, "the host answered a load with something else", {}};
    return GANTRY_FAILED;
  }
  if (object.touched) {
    for (std::uint64_t i = 0; i < ask.count; ++i) {
      if (!signature::add(number_of(*object.type), object.bytes.data() + (ask.first + i) * width,
                          answer_.bytes.data() + i * width)) {
        return fail("overflow", fmt::format("what it added to a {} does not fit it", to_text(*object.type)));
      }
    }
  }
  request.data = answer_.bytes.data();
  request.size = answer_.bytes.size();
  return GANTRY_OK;
}

host::Result<void> Shares::send(Change::What what, const Object& object, View bytes) {
  do {
    const View piece = bytes.first(std::min<std::size_t>(bytes.size(), wire::piece_cap));
    bytes = bytes.subspan(piece.size());
    const wire::ChangeReport report{index_, what, object.number, signature::Bytes(piece.begin(), piece.end())};
    if (auto sent = channel_->report(lease_, report); !sent) return sent;
  } while (!bytes.empty());
  return {};
}

host::Result<void> Shares::tell() {
  if (!touched_) return {};
  for (Object& object : objects_) {
    if (!object.touched) continue;
    host::Result<void> sent;
    if (object.type->kind == Kind::queue) {
      if (!object.bytes.empty()) sent = send(Change::What::put, object, object.bytes);
      if (sent && object.closes) sent = send(Change::What::close, object, {});
    } else if (object.type->kind == Kind::counter) {
      sent = send(Change::What::add, object, object.bytes);
    } else {
      signature::Bytes records;
      records.reserve(object.at.size() * (sizeof(std::uint64_t) + object.width));
      std::ranges::sort(object.at);
      for (const std::uint64_t index : object.at) {
        signature::append_scalar(records, index);
        signature::append(records, View(object.bytes).subspan(index * object.width, object.width));
      }
      sent = send(Change::What::add, object, records);
    }
    if (!sent) return sent;
  }
  return {};
}

}  // namespace gantry::worker
