#include "config/documents.hpp"

#include <yaml-cpp/parser.h>

#include <locale>
#include <optional>
#include <spanstream>

namespace gantry::config {

struct Documents::Body {
  explicit Body(std::string_view text) : in(text) { in.imbue(std::locale::classic()); }

  std::ispanstream in;
  std::optional<YAML::Parser> parser;  // reads ahead as soon as it is made
};

Documents::Documents(std::string_view text) : body_(std::make_unique<Body>(text)) {}

Documents::~Documents() = default;

bool Documents::next(YAML::EventHandler& handler) {
  if (!body_->parser) body_->parser.emplace(body_->in);
  return body_->parser->HandleNextDocument(handler);
}

}  // namespace gantry::config
