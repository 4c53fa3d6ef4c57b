#include "plan/call.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "plan/text_choice.hpp"
#include "signature/codec.hpp"

namespace gantry::plan {
namespace {

namespace codes = config::codes;
using signature::Node;

/// The arguments compiled for one overload.
struct Attempt {
  Program program;
  std::vector<SharedUse> shared;
  std::vector<ResidentArgument> residents;
  Complaints complaints;
  bool fits = true;
  bool exact = true;
  bool unknown = false;  ///< something used is not typed, for an error reported elsewhere
};

class Caller {
 public:
  Caller(const Scope& scope, const Bindings& bindings, const Overloads& overloads, config::Diagnostics& diagnostics)
      : scope_(scope),
        bindings_(bindings),
        overloads_(overloads),
        plugin_(scope.names.catalog().plugins[overloads.plugin]),
        diagnostics_(diagnostics) {}

  Call call() {
    if (overloads_.functions.size() == 1) return only();
    std::vector<Attempt> attempts;
    for (const auto function : overloads_.functions) {
      attempts.push_back(attempt(function));
      if (attempts.back().fits && attempts.back().exact) {
        return made(function, std::move(attempts.back()));
      }
    }
    const auto first = std::ranges::find_if(attempts, &Attempt::fits);
    if (first != attempts.end()) {
      return made(overloads_.functions[static_cast<std::size_t>(first - attempts.begin())], std::move(*first));
    }
    refuse(attempts);
    return {overloads_.functions.front(), one_result(), {}, {}, {}, false};
  }

 private:
  static Call made(std::uint32_t function, Attempt attempt) {
    return {function, true, std::move(attempt.program), std::move(attempt.shared), std::move(attempt.residents), true};
  }

  Call only() {
    const auto function = overloads_.functions.front();
    auto attempt = this->attempt(function);
    for (auto& complaint : attempt.complaints) {
      if (!complaint.about_reference)
        complaint.diagnostic.notes.push_back({show(plugin_, plugin_.functions[function]), {}});
      diagnostics_.report(std::move(complaint.diagnostic));
    }
    return made(function, std::move(attempt));
  }

  Attempt attempt(std::uint32_t position) {
    const auto& function = plugin_.functions[position];
    Attempt attempt;
    const auto misspelt = surplus(function, attempt);
    for (const auto& parameter : function.signature.parameters) {
      const auto written = std::ranges::find(bindings_.step.args, parameter.name, &Node::Entry::key);
      if (written == bindings_.step.args.end()) {
        const bool meant = std::ranges::find(misspelt, parameter.name) != misspelt.end();
        if (!meant) absent(function, parameter, attempt);
        continue;
      }
      const auto before = attempt.complaints.size();
      ArgumentCompiler compiler(scope_, &bindings_, attempt.complaints);
      bool fits = compiler.compile(written->value, parameter.type, "args." + parameter.name, attempt.program);
      fits = fits && is_meant(written->value, parameter, attempt);
      if (auto use = compiler.shared()) add_use(*use, parameter, function, attempt);
      if (const auto& use = compiler.resident())
        attempt.residents.push_back({*use, written->value.mark, parameter.name});
      attempt.fits = attempt.fits && fits;
      attempt.exact = attempt.exact && compiler.exact();
      attempt.unknown = attempt.unknown || (!fits && attempt.complaints.size() == before);
    }
    return attempt;
  }

  static void add_use(SharedUse use, const signature::Parameter& parameter, const signature::Function& function,
                      Attempt& attempt) {
    if (std::ranges::find(attempt.shared, use.object, &SharedUse::object) != attempt.shared.end()) return;
    use.parameter = static_cast<std::uint32_t>(&parameter - function.signature.parameters.data());
    attempt.shared.push_back(use);
  }

  /// Refuses arguments that are no parameter's; gives the parameters that were probably meant.
  std::vector<std::string> surplus(const signature::Function& function, Attempt& attempt) {
    std::vector<std::string> names;
    std::vector<std::string> meant;
    names.reserve(function.signature.parameters.size());
    for (const auto& parameter : function.signature.parameters) names.push_back(parameter.name);
    for (const auto& argument : bindings_.step.args) {
      if (std::ranges::find(names, argument.key) != names.end()) continue;
      attempt.fits = false;
      auto sentence = fmt::format("{}.{} has no parameter `{}`", plugin_.name, function.name, argument.key);
      attempt.complaints.push_back(complain(codes::no_such_parameter, argument.mark, std::move(sentence), {},
                                            did_you_mean(argument.key, names)));
      meant.push_back(config::nearest(argument.key, names));
    }
    return meant;
  }

  /// Nothing in it is taken as text that another overload may be meant to take as a number.
  bool is_meant(const Node& written, const signature::Parameter& parameter, Attempt& attempt) {
    if (overloads_.functions.size() == 1) return true;
    std::vector<const signature::Type*> rivals;
    for (const auto function : overloads_.functions) {
      const auto& parameters = plugin_.functions[function].signature.parameters;
      const auto rival = std::ranges::find(parameters, parameter.name, &signature::Parameter::name);
      if (rival != parameters.end()) rivals.push_back(&without_optional(rival->type));
    }
    const auto mistaken = find_mistaken(scope_, bindings_, written, "args." + parameter.name, parameter.type, rivals);
    if (!mistaken) return true;
    attempt.complaints.push_back(complain(codes::value_type, mistaken->mark, to_text(*mistaken)));
    return false;
  }

  /// A parameter without argument: its default.
  void absent(const signature::Function& function, const signature::Parameter& parameter, Attempt& attempt) {
    const auto refuse = [&](const config::Code& code, std::string sentence) {
      attempt.fits = false;
      attempt.complaints.push_back(complain(code, bindings_.step.call.mark, std::move(sentence)));
    };
    if (!parameter.fallback) {
      return refuse(codes::missing_argument,
                    fmt::format("{}.{} needs the argument `{}`, of type {}", plugin_.name, function.name,
                                parameter.name, signature::to_text(parameter.type)));
    }
    const auto node = signature::parse_literal(*parameter.fallback);
    signature::Bytes bytes;
    if (!node || !signature::encode(*node, parameter.type, "", bytes)) {
      return refuse(codes::default_value,
                    fmt::format("the default of `{}`, {}, does not fit its type {}: the plugin is wrong",
                                parameter.name, *parameter.fallback, signature::to_text(parameter.type)));
    }
    append_constant(attempt.program, bytes);
    attempt.fits = is_meant(*node, parameter, attempt) && attempt.fits;
  }

  void refuse(const std::vector<Attempt>& attempts) {
    bool told = false;
    for (const auto& complaint : attempts.front().complaints) {
      if (!complaint.about_reference) continue;
      told = true;
      diagnostics_.report(complaint.diagnostic);
    }
    if (told || std::ranges::any_of(attempts, &Attempt::unknown)) return;
    const auto& call = bindings_.step.call;
    config::Diagnostic wrong{std::string(codes::no_overload.number),
                             call.mark,
                             fmt::format("no signature of {} takes these arguments", call.value),
                             {},
                             ""};
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      const auto& function = plugin_.functions[overloads_.functions[i]];
      const auto& why = attempts[i].complaints.front().diagnostic;
      wrong.notes.push_back({fmt::format("{}.{}{}: {}", plugin_.name, function.name,
                                         signature::to_text(function.signature), why.sentence),
                             why.mark});
    }
    wrong.notes.push_back({fmt::format("{} is in {}", call.value, library(plugin_)), {}});
    diagnostics_.report(std::move(wrong));
  }

  /// All overloads have the same result, so users can be checked against it all the same.
  [[nodiscard]] bool one_result() const {
    const auto result = [&](std::uint32_t function) -> const auto& {
      return plugin_.functions[function].signature.result;
    };
    return std::ranges::all_of(overloads_.functions,
                               [&](std::uint32_t one) { return result(one) == result(overloads_.functions.front()); });
  }

  const Scope& scope_;
  const Bindings& bindings_;
  const Overloads& overloads_;
  const signature::Plugin& plugin_;
  config::Diagnostics& diagnostics_;
};

}  // namespace

Call compile_call(const Scope& scope, const Bindings& bindings, const Overloads& overloads,
                  config::Diagnostics& diagnostics) {
  return Caller(scope, bindings, overloads, diagnostics).call();
}

}  // namespace gantry::plan
