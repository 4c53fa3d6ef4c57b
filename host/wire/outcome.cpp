#include "wire/outcome.hpp"

#include <fmt/core.h>

#include <bit>

#include "wire/layout.hpp"
#include "wire/pack.hpp"

namespace gantry::wire {
namespace {

constexpr std::uint16_t closes_flag = 1;
constexpr std::uint16_t earlier_flag = 1;
constexpr std::uint16_t timed_out_flag = 1;

struct Encode {
  Packer packer;
  signature::Bytes& to;

  void operator()(const ValuesReport& report) {
    packer.number(report.first).number(report.count).number(report.at).number(report.bytes).number(report.busy_ns);
    packer.number(report.checksum);
  }
  void operator()(const PartReport& report) {
    packer.number(report.index).number(report.total).number(report.offset);
    packer.number(report.at).number(report.bytes).number(report.busy_ns).number(report.checksum);
  }
  void operator()(const FailedReport& report) {
    packer.number(report.index).number(report.busy_ns);
    packer.text(cut(report.kind, kind_cap)).text(cut(report.message, text_cap));
  }
  void operator()(const ClosedReport& report) { packer.number(report.end); }
  void operator()(const LogReport& report) {
    packer.number(report.first).number(report.count).number(static_cast<std::uint32_t>(report.level));
    packer.text(cut(report.text, log_cap));
  }
  void operator()(const ProgressReport& report) {
    packer.number(report.index).number(std::bit_cast<std::uint64_t>(report.fraction)).text(cut(report.text, kind_cap));
  }
  void operator()(const AskReport& report) { wire::encode(report, to); }
  void operator()(const ChangeReport& report) { wire::encode(report, to); }
};

std::unexpected<host::Error> malformed(std::string_view what) {
  return host::fail(host::ErrorKind::infrastructure, fmt::format("the frame {} is malformed", what));
}

// Braced lists are read from left to right, so fields are unpacked in the order in which they are declared.
ValuesReport unpack_values(Unpacker& unpacker, bool closes) {
  const auto next = [&] { return unpacker.number<std::uint64_t>(); };
  return {next(), next(), next(), next(), next(), closes, next()};
}

PartReport unpack_part(Unpacker& unpacker) {
  const auto next = [&] { return unpacker.number<std::uint64_t>(); };
  return {next(), next(), next(), next(), next(), next(), next()};
}

FailedReport unpack_failed(Unpacker& unpacker) {
  FailedReport report;
  report.index = unpacker.number<std::uint64_t>();
  report.busy_ns = unpacker.number<std::uint64_t>();
  report.kind = unpacker.text();
  report.message = unpacker.text();
  return report;
}

ProgressReport unpack_progress(Unpacker& unpacker) {
  ProgressReport report;
  report.index = unpacker.number<std::uint64_t>();
  report.fraction = std::bit_cast<double>(unpacker.number<std::uint64_t>());
  report.text = unpacker.text();
  return report;
}

LogReport unpack_log(Unpacker& unpacker) {
  LogReport report;
  report.first = unpacker.number<std::uint64_t>();
  report.count = unpacker.number<std::uint64_t>();
  report.level = static_cast<std::int32_t>(unpacker.number<std::uint32_t>());
  report.text = unpacker.text();
  return report;
}

}  // namespace

FrameKind kind_of(const Report& report) {
  constexpr FrameKind kinds[] = {FrameKind::values, FrameKind::part,     FrameKind::failed, FrameKind::closed,
                                 FrameKind::log,    FrameKind::progress, FrameKind::ask,    FrameKind::change};
  static_assert(std::size(kinds) == std::variant_size_v<Report>);
  return kinds[report.index()];
}

std::uint16_t flags_of(const Report& report) {
  if (const auto* values = std::get_if<ValuesReport>(&report)) return values->closes ? closes_flag : 0;
  if (const auto* log = std::get_if<LogReport>(&report)) return log->earlier ? earlier_flag : 0;
  if (const auto* failed = std::get_if<FailedReport>(&report)) return failed->timed_out ? timed_out_flag : 0;
  return 0;
}

void encode(const Report& report, signature::Bytes& to) {
  std::visit(Encode{Packer(to), to}, report);
}

host::Result<Report> decode_report(const Frame& frame) {
  Unpacker unpacker(frame.payload);
  const std::uint16_t known = frame.kind == FrameKind::values   ? closes_flag
                              : frame.kind == FrameKind::log    ? earlier_flag
                              : frame.kind == FrameKind::failed ? timed_out_flag
                                                                : std::uint16_t{0};
  if ((frame.flags & ~known) != 0) return malformed("with an unknown flag");
  switch (frame.kind) {
    case FrameKind::values: {
      const ValuesReport report = unpack_values(unpacker, (frame.flags & closes_flag) != 0);
      if (!unpacker.done() || report.count == 0 || report.bytes > window_capacity) return malformed("values");
      return report;
    }
    case FrameKind::part: {
      const PartReport report = unpack_part(unpacker);
      const bool fits = report.bytes > 0 && report.bytes <= window_capacity && report.total <= result_cap &&
                        report.offset <= report.total && report.bytes <= report.total - report.offset;
      if (!unpacker.done() || !fits) return malformed("part");
      return report;
    }
    case FrameKind::failed: {
      FailedReport report = unpack_failed(unpacker);
      report.timed_out = (frame.flags & timed_out_flag) != 0;
      if (!unpacker.done() || report.kind.size() > kind_cap || report.message.size() > text_cap) {
        return malformed("failed");
      }
      return report;
    }
    case FrameKind::closed: {
      const ClosedReport report{unpacker.number<std::uint64_t>()};
      if (!unpacker.done()) return malformed("closed");
      return report;
    }
    case FrameKind::log: {
      LogReport report = unpack_log(unpacker);
      report.earlier = (frame.flags & earlier_flag) != 0;
      if (!unpacker.done() || report.text.size() > log_cap) return malformed("log");
      return report;
    }
    case FrameKind::progress: {
      ProgressReport report = unpack_progress(unpacker);
      const bool is_part = report.fraction >= 0 && report.fraction <= 1;  // not of what is no number
      if (!unpacker.done() || report.text.size() > kind_cap || !is_part) return malformed("progress");
      return report;
    }
    case FrameKind::ask:
      return decode_ask(frame);
    case FrameKind::change:
      return decode_change(frame);
    case FrameKind::chunk:
    case FrameKind::assignment:
    case FrameKind::forget:
    case FrameKind::answer:
    case FrameKind::drop:
      break;
  }
  return host::fail(host::ErrorKind::infrastructure, "a frame of the host came to the host");
}

std::string cut(std::string_view text, std::uint64_t cap) {
  if (text.size() <= cap) return std::string(text);
  const std::string tail = fmt::format("… ({} bytes in all)", text.size());
  std::uint64_t keep = cap - tail.size();
  while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xC0U) == 0x80U) --keep;  // not inside a character
  return std::string(text.substr(0, keep)) + tail;
}

}  // namespace gantry::wire
