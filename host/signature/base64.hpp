// Base64 (RFC 4648, section 4): how `bytes` are written in text.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "signature/bytes.hpp"

namespace gantry::signature {

/// Appends `bytes` in the standard alphabet, padded with `=`.
void append_base64(View bytes, std::string& to);

/// Appends what `text` stands for, or says why it stands for nothing (and appends nothing). One spelling only: padded,
/// no line breaks, unused bits 0.
[[nodiscard]] std::expected<void, std::string> decode_base64(std::string_view text, Bytes& to);

}  // namespace gantry::signature
