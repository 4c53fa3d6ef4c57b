#include "worker/holdings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace gantry::worker {
namespace {

using signature::Kind;

constexpr std::uint32_t pin_size = offsetof(gantry_pin, layout) + sizeof(gantry_pin::layout);

std::string_view view(gantry_text text) {
  return text.data == nullptr ? std::string_view{} : std::string_view(text.data, text.size);
}

}  // namespace

std::string qualify(std::string_view plugin, std::string_view name) {
  return name.find('.') == std::string_view::npos ? fmt::format("{}.{}", plugin, name) : std::string(name);
}

std::string Holdings::qualified(gantry_text name) const {
  return qualify(plugin_, view(name));
}

void Holdings::open(const wire::Work& work, const signature::Type& result, std::string_view plugin) {
  work_ = &work;
  result_ = &result;
  plugin_ = plugin;
}

gantry_status Holdings::fail(std::string kind, std::string message) {
  if (!problem_) problem_ = Problem{std::move(kind), std::move(message)};
  return GANTRY_FAILED;
}

gantry_status Holdings::keep(const gantry_pin& pin) {
  if (pin.struct_size < pin_size || pin.object == nullptr || pin.destroy == nullptr) {
    return fail("plugin", "it keeps an object without saying which, or how it is destroyed");
  }
  PinnedObject given{pin.object, pin.destroy, qualified(pin.type), std::string(view(pin.layout))};
  std::string wrong;
  if (result_->kind != Kind::pin)
    wrong = fmt::format("its result is {}", to_text(*result_));
  else if (given.type != result_->names[0])
    wrong = fmt::format("its result is pin<{}>", result_->names[0]);
  else if (pinned_)
    wrong = "it has kept one already";
  if (wrong.empty()) {
    pinned_ = std::move(given);
    return GANTRY_OK;
  }
  destroy(given);
  return fail("plugin", fmt::format("it keeps a {}, and {}", given.type, wrong));
}

gantry_status Holdings::find(gantry_pin& pin) {
  if (pin.struct_size < pin_size || pin.step > UINT32_MAX) {
    return fail("plugin", "it asks for a pinned value that no argument of its can mean");
  }
  const signature::Resident of{static_cast<std::uint32_t>(pin.step), pin.index};
  auto found = residents_->find(of, qualified(pin.type), view(pin.layout));
  if (!found) return fail(std::move(found.error().kind), std::move(found.error().message));
  pin.object = *found;
  found_ = true;
  return GANTRY_OK;
}

gantry_status Holdings::give_descriptor(std::int32_t descriptor) {
  wire::Descriptor given(descriptor);
  if (!given) return fail("result", "it gives an open file that is none");
  if (result_->kind != Kind::descriptor)
    return fail("plugin", fmt::format("it gives an open file, and its result is {}", to_text(*result_)));
  if (file_) return fail("plugin", "it gives an open file, and has given one already");
  file_ = std::move(given);
  return GANTRY_OK;
}

gantry_status Holdings::find_descriptor(std::uint64_t step, std::uint64_t index, std::int32_t& descriptor) {
  const auto found = std::ranges::find_if(work_->files, [&](const wire::TakenFile& taken) {
    return taken.resident.step == step && taken.resident.index == index;
  });
  if (found == work_->files.end())
    return fail("lost", fmt::format("the open file of task {} of step {} is not here", index, step));
  if (!found->file) return fail("open-files", "this worker has as many open files as it may have (see ulimit -n)");
  descriptor = found->file.get();
  return GANTRY_OK;
}

void Holdings::end() {
  if (std::exchange(found_, false)) residents_->used();
}

void Holdings::begin() {
  let_go();
  problem_.reset();
}

bool Holdings::settle(std::uint64_t index, std::uint64_t bytes) {
  if (is_resident(result_->kind) && bytes > 0) {
    fail("plugin", fmt::format("it gives {} bytes, and its result is {}, which has none", bytes, to_text(*result_)));
    return false;
  }
  if (result_->kind == Kind::pin) {
    if (!pinned_) {
      fail("result", fmt::format("the function kept no object, and its result is {}", to_text(*result_)));
      return false;
    }
    const wire::Assigned& assigned = *work_->assigned;
    const std::string task = assigned.indexed ? fmt::format("{}[{}]", assigned.step, index) : assigned.step;
    residents_->add({assigned.step_number, index}, *std::exchange(pinned_, {}), task,
                    assigned.residence == signature::Residence::process);
    return true;
  }
  if (result_->kind != Kind::descriptor) return true;
  if (!file_) {
    fail("result", "the function gave no open file, and its result is fd");
    return false;
  }
  auto sent = channel_->give_file(work_->lease, index, file_.get());
  file_ = {};
  if (sent) return true;
  broken_ = std::move(sent).error();
  return false;
}

void Holdings::let_go() {
  if (pinned_) destroy(*std::exchange(pinned_, {}));
  file_ = {};
}

}  // namespace gantry::worker
