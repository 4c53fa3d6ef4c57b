// A small HTTP server on this machine's own address that answers well, slowly, wrongly, for ever or not at all.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gantry::tests {

/// A port of 127.0.0.1 that is taken as long as this lives. Listening or not, nobody else gets it.
class Port {
 public:
  Port();
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] std::string url(const std::string& path) const;

 private:
  int socket_;
  int number_ = 0;
};

/// Serves from its construction to its end, each connection on a thread of its own. Paths: /hello (6 bytes),
/// /nap (6 bytes, after a second), /missing (404), /to/PATH (a redirection), /round (to itself), /ftp (to ftp),
/// /endless (bytes without end), /huge (says that it is 10^15 bytes long), /short (ends too early), /silent (no
/// answer), /nothing (closes at once), /noise (no HTTP).
class HttpServer {
 public:
  HttpServer();
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  [[nodiscard]] std::string url(const std::string& path) const { return port_.url(path); }

 private:
  void serve();
  void answer(int connection);

  Port port_;
  std::atomic<bool> ending_ = false;
  std::mutex mutex_;  ///< guards connections_
  std::vector<int> connections_;
  std::vector<std::thread> threads_;  ///< the accepting thread's, until it has ended
  std::thread accepting_;
};

}  // namespace gantry::tests
