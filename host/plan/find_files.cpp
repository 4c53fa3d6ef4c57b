#include "plan/find_files.hpp"

#include <fnmatch.h>
#include <locale.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "signature/printable.hpp"
#include "signature/utf8.hpp"

namespace gantry::plan {
namespace {

namespace fs = std::filesystem;
using Kind = PatternPart::Kind;

/// fnmatch reads text by the locale: while one of these lives, this thread's is UTF-8, by code point.
class Utf8 {
 public:
  Utf8() : made_(newlocale(LC_ALL_MASK, "C.UTF-8", nullptr)) {
    if (made_ != nullptr) before_ = uselocale(made_);
  }
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;
  ~Utf8() {
    if (made_ == nullptr) return;
    uselocale(before_);
    freelocale(made_);
  }

 private:
  locale_t made_;
  locale_t before_ = nullptr;
};

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = signature::code_point_size(text, at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

/// Nothing is there any more, or a link leads nowhere.
bool gone(const std::error_code& why) {
  return why == std::errc::no_such_file_or_directory || why == std::errc::not_a_directory ||
         why == std::errc::too_many_symbolic_link_levels;
}

class Walk {
 public:
  explicit Walk(const std::vector<FilePattern>& alternatives) : alternatives_(alternatives) {}

  std::expected<std::vector<std::string>, std::string> files() {
    std::map<std::string_view, std::vector<Place>> bases;
    for (std::uint32_t i = 0; i < alternatives_.size(); ++i) reach({i, 0}, bases[alternatives_[i].base]);
    for (auto base = bases.rbegin(); base != bases.rend(); ++base)
      open_.push_back({std::string(base->first), std::move(base->second)});
    while (!open_.empty() && error_.empty()) {
      const Visit next = std::move(open_.back());
      open_.pop_back();
      visit(next);
    }
    if (!error_.empty()) return std::unexpected(std::move(error_));
    std::ranges::sort(found_);
    const auto repeated = std::ranges::unique(found_);
    found_.erase(repeated.begin(), repeated.end());
    return std::move(found_);
  }

 private:
  /// A part that the next name has to match.
  struct Place {
    std::uint32_t alternative = 0;
    std::uint32_t part = 0;
    auto operator<=>(const Place&) const = default;
  };
  struct Visit {
    std::string folder;
    std::vector<Place> places;  ///< ascending, each once
  };
  /// What a name matches.
  struct Match {
    bool file = false;           ///< a last part
    std::vector<Place> through;  ///< where its entries are, if it is a folder
    std::vector<Place> deeper;   ///< and if it is no link
    [[nodiscard]] bool any() const { return file || !through.empty() || !deeper.empty(); }
  };

  [[nodiscard]] const PatternPart& part(Place place) const {
    return alternatives_[place.alternative].parts[place.part];
  }
  [[nodiscard]] bool is_last(Place place) const {
    return place.part + 1 == alternatives_[place.alternative].parts.size();
  }

  /// `**` also matches no folder at all.
  void reach(Place place, std::vector<Place>& to) const {
    to.push_back(place);
    while (part(place).kind == Kind::any_depth) to.push_back(place = {place.alternative, place.part + 1});
  }

  [[nodiscard]] Match match(const std::vector<Place>& places, const std::string& name) const {
    Match match;
    for (const Place place : places) {
      const auto& [kind, text] = part(place);
      if (kind == Kind::any_depth) {
        if (!name.starts_with('.')) match.deeper.push_back(place);
        continue;
      }
      if (kind == Kind::name ? text != name : fnmatch(text.c_str(), name.c_str(), FNM_PERIOD) != 0) continue;
      if (is_last(place)) {
        match.file = true;
      } else {
        reach({place.alternative, place.part + 1}, match.through);
      }
    }
    return match;
  }

  void visit(const Visit& at) {
    const std::size_t before = open_.size();
    const bool wild = std::ranges::any_of(at.places, [&](Place place) { return part(place).kind != Kind::name; });
    if (wild) {
      list(at);
    } else {
      look_up(at);
    }
    // The last one is the next: which error is met first depends on nothing but names.
    std::ranges::sort(open_.begin() + static_cast<std::ptrdiff_t>(before), open_.end(), std::ranges::greater{},
                      &Visit::folder);
  }

  void list(const Visit& at) {
    std::error_code error;
    const fs::path folder = at.folder.empty() ? "." : at.folder;
    for (fs::directory_iterator one(folder, error), end; !error && one != end; one.increment(error)) {
      const std::string name = one->path().filename().string();
      if (Match matched = match(at.places, name); matched.any()) take(join(at.folder, name), *one, std::move(matched));
    }
    if (error) fail("cannot read the folder", folder.string(), error);
  }

  /// All that can match are names: nothing is listed, so a folder need not be readable.
  void look_up(const Visit& at) {
    std::set<std::string> names;
    for (const Place place : at.places) names.insert(part(place).text);
    for (const auto& name : names) {
      std::string path = join(at.folder, name);
      std::error_code error;
      const fs::directory_entry entry(path, error);
      if (error) {
        fail("cannot look at", path, error);
      } else {
        take(std::move(path), entry, match(at.places, name));
      }
    }
  }

  void take(std::string path, const fs::directory_entry& entry, Match matched) {
    std::error_code error;  // only links are looked at once more
    const bool is_file = entry.is_regular_file(error);
    const bool is_folder = !error && !is_file && entry.is_directory(error);
    const bool is_link = !error && is_folder && entry.is_symlink(error);
    if (error) return fail("cannot look at", path, error);
    if (is_file) {
      if (matched.file) found(std::move(path));
    } else if (is_folder) {
      if (!is_link) {
        for (const Place place : matched.deeper) reach(place, matched.through);
      }
      descend(std::move(path), std::move(matched.through));
    }
  }

  void descend(std::string folder, std::vector<Place> places) {
    if (places.empty()) return;
    std::ranges::sort(places);
    const auto repeated = std::ranges::unique(places);
    places.erase(repeated.begin(), repeated.end());
    open_.push_back({std::move(folder), std::move(places)});
  }

  void found(std::string path) {
    if (is_utf8(path)) {
      found_.push_back(std::move(path));
    } else {
      complain(path, fmt::format("a path that is not UTF-8 cannot be a str: {}", signature::printable(path)));
    }
  }

  void fail(std::string_view what, const std::string& path, const std::error_code& why) {
    if (!gone(why)) complain(path, fmt::format("{} {}: {}", what, signature::printable(path), why.message()));
  }

  /// Entries of a folder come in any order: the first by name is told.
  void complain(const std::string& path, std::string sentence) {
    if (!error_.empty() && wrong_ <= path) return;
    wrong_ = path;
    error_ = std::move(sentence);
  }

  const std::vector<FilePattern>& alternatives_;
  std::vector<Visit> open_;
  std::vector<std::string> found_;
  std::string wrong_;  ///< path of what the error is about
  std::string error_;
};

std::string shown_folder(const std::string& folder) {
  std::error_code ignored;
  auto path = fs::absolute(folder.empty() ? "." : folder, ignored).lexically_normal().string();
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return signature::printable(path);
}

}  // namespace

std::expected<std::vector<std::string>, std::string> find_files(const std::vector<FilePattern>& alternatives) {
  const Utf8 locale;
  return Walk(alternatives).files();
}

std::string tell_search(const std::vector<FilePattern>& alternatives) {
  std::error_code ignored;
  const auto& only = alternatives.front();
  const auto& last = only.parts.front();
  if (alternatives.size() == 1 && only.parts.size() == 1 && last.kind == Kind::name) {
    const auto path = join(only.base, last.text);
    if (fs::is_directory(path, ignored))
      return fmt::format("{} is a folder; write /* behind it for the files in it, /**/* for those below it too",
                         shown_folder(path));
  }
  std::vector<std::string> folders;
  for (const auto& alternative : alternatives) {
    const fs::path base = alternative.base.empty() ? "." : alternative.base;
    if (!fs::is_directory(base, ignored)) return fmt::format("there is no folder {}", shown_folder(alternative.base));
    const auto shown = shown_folder(alternative.base);
    if (std::ranges::find(folders, shown) == folders.end()) folders.push_back(shown);
  }
  constexpr std::size_t most = 3;
  const std::size_t beyond = folders.size() - std::min(most, folders.size());
  folders.resize(folders.size() - beyond);
  return fmt::format("looked in the folder{} {}{}", folders.size() > 1 ? "s" : "", fmt::join(folders, ", "),
                     beyond > 0 ? fmt::format(" and {} more", beyond) : "");
}

}  // namespace gantry::plan
