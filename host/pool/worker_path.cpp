#include "pool/worker_path.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <system_error>

namespace gantry::pool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "GANTRY_WORKER";
constexpr const char* kName = "gantry-worker";

// Why this file cannot be started; empty: it can.
std::string fault_of(const fs::path& program) {
  std::error_code error;
  const fs::file_status status = fs::status(program, error);
  if (status.type() == fs::file_type::not_found) return "it does not exist";
  if (error) return error.message();
  if (!fs::is_regular_file(status)) return "it is not a regular file";
  if (::access(program.c_str(), X_OK) != 0) return "it is not executable";
  return {};
}

}  // namespace

host::Result<fs::path> worker_program() {
  const char* chosen = std::getenv(kVariable);
  const bool from_variable = chosen != nullptr && *chosen != '\0';
  std::error_code error;
  fs::path program = from_variable ? fs::path(chosen) : fs::read_symlink("/proc/self/exe", error).parent_path() / kName;
  if (error) {
    return host::fail(host::ErrorKind::infrastructure,
                      "cannot find out where this program is (/proc/self/exe: " + error.message() + "): set " +
                          kVariable + " to the path of " + kName);
  }
  const std::string fault = fault_of(program);
  if (fault.empty()) return fs::absolute(program, error);
  const std::string cure = from_variable
                               ? std::string("correct ") + kVariable + ", or unset it to use the one beside gantry"
                               : std::string("build or install ") + kName + " beside gantry, or set " + kVariable;
  return host::fail(host::ErrorKind::infrastructure, "the worker program cannot be started: " + fault + "; " + cure,
                    program.string());
}

}  // namespace gantry::pool
