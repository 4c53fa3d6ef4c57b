// How the texts of flags are read: one function a flag, each the reader of its key in the file where there is one.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/arguments.hpp"

namespace gantry::cli::read {

using Read = host::Result<void>;

/// `text` if it is one of the words. Error: "\"xml\" is not text, json or csv".
[[nodiscard]] Read word(const std::string& text, std::initializer_list<std::string_view> words, std::string& to);

[[nodiscard]] Read workers(const std::string& text, Arguments& to);
[[nodiscard]] Read sizes(const std::string& text, Arguments& to);
[[nodiscard]] Read repeats(const std::string& text, Arguments& to);
[[nodiscard]] Read mode(const std::string& text, Arguments& to);
[[nodiscard]] Read retries(const std::string& text, Arguments& to);
[[nodiscard]] Read timeout(const std::string& text, Arguments& to);
[[nodiscard]] Read deadline(const std::string& text, Arguments& to);
[[nodiscard]] Read grace(const std::string& text, Arguments& to);
[[nodiscard]] Read output_file(const std::string& text, Arguments& to);
[[nodiscard]] Read seed(const std::string& text, Arguments& to);
[[nodiscard]] Read set(const std::string& text, Arguments& to);

}  // namespace gantry::cli::read
