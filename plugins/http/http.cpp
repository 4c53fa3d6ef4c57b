// http: one request, as a value: any status is one; no answer at all, in time and within limits, is an error. Messages
// depend on what happened alone (no times, no addresses), so that two runs say the same.
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include <gantry/plugin.hpp>

namespace {

using gantry::f64;
using gantry::u16;
using gantry::u64;

constexpr f64 longest = 86'400;    // seconds: a day
constexpr f64 connect_limit = 10;  // seconds, within those of the whole
constexpr long most_redirects = 10;
constexpr u64 most_bytes = u64{1} << 50U;

struct Answer {
  u16 status = 0;
  f64 seconds = 0;
  u64 bytes = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(status), CEREAL_NVP(seconds), CEREAL_NVP(bytes));
  }
};

/// What a request may cost.
struct Limits {
  f64 seconds;
  u64 bytes;
};

struct Freed {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, Freed>;

std::string text(f64 number) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

/// Counts the body and drops it; less than was offered ends the transfer.
struct Body {
  u64 bytes = 0;
  u64 limit = 0;
  static std::size_t take(const char*, std::size_t, std::size_t size, void* body) {
    auto& self = *static_cast<Body*>(body);
    if (size > self.limit - self.bytes) return 0;
    self.bytes += size;
    return size;
  }
};

bool names_http(std::string_view url) {
  const auto starts = [&](std::string_view scheme) {
    return url.size() > scheme.size() && curl_strnequal(url.data(), scheme.data(), scheme.size()) != 0;
  };
  return starts("http://") || starts("https://");
}

/// libcurl is made ready by the first task of the process, and stays so. It sends without SIGPIPE, and NOSIGNAL keeps
/// it from SIGALRM, which knows no threads.
bool ready() {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  return initialised == CURLE_OK;
}

long in_milliseconds(f64 seconds) {
  return std::max(1L, std::lround(seconds * 1000));
}

bool set_up(CURL* handle, const std::string& url, const Limits& limits, Body& body) {
  const auto set = [&](CURLoption option, auto value) { return curl_easy_setopt(handle, option, value) == CURLE_OK; };
  const long milliseconds = in_milliseconds(limits.seconds);
  return set(CURLOPT_URL, url.c_str()) && set(CURLOPT_NOSIGNAL, 1L) && set(CURLOPT_PROTOCOLS_STR, "http,https") &&
         set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https") && set(CURLOPT_FOLLOWLOCATION, 1L) &&
         set(CURLOPT_MAXREDIRS, most_redirects) && set(CURLOPT_TIMEOUT_MS, milliseconds) &&
         set(CURLOPT_CONNECTTIMEOUT_MS, std::min(milliseconds, in_milliseconds(connect_limit))) &&
         set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits.bytes)) &&
         set(CURLOPT_USERAGENT, "gantry-http/1.0") && set(CURLOPT_WRITEFUNCTION, &Body::take) &&
         set(CURLOPT_WRITEDATA, static_cast<void*>(&body));
}

template <class T>
T told(CURL* handle, CURLINFO what) {
  T value{};
  curl_easy_getinfo(handle, what, &value);
  return value;
}

/// Why there is no connection.
std::string system_reason(CURL* handle) {
  const long number = told<long>(handle, CURLINFO_OS_ERRNO);
  return number == 0 ? "no reason is known" : std::generic_category().message(static_cast<int>(number));
}

gantry::Error too_late(CURL* handle, const std::string& url, const Limits& limits) {
  const bool connected = told<curl_off_t>(handle, CURLINFO_CONNECT_TIME_T) != 0;
  const f64 within = connected ? limits.seconds : std::min(limits.seconds, connect_limit);
  return {"late", (connected ? "no whole answer from " : "no connection to ") + url + " within " + text(within) + " s"};
}

/// libcurl's own messages hold times and addresses; these do not.
gantry::Error failure(CURL* handle, CURLcode code, const std::string& url, const Limits& limits) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
      return {"url", url + " is no URL: " + curl_easy_strerror(code)};
    case CURLE_UNSUPPORTED_PROTOCOL:
      if (!names_http(told<const char*>(handle, CURLINFO_EFFECTIVE_URL)))
        return {"url", url + " leads to another address, which is neither http nor https"};
      return {"answer", url + " answers something that is not HTTP"};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {"resolve", "no address is known for the host of " + url};
    case CURLE_COULDNT_CONNECT:
      return {"connect", "cannot connect to " + url + ": " + system_reason(handle)};
    case CURLE_OPERATION_TIMEDOUT:
      return too_late(handle, url, limits);
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_WRITE_ERROR:
      return {"too_large", "the answer of " + url + " is longer than " + std::to_string(limits.bytes) + " bytes"};
    case CURLE_TOO_MANY_REDIRECTS:
      return {"redirects", url + " leads on and on: more than " + std::to_string(most_redirects) + " redirections"};
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return {"lost", "the connection to " + url + " ended before the whole answer was there"};
    default:
      return {"http", url + ": " + curl_easy_strerror(code)};
  }
}

gantry::Result<void> check(const std::string& url, const Limits& limits) {
  if (!names_http(url) || url.find('\0') != std::string::npos)
    return gantry::fail("url", "\"" + url + "\" is no http or https URL: write it whole, as https://example.com/");
  if (!(limits.seconds > 0 && limits.seconds <= longest))
    return gantry::fail("argument", "timeout is " + text(limits.seconds) + ", and must be above 0 and at most 86400 s");
  if (limits.bytes == 0 || limits.bytes > most_bytes)
    return gantry::fail("argument", "limit is " + std::to_string(limits.bytes) + ", and must be from 1 to 2^50 bytes");
  return {};
}

gantry::Result<Answer> get(const std::string& url, f64 timeout, u64 limit) {
  const Limits limits{.seconds = timeout, .bytes = limit};
  if (auto good = check(url, limits); !good) return std::unexpected(good.error());
  Body body{.bytes = 0, .limit = limit};
  const Handle handle(ready() ? curl_easy_init() : nullptr);
  if (!handle || !set_up(handle.get(), url, limits, body)) return gantry::fail("http", "libcurl cannot be set up");
  const CURLcode code = curl_easy_perform(handle.get());
  if (code != CURLE_OK) return std::unexpected(failure(handle.get(), code, url, limits));
  return Answer{.status = static_cast<u16>(told<long>(handle.get(), CURLINFO_RESPONSE_CODE)),
                .seconds = static_cast<f64>(told<curl_off_t>(handle.get(), CURLINFO_TOTAL_TIME_T)) / 1e6,
                .bytes = body.bytes};
}

}  // namespace

GANTRY_PLUGIN(
    "http", "1.0.0",
    gantry::thread_safe(gantry::function<get>(
        "get", {"url", "timeout = 30", "limit = 67108864"},
        "Fetches a URL within timeout seconds: its status, how long it took, and how many bytes its body has, "
        "at most limit. Redirections are followed.")));
