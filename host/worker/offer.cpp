#include "worker/offer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <set>
#include <string_view>

#include "signature/codec.hpp"
#include "signature/printable.hpp"
#include "wire/message.hpp"
#include "worker/holdings.hpp"

namespace gantry::worker {
namespace {

constexpr std::size_t text_cap = 4096;        // of names and doc lines, NUL included
constexpr std::size_t signature_cap = 65536;  // of a signature's text
constexpr std::size_t shown_cap = 300;        // of any of them in a refusal

// What every version of the two structs has; later fields are optional.
constexpr std::size_t descriptor_size = offsetof(gantry_descriptor, functions) + sizeof(gantry_descriptor::functions);
constexpr std::size_t function_size = offsetof(gantry_function, run) + sizeof(gantry_function::run);

/// A text of the plugin's in a refusal.
std::string shown(std::string_view text) {
  return signature::printable_start(text, shown_cap);
}

std::unexpected<host::Error> refuse(std::string sentence) {
  return host::fail(host::ErrorKind::plugin, std::move(sentence));
}

/// The text at `text`, if its NUL comes within the cap.
std::optional<std::string> bounded(const char* text, std::size_t cap = text_cap) {
  if (text == nullptr) return std::nullopt;
  const std::size_t size = ::strnlen(text, cap);
  if (size == cap) return std::nullopt;
  return std::string(text, size);
}

host::Result<void> check_header(const gantry_header& header) {
  if (header.magic != GANTRY_MAGIC) {
    return refuse(
        fmt::format("its gantry_plugin begins with {:#010x} instead of {:#010x}: define it with GANTRY_PLUGIN "
                    "or as a gantry_descriptor",
                    header.magic, GANTRY_MAGIC));
  }
  if (header.abi_major != GANTRY_ABI_MAJOR) {
    return refuse(
        fmt::format("it was built for plugin ABI {}, this gantry has {}: build it again with this gantry's SDK",
                    header.abi_major, GANTRY_ABI_MAJOR));
  }
  if (header.wire != GANTRY_WIRE) {
    return refuse(
        fmt::format("it was built for wire version {}, this gantry has {}: build it again with this gantry's "
                    "SDK",
                    header.wire, GANTRY_WIRE));
  }
  if (header.size < descriptor_size) {
    return refuse(
        fmt::format("its descriptor says that it has {} bytes, at least {} are needed: set header.size to "
                    "sizeof(gantry_descriptor)",
                    header.size, descriptor_size));
  }
  return {};
}

/// What `spell` tells.
struct Spelling {
  std::string text;
  std::string failure;
};

void append_spelling(std::string& to, const char* bytes, std::uint64_t size) {
  if (bytes == nullptr || to.size() > signature_cap) return;
  to.append(bytes, std::min<std::uint64_t>(size, signature_cap + 1));
}

host::Result<std::string> signature_text(const gantry_function& function) {
  if (function.signature != nullptr) {
    auto text = bounded(function.signature, signature_cap);
    if (!text) return refuse(fmt::format("its signature does not end within {} bytes", signature_cap));
    return *std::move(text);
  }
  if (function.spell == nullptr) return refuse("it has neither a signature nor a way to spell it");
  Spelling spelling;
  const gantry_status status = function.spell(
      &function, &spelling,
      [](void* to, const char* bytes, std::uint64_t size) {
        append_spelling(static_cast<Spelling*>(to)->text, bytes, size);
      },
      [](void* to, const char* bytes, std::uint64_t size) {
        append_spelling(static_cast<Spelling*>(to)->failure, bytes, size);
      });
  if (status != GANTRY_OK) {
    return refuse(spelling.failure.empty() ? "it cannot spell its signature, and does not say why"
                                           : signature::printable_start(spelling.failure, text_cap));
  }
  if (spelling.text.size() > signature_cap) {
    return refuse(fmt::format("its signature is longer than {} bytes", signature_cap));
  }
  return std::move(spelling.text);
}

void qualify_pin(signature::Type& type, std::string_view plugin) {
  if (type.kind == signature::Kind::pin) type.names[0] = qualify(plugin, type.names[0]);
}

host::Result<signature::Signature> read_signature(const gantry_function& function, std::string_view plugin) {
  auto text = signature_text(function);
  if (!text) return std::unexpected(std::move(text).error());
  auto signature = signature::parse_signature(*text);
  if (!signature)
    return refuse(fmt::format("its signature \"{}\" is wrong: {}", shown(*text), signature.error().sentence));
  if (auto good = signature::check_defaults(*signature); !good) return refuse(good.error().sentence);
  for (signature::Parameter& parameter : signature->parameters) qualify_pin(parameter.type, plugin);
  qualify_pin(signature->result, plugin);
  const auto is_plain = [](const signature::Parameter& parameter) { return is_scalar(parameter.type.kind); };
  const bool scalars = std::ranges::all_of(signature->parameters, is_plain) && is_scalar(signature->result.kind);
  if (run_many_of(function) != nullptr && !scalars) {
    return refuse("it has run_many, which is only for functions whose parameters and result are all scalars");
  }
  return signature;
}

host::Result<signature::Function> read_function(const gantry_function& function, std::uint32_t entry,
                                                std::string_view plugin) {
  const auto at = [&](std::string_view sentence) { return refuse(fmt::format("function {}: {}", entry, sentence)); };
  if (function.struct_size < function_size) {
    return at(fmt::format("its struct_size is {}, at least {} are needed: set it to sizeof(gantry_function)",
                          function.struct_size, function_size));
  }
  auto name = bounded(function.name);
  if (!name || !wire::is_name(*name)) {
    return at(name ? fmt::format("its name \"{}\" is not of the form [a-z][a-z0-9_]*", shown(*name))
                   : "it has no name that ends within 4096 bytes");
  }
  const auto named = [&](std::string_view sentence) { return refuse(fmt::format("function {}: {}", *name, sentence)); };
  auto doc = bounded(function.doc);
  if (!doc) return named("its doc is missing or does not end within 4096 bytes (it may be \"\")");
  if (function.run == nullptr) return named("it has no run");
  auto signature = read_signature(function, plugin);
  if (!signature) return named(signature.error().sentence);
  return signature::Function{*std::move(name), *std::move(doc), *std::move(signature), function.flags, entry};
}

/// What decides which overload a call means: a second function with the same could never be called.
std::string overload_of(const signature::Function& function) {
  std::string text = function.name;
  for (const signature::Parameter& parameter : function.signature.parameters) {
    text += fmt::format(" {}: {}", parameter.name, to_text(parameter.type));
  }
  return text;
}

/// begin and end, if the plugin's SDK knows them.
host::Result<void> read_lifecycle(const gantry_descriptor& descriptor, Offer& offer) {
  constexpr std::size_t needed = offsetof(gantry_descriptor, end) + sizeof(gantry_descriptor::end);
  if (descriptor.header.size < needed) return {};
  offer.end = descriptor.end;
  const gantry_function* const begin = descriptor.begin;
  if (begin == nullptr) {
    if (offer.end == nullptr) return {};
    return refuse("it has an end, but no begin that it would be the end of");
  }
  const auto at = [&](std::string_view sentence) { return refuse(fmt::format("begin: {}", sentence)); };
  if (begin->struct_size < function_size) {
    return at(fmt::format("its struct_size is {}, at least {} are needed: set it to sizeof(gantry_function)",
                          begin->struct_size, function_size));
  }
  if (begin->run == nullptr) return at("it has no run");
  auto signature = read_signature(*begin, offer.plugin.name);
  if (!signature) return at(signature.error().sentence);
  if (signature->result.kind != signature::Kind::unit) {
    return at(
        fmt::format("its result is {}, not (): what it makes goes to call->state", shown(to_text(signature->result))));
  }
  for (const signature::Parameter& parameter : signature->parameters) {
    if (!is_resident(parameter.type.kind)) continue;
    return at(fmt::format("its parameter {} is {}, and no task has made one yet", shown(parameter.name),
                          shown(to_text(parameter.type))));
  }
  offer.begin = begin;
  offer.plugin.begin = *std::move(signature);
  return {};
}

}  // namespace

decltype(gantry_function::run_many) run_many_of(const gantry_function& function) {
  constexpr std::size_t needed = offsetof(gantry_function, run_many) + sizeof(gantry_function::run_many);
  return function.struct_size >= needed ? function.run_many : nullptr;
}

host::Result<Offer> read_offer(const gantry_descriptor& descriptor, const std::string& path) {
  if (auto good = check_header(descriptor.header); !good) return std::unexpected(std::move(good).error());
  auto name = bounded(descriptor.name);
  if (!name || !wire::is_name(*name)) {
    return refuse(name ? fmt::format("its name \"{}\" is not of the form [a-z][a-z0-9_]*", shown(*name))
                       : "it has no name that ends within 4096 bytes");
  }
  auto version = bounded(descriptor.version);
  if (!version) return refuse("its version is missing or does not end within 4096 bytes");
  auto build = bounded(descriptor.build);
  if (!build) return refuse("its build stamp is missing or does not end within 4096 bytes (it may be \"\")");
  const std::uint64_t count = descriptor.function_count;
  if (count > wire::functions_cap) {
    return refuse(fmt::format("it says that it has {} functions; the most is {}", count, wire::functions_cap));
  }
  if (count > 0 && descriptor.functions == nullptr) return refuse(fmt::format("its {} functions are nowhere", count));

  Offer offer;
  offer.plugin = {*std::move(name), *std::move(version), *std::move(build), path, {}, {}, {}};
  if (auto read = read_lifecycle(descriptor, offer); !read) return std::unexpected(std::move(read).error());
  std::set<std::string> overloads;
  for (std::uint32_t entry = 0; entry < count; ++entry) {
    const gantry_function* function = descriptor.functions[entry];
    if (function == nullptr) return refuse(fmt::format("function {}: it is a null pointer", entry));
    auto read = read_function(*function, entry, offer.plugin.name);
    if (!read) return std::unexpected(std::move(read).error());
    if (!overloads.insert(overload_of(*read)).second) {
      return refuse(fmt::format("function {}: two of its signatures have the same parameters", read->name));
    }
    offer.plugin.functions.push_back(*std::move(read));
    offer.functions.push_back(function);
  }
  return offer;
}

}  // namespace gantry::worker
