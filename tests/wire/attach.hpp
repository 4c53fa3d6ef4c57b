// The worker's half of a channel, taken over its end of the socket as a worker process does.
#pragma once

#include <catch2/catch.hpp>
#include <utility>
#include <variant>

#include "wire/worker_channel.hpp"

namespace gantry::tests {

[[nodiscard]] inline wire::WorkerChannel attach(wire::Descriptor end) {
  wire::Socket socket(std::move(end));
  auto parcel = socket.receive();
  REQUIRE((parcel && *parcel));
  auto message = wire::decode_host_message(**std::move(parcel));
  REQUIRE(message);
  auto channel = wire::WorkerChannel::attach(std::get<wire::Setup>(*std::move(message)), std::move(socket));
  REQUIRE(channel);
  return *std::move(channel);
}

}  // namespace gantry::tests
