#include "pool/pool.hpp"

#include <utility>

#include "pool/crew.hpp"

namespace gantry::pool {

host::Result<std::unique_ptr<Pool>> Pool::make(Options options) {
  host::Result<std::unique_ptr<Crew>> crew = Crew::make(std::move(options));
  if (!crew) return std::unexpected(std::move(crew.error()));
  return std::make_unique<Pool>(Key{}, std::move(*crew));
}

Pool::Pool(Key, std::unique_ptr<Crew> crew) : crew_(std::move(crew)) {}

Pool::~Pool() = default;

host::Result<Offer> Pool::catalog() {
  return crew_->catalog();
}

void Pool::configure(std::vector<signature::Bytes> configurations) {
  crew_->configure(std::move(configurations));
}

void Pool::lend(unsigned spare) {
  crew_->lend(spare);
}

void Pool::prestart(unsigned count) {
  crew_->summon(count);
}

bool Pool::shares_process() const {
  return crew_->shares_process();
}

unsigned Pool::workers() const {
  return crew_->size();
}

unsigned Pool::spare() const {
  return crew_->spare();
}

host::Result<void> Pool::answer(const schedule::Lease& lease, schedule::Answer answer) {
  return crew_->answer(lease, std::move(answer));
}

host::Result<void> Pool::start(schedule::Chunk chunk) {
  return crew_->start(std::move(chunk));
}

std::uint64_t Pool::recall(const schedule::Lease& lease) {
  return crew_->recall(lease);
}

std::chrono::nanoseconds Pool::wait(std::chrono::nanoseconds at_most, std::vector<schedule::Event>& events) {
  return crew_->wait(at_most, events);
}

std::vector<schedule::Running> Pool::running() const {
  return crew_->running();
}

std::vector<schedule::Running> Pool::cancel() {
  return crew_->cancel();
}

void Pool::interrupt(std::vector<schedule::Event>& events) {
  crew_->interrupt(events);
}

void Pool::drop(schedule::WorkerIndex worker, signature::Resident pinned) {
  crew_->drop(worker, pinned);
}

void Pool::reuse(signature::Bytes buffer) {
  crew_->reuse(std::move(buffer));
}

host::Result<void> Pool::check_plugins() {
  return crew_->check_plugins();
}

void Pool::stop(std::chrono::nanoseconds grace) {
  crew_->stop(grace);
}

}  // namespace gantry::pool
