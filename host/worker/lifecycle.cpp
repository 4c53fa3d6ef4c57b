#include "worker/lifecycle.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <ranges>
#include <string>
#include <string_view>

#include "gantry/abi.h"
#include "wire/descriptor.hpp"
#include "worker/forks.hpp"
#include "worker/residents.hpp"
#include "worker/say.hpp"

namespace gantry::worker {
namespace {

/// What a begin says, and what it asked for in vain: that holds whatever it returns.
struct Said {
  std::string failure;
  std::string refusal;
};

Said& said_of(gantry_call* call) {
  return *static_cast<Said*>(call->worker);
}

std::string_view view(gantry_text text) {
  return text.data == nullptr ? std::string_view{} : std::string_view(text.data, text.size);
}

void fail(gantry_call* call, gantry_text kind, gantry_text message) {
  said_of(call).failure = fmt::format("{}: {}", view(kind), view(message));
}

// There is no task yet whose log it could be: the host shows what workers print.
void log(gantry_call* /*call*/, std::int32_t level, gantry_text text) {
  say_log(level, view(text));
}

gantry_status refuse(gantry_call* call, std::string_view sentence) {
  said_of(call).refusal = sentence;
  return GANTRY_FAILED;
}

// The empty tuple, which is its result, has no bytes.
gantry_status no_result(gantry_call* call, const void* /*data*/, std::uint64_t size) {
  return size == 0 ? GANTRY_OK : refuse(call, "result: begin has no result");
}

gantry_status no_pieces(gantry_call* call, const gantry_piece* /*pieces*/, std::uint64_t /*count*/) {
  return no_result(call, nullptr, 1);
}

/// What a begin gives, it gives through call->state.
gantry_status no_residents(gantry_call* call) {
  return refuse(call, "plugin: begin keeps, gives and takes no pinned values and no open files");
}

gantry_status no_shared(gantry_call* call, gantry_shared* /*request*/) {
  return refuse(call, "plugin: begin uses no shared objects: only tasks do");
}

gantry_status no_keeping(gantry_call* call, const gantry_pin* pin) {
  destroy({pin->object, pin->destroy, std::string(view(pin->type)), {}});
  return no_residents(call);
}

gantry_status no_giving(gantry_call* call, std::int32_t descriptor) {
  const wire::Descriptor given(descriptor);
  return no_residents(call);
}

/// The call of a begin: of no task.
gantry_call call_of(const Module& module, Said& said, signature::View arguments) {
  gantry_call call{};
  call.struct_size = sizeof call;
  call.attempt = 1;
  call.self = module.offer.begin;
  call.worker = &said;
  call.arguments = arguments.data();
  call.arguments_size = arguments.size();
  call.scratch = module.scratch.get();
  call.step = {"", 0};
  call.index = GANTRY_NO_INDEX;
  call.emit = &no_result;
  call.emit_pieces = &no_pieces;
  call.fail = &fail;
  call.log = &log;
  call.cancelled = [](const gantry_call*) -> std::int32_t { return 0; };
  call.progress = [](gantry_call*, double, gantry_text) {};
  call.shared = &no_shared;
  call.keep = &no_keeping;
  call.find = [](gantry_call* to, gantry_pin*) { return no_residents(to); };
  call.give_descriptor = &no_giving;
  call.find_descriptor = [](gantry_call* to, std::uint64_t, std::uint64_t, std::int32_t*) { return no_residents(to); };
  return call;
}

}  // namespace

host::Result<void> begin(Module& module, signature::View arguments) {
  Said said;
  gantry_call call = call_of(module, said, arguments);
  gantry_status status = GANTRY_FAILED;
  try {
    status = module.offer.begin->run(&call);
  } catch (const std::exception& exception) {
    said.failure = fmt::format("exception: {}", exception.what());
  } catch (...) {
    said.failure = "exception: an exception that is no std::exception left the function";
  }
  back_from("the begin of a plugin");
  if (!said.refusal.empty()) return host::fail(host::ErrorKind::plugin, std::move(said.refusal));
  if (status == GANTRY_OK) {
    module.state = call.state;
    module.has_begun = true;
    return {};
  }
  if (status != GANTRY_FAILED)
    said.failure = fmt::format("plugin: it returned the status {}, which means nothing", status);
  if (said.failure.empty()) said.failure = "error: it did not say why";
  return host::fail(host::ErrorKind::plugin, std::move(said.failure));
}

void end(std::vector<Module>& modules) {
  for (Module& module : std::views::reverse(modules)) {
    if (!module.has_begun || module.offer.end == nullptr) continue;
    module.has_begun = false;
    try {
      module.offer.end(module.state);
    } catch (const std::exception& exception) {
      say("gantry-worker: the end of plugin {} threw: {}\n", module.offer.plugin.name, exception.what());
    } catch (...) {
      say("gantry-worker: the end of plugin {} threw\n", module.offer.plugin.name);
    }
    back_from("the end of a plugin");
  }
}

}  // namespace gantry::worker
