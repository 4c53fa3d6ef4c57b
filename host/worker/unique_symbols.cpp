#include "worker/unique_symbols.hpp"

#include <elf.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "wire/descriptor.hpp"
#include "worker/symbol_name.hpp"

namespace gantry::worker {
namespace {

constexpr std::uint64_t symbols_cap = 1U << 22;  // a hostile header must not cost more memory than any real library
constexpr std::uint64_t texts_cap = 1U << 28;

template <class T>
std::optional<std::vector<T>> read_table(int file, std::uint64_t offset, std::uint64_t count) {
  std::vector<T> table(count);
  if (!wire::read_at(file, offset, std::as_writable_bytes(std::span(table)))) return std::nullopt;
  return table;
}

/// The parts of a library that the dynamic linker looks at, found as it finds them: by the program headers.
class DynamicSection {
 public:
  static std::optional<DynamicSection> read(int file) {
    const auto header = read_table<Elf64_Ehdr>(file, 0, 1);
    if (!header) return std::nullopt;
    auto parts = read_table<Elf64_Phdr>(file, header->front().e_phoff, header->front().e_phnum);
    if (!parts) return std::nullopt;
    const auto dynamic = std::ranges::find(*parts, PT_DYNAMIC, &Elf64_Phdr::p_type);
    if (dynamic == parts->end() || dynamic->p_filesz > texts_cap) return std::nullopt;
    auto entries = read_table<Elf64_Dyn>(file, dynamic->p_offset, dynamic->p_filesz / sizeof(Elf64_Dyn));
    if (!entries) return std::nullopt;
    return DynamicSection(file, std::move(*parts), std::move(*entries));
  }

  [[nodiscard]] std::optional<std::vector<Elf64_Sym>> symbols() const {
    const auto at = offset_of(DT_SYMTAB);
    const auto count = symbol_count();
    if (!at || !count || *count > symbols_cap) return std::nullopt;
    return read_table<Elf64_Sym>(file_, *at, *count);
  }

  [[nodiscard]] std::optional<std::vector<char>> texts() const {
    const auto at = offset_of(DT_STRTAB);
    const auto size = value_of(DT_STRSZ);
    if (!at || !size || *size > texts_cap) return std::nullopt;
    return read_table<char>(file_, *at, *size);
  }

 private:
  DynamicSection(int file, std::vector<Elf64_Phdr> parts, std::vector<Elf64_Dyn> entries)
      : file_(file), parts_(std::move(parts)), entries_(std::move(entries)) {}

  [[nodiscard]] std::optional<std::uint64_t> value_of(std::int64_t tag) const {
    const auto found = std::ranges::find(entries_, tag, &Elf64_Dyn::d_tag);
    if (found == entries_.end()) return std::nullopt;
    return found->d_un.d_val;
  }

  /// Where in the file that lies which the entry gives the address of.
  [[nodiscard]] std::optional<std::uint64_t> offset_of(std::int64_t tag) const {
    const auto address = value_of(tag);
    if (!address) return std::nullopt;
    for (const Elf64_Phdr& part : parts_) {
      if (part.p_type == PT_LOAD && *address >= part.p_vaddr && *address - part.p_vaddr < part.p_filesz) {
        return part.p_offset + (*address - part.p_vaddr);
      }
    }
    return std::nullopt;
  }

  /// No entry says how many symbols there are: the hash tables do.
  [[nodiscard]] std::optional<std::uint64_t> symbol_count() const {
    if (const auto at = offset_of(DT_HASH)) {
      const auto header = read_table<std::uint32_t>(file_, *at, 2);  // buckets, symbols
      return header ? std::optional<std::uint64_t>((*header)[1]) : std::nullopt;
    }
    const auto at = offset_of(DT_GNU_HASH);
    if (!at) return std::nullopt;
    const auto header = read_table<std::uint32_t>(file_, *at, 4);  // buckets, first symbol, words of the filter, shift
    if (!header || (*header)[0] > symbols_cap || (*header)[2] > symbols_cap) return std::nullopt;
    const std::uint64_t buckets_at = *at + sizeof(std::uint32_t) * 4 + sizeof(std::uint64_t) * (*header)[2];
    const auto buckets = read_table<std::uint32_t>(file_, buckets_at, (*header)[0]);
    if (!buckets || buckets->empty()) return std::nullopt;
    std::uint64_t last = std::ranges::max(*buckets);
    if (last < (*header)[1]) return (*header)[1];  // none is hashed: there are those alone that are not defined
    // The chain of the last bucket ends at a word whose lowest bit is set.
    const std::uint64_t chains_at = buckets_at + sizeof(std::uint32_t) * buckets->size();
    for (; last < symbols_cap; ++last) {
      const auto word = read_table<std::uint32_t>(file_, chains_at + sizeof(std::uint32_t) * (last - (*header)[1]), 1);
      if (!word) return std::nullopt;
      if ((word->front() & 1U) != 0) return last + 1;
    }
    return std::nullopt;
  }

  int file_;
  std::vector<Elf64_Phdr> parts_;
  std::vector<Elf64_Dyn> entries_;
};

/// Is the mangled name one of std or __gnu_cxx (a variable, a guard, a local of a function of theirs)?
bool is_of_standard_library(std::string_view name) {
  if (!name.starts_with("_Z")) return false;
  name.remove_prefix(2);
  for (const std::string_view special : {"GV", "GR", "TV", "TT", "TI", "TS"}) {
    if (name.starts_with(special)) {
      name.remove_prefix(special.size());
      break;
    }
  }
  const auto in_name = name.find_first_not_of("ZNKVrRO");  // local, nested, and the qualifiers of a nested name
  name.remove_prefix(std::min(in_name, name.size()));
  // "St" is std::, the others are its own abbreviations (std::string, std::allocator, …).
  constexpr std::array beginnings{"St", "Sa", "Sb", "Ss", "Si", "So", "Sd", "9__gnu_cxx"};
  return std::ranges::any_of(beginnings, [&](const char* beginning) { return name.starts_with(beginning); });
}

}  // namespace

std::vector<std::string> unique_symbols_of(int file) {
  const auto dynamic = DynamicSection::read(file);
  if (!dynamic) return {};
  const auto symbols = dynamic->symbols();
  const auto texts = dynamic->texts();
  if (!symbols || !texts) return {};
  std::vector<std::string> unique;
  for (const Elf64_Sym& symbol : *symbols) {
    if (ELF64_ST_BIND(symbol.st_info) != STB_GNU_UNIQUE || symbol.st_shndx == SHN_UNDEF) continue;
    if (symbol.st_name >= texts->size()) continue;
    const std::string_view rest(texts->data() + symbol.st_name, texts->size() - symbol.st_name);
    const std::string_view name = rest.substr(0, rest.find('\0'));
    if (!is_of_standard_library(name)) unique.emplace_back(name);
  }
  return unique;
}

host::Result<void> UniqueSymbols::add(const std::string& path, int file) {
  const std::vector<std::string> symbols = unique_symbols_of(file);
  for (const std::string& symbol : symbols) {
    const auto known = owner_.find(symbol);
    if (known == owner_.end()) continue;
    return host::fail(
        host::ErrorKind::plugin,
        fmt::format("{} and {} both define {} as a symbol that is unique in a process, so that one would "
                    "use the other's variable; build either with -fno-gnu-unique (gantry_add_plugin does)",
                    path, known->second, demangled(symbol)),
        path);
  }
  for (const std::string& symbol : symbols) owner_.emplace(symbol, path);
  return {};
}

}  // namespace gantry::worker
