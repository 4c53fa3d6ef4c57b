#include <nlohmann/json.hpp>

#include "config/diagnostic.hpp"
#include "signature/printable.hpp"

namespace gantry::config {
namespace {

using Json = nlohmann::ordered_json;

void add_place(Json& to, Mark mark, const Sources& sources) {
  to["file"] = sources.name(mark.source);
  to["line"] = mark.line;
  to["column"] = mark.column;
}

}  // namespace

std::string render_json(const Diagnostics& diagnostics, const Sources& sources) {
  Json errors = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    Json error;
    error["code"] = diagnostic.code;
    add_place(error, diagnostic.mark, sources);
    error["message"] = diagnostic.sentence;
    error["notes"] = Json::array();
    for (const Note& note : diagnostic.notes) {
      Json shown;
      shown["message"] = note.text;
      if (note.mark.line > 0) add_place(shown, note.mark, sources);
      error["notes"].push_back(std::move(shown));
    }
    error["help"] = diagnostic.help;
    errors.push_back(std::move(error));
  }
  Json all;
  all["version"] = 1;
  all["errors"] = std::move(errors);
  if (diagnostics.beyond() > 0) all["omitted"] = diagnostics.beyond();
  // Invalid UTF-8 (a file's name, a file refused for it) must not throw here.
  return signature::printable_json(all.dump(-1, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace gantry::config
