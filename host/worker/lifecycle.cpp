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
#include "worker/residents.hpp"
#include "worker/say.hpp"

namespace gantry::worker {
namespace {

/// What a begin says.
struct Said {
  std::string failure;
};

std::string_view view(gantry_text text) {
  return text.data == nullptr ? std::string_view{} : std::string_view(text.data, text.size);
}

void fail(gantry_call* call, gantry_text kind, gantry_text message) {
  auto& said = *static_cast<Said*>(call->worker);
  said.failure = fmt::format("{}: {}", view(kind), view(message));
}

// There is no task yet whose log it could be: the host shows what workers print.
void log(gantry_call* /*call*/, std::int32_t level, gantry_text text) {
  static constexpr std::string_view words[] = {"debug", "info", "warning", "error"};
  const auto known = static_cast<std::size_t>(std::clamp<std::int32_t>(level, GANTRY_LOG_DEBUG, GANTRY_LOG_ERROR));
  say("{}: {}\n", words[known], view(text));
}

gantry_status no_result(gantry_call* call, const void* /*data*/, std::uint64_t size) {
  static_cast<Said*>(call->worker)->failure = "result: begin has no result";
  return size == 0 ? GANTRY_OK : GANTRY_FAILED;
}

/// What a begin gives, it gives through call->state.
gantry_status no_residents(gantry_call* call) {
  static_cast<Said*>(call->worker)->failure = "plugin: begin keeps, gives and takes no pinned values and no open files";
  return GANTRY_FAILED;
}

gantry_status no_pieces(gantry_call* call, const gantry_piece* /*pieces*/, std::uint64_t /*count*/) {
  return no_result(call, nullptr, 1);
}

}  // namespace

host::Result<void> begin(Module& module, signature::View arguments) {
  Said said;
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
  call.keep = [](gantry_call* to, const gantry_pin* pin) {
    destroy({pin->object, pin->destroy, std::string(view(pin->type)), {}});
    return no_residents(to);
  };
  call.find = [](gantry_call* to, gantry_pin*) { return no_residents(to); };
  call.give_descriptor = [](gantry_call* to, std::int32_t descriptor) {
    const wire::Descriptor given(descriptor);
    return no_residents(to);
  };
  call.find_descriptor = [](gantry_call* to, std::uint64_t, std::uint64_t, std::int32_t*) { return no_residents(to); };
  gantry_status status = GANTRY_FAILED;
  try {
    status = module.offer.begin->run(&call);
  } catch (const std::exception& exception) {
    said.failure = fmt::format("exception: {}", exception.what());
  } catch (...) {
    said.failure = "exception: an exception that is no std::exception left the function";
  }
  if (status == GANTRY_OK) {
    module.state = call.state;
    module.has_begun = true;
    return {};
  }
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
  }
}

}  // namespace gantry::worker
