// The host and the SDK write the same bytes, and accept the same bytes, for every type that an author may use.
#include <span>
#include <unordered_map>

#include "sdk/types.hpp"
#include "signature/random_value.hpp"

namespace gantry::signature {

namespace {

/// What the SDK reads from these bytes, written again; nothing, if it refuses them.
template <class T>
[[nodiscard]] std::optional<Bytes> through_sdk(View bytes) {
  try {
    detail::Reader reader;
    reader.start(std::span(bytes.data(), bytes.size()));
    T value{};
    reader.value(value);
    reader.finish();
    detail::Writer writer;
    writer.start({});
    writer.value(value);
    const auto written = writer.written();
    return Bytes(written.begin(), written.end());
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

template <class T>
void agrees() {
  const auto seed = std::random_device{}();
  detail::Speller speller;
  speller.type<T>();
  const Type type = type_of(speller.spelled);
  CAPTURE(speller.spelled, seed);
  RandomValue random(seed);
  for (int round = 0; round < 300; ++round) {
    Bytes bytes;
    REQUIRE(encode(random.value(type), type, "", bytes));
    CAPTURE(hexadecimal(bytes));
    REQUIRE(through_sdk<T>(bytes) == bytes);
    if (bytes.empty()) continue;
    bytes[random.below(bytes.size())] = static_cast<std::byte>(random.below(256));
    if (random.below(3) == 0) bytes.resize(random.below(bytes.size()) + 1);
    bytes.shrink_to_fit();
    CAPTURE(hexadecimal(bytes));
    const auto again = through_sdk<T>(bytes);
    REQUIRE(validate(type, bytes).has_value() == again.has_value());
    if (again) REQUIRE(*again == bytes);
  }
}

template <class... Types>
void all_agree() {
  (agrees<Types>(), ...);
}

}  // namespace

TEST_CASE("host and SDK agree byte for byte on every author's type") {
  using std::string;
  all_agree<bool, std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, std::int8_t, std::int16_t, std::int32_t,
            std::int64_t, float, double>();
  all_agree<string, gantry::bytes, std::vector<std::uint16_t>, std::vector<bool>, std::vector<string>,
            std::array<std::uint8_t, 3>, std::pair<std::uint8_t, string>, std::tuple<double>,
            std::optional<std::int32_t>, std::map<string, std::vector<float>>, std::unordered_map<string, std::uint8_t>,
            std::vector<std::map<string, std::optional<bool>>>>();
  all_agree<sample::Colour, sample::Loose, sample::Mode, sample::Point, sample::Shape, sample::Account, sample::Size,
            sample::Named, sample::Placed, std::vector<sample::Shape>, std::tuple<sample::Mode, sample::Placed>>();
}

}  // namespace gantry::signature
