#include "run/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <string_view>

namespace gantry::tests {

namespace {

bool send_all(int connection, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// The path that a request asks for; nothing if the client went away.
std::string requested(int connection) {
  std::string request;
  std::array<char, 4096> piece{};
  while (request.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = recv(connection, piece.data(), piece.size(), 0);
    if (count <= 0) return {};
    request.append(piece.data(), static_cast<std::size_t>(count));
  }
  const std::size_t from = request.find(' ') + 1;
  return request.substr(from, request.find(' ', from) - from);
}

std::string whole(const std::string& status, const std::string& body, const std::string& more = "") {
  return "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + more + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

}  // namespace

Port::Port() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  REQUIRE(socket_ >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  number_ = ntohs(address.sin_port);
}

Port::~Port() {
  close(socket_);
}

std::string Port::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(number_) + path;
}

HttpServer::HttpServer() {
  REQUIRE(listen(port_.socket(), 64) == 0);
  accepting_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  ending_ = true;
  shutdown(port_.socket(), SHUT_RDWR);  // accept returns
  accepting_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int connection : connections_) shutdown(connection, SHUT_RDWR);  // so does what waits for a client
  }
  for (std::thread& thread : threads_) thread.join();
}

void HttpServer::serve() {
  while (!ending_) {
    const int connection = accept4(port_.socket(), nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    {
      const std::lock_guard lock(mutex_);
      connections_.push_back(connection);
    }
    threads_.emplace_back([this, connection] {
      answer(connection);
      const std::lock_guard lock(mutex_);
      std::erase(connections_, connection);
      close(connection);
    });
  }
}

void HttpServer::answer(int connection) {
  const std::string path = requested(connection);
  if (path == "/nap") std::this_thread::sleep_for(std::chrono::seconds(1));
  if (path == "/hello" || path == "/nap") {
    send_all(connection, whole("200 OK", "hello\n"));
  } else if (path.starts_with("/to/")) {
    send_all(connection, whole("302 Found", "over there", "Location: " + path.substr(3) + "\r\n"));
  } else if (path == "/round") {
    send_all(connection, whole("301 Moved Permanently", "", "Location: /round\r\n"));
  } else if (path == "/ftp") {
    send_all(connection, whole("302 Found", "", "Location: ftp://127.0.0.1/x\r\n"));
  } else if (path == "/endless") {
    const std::string piece(65536, 'x');
    send_all(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    while (!ending_ && send_all(connection, piece)) {
    }
  } else if (path == "/huge") {
    send_all(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\nbegin");
  } else if (path == "/short") {
    send_all(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this");
  } else if (path == "/silent") {
    std::array<char, 16> ignored{};
    while (recv(connection, ignored.data(), ignored.size(), 0) > 0) {
    }
  } else if (path == "/noise") {
    send_all(connection, "220 welcome to something else\r\n");
  } else if (!path.empty() && path != "/nothing") {
    send_all(connection, whole("404 Not Found", "there is no " + path));
  }
}

}  // namespace gantry::tests
