#include "worker/symbol_name.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace gantry::worker {

std::string demangled(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 ? std::string(text.get()) : name;
}

}  // namespace gantry::worker
