// The YAML parser on a text: events, document after document. Apart, so that its headers meet no names of ours.
#pragma once

#include <memory>
#include <string_view>

namespace YAML {
class EventHandler;
}

namespace gantry::config {

/// The documents of a borrowed text, parsed under the classic locale.
class Documents {
 public:
  explicit Documents(std::string_view text);
  ~Documents();
  Documents(const Documents&) = delete;
  Documents& operator=(const Documents&) = delete;

  /// Calls the handler with the events of the next document. False: there is none. Throws YAML::Exception, and what the
  /// handler throws.
  bool next(YAML::EventHandler& handler);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace gantry::config
