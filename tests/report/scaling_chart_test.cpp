// The chart and the page: well-formed, complete, and safe whatever the file's name.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "report/scaling_forms.hpp"
#include "report/scaling_markup.hpp"
#include "scaling_paper.hpp"

namespace {

using namespace gantry::report;
using scaling_paper::example;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
  return found;
}

/// The first thing that is wrong with the markup's tags, or "none". Elements in `empty` have no end.
std::string fault(const std::string& markup, const std::vector<std::string>& empty) {
  const std::regex tag("<(/?)([a-zA-Z]+[0-9]?)((?: [a-zA-Z0-9-]+=\"[^\"<]*\")*) ?(/?)>");
  std::vector<std::string> open;
  std::size_t at = 0;
  while ((at = markup.find('<', at)) != std::string::npos) {
    std::smatch match;
    const std::string rest = markup.substr(at, markup.find('>', at) + 1 - at);
    if (!std::regex_match(rest, match, tag)) return "no tag: " + rest;
    const std::string name = match[2];
    if (match[1] == "/") {
      if (open.empty() || open.back() != name) return "ends what is not open: " + rest;
      open.pop_back();
    } else if (match[4] != "/" && std::find(empty.begin(), empty.end(), name) == empty.end()) {
      open.push_back(name);
    }
    at += rest.size();
  }
  const std::regex reference("&(?!amp;|lt;|gt;|quot;|#39;)");
  std::smatch match;
  if (std::regex_search(markup, match, reference)) return "an & that names nothing";
  return open.empty() ? "none" : "never ended: " + open.back();
}

}  // namespace

TEST_CASE("texts in markup are escaped") {
  const std::pair<std::string, std::string> rows[] = {
      {"plain é …", "plain é …"},
      {"<a href=\"x\">'&amp;'", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;"},
      {"a\x01\n\x1b[0m\x7f", "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd[0m\xef\xbf\xbd"},
      {"\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xc2\x85\xef\xbf\xbe", "\xef\xbf\xbd\xef\xbf\xbd"},
      {std::string("\0", 1), "\xef\xbf\xbd"},
  };
  for (const auto& [text, escaped] : rows) CHECK(escape_markup(text) == escaped);
}

TEST_CASE("the checker of this test finds faults") {
  CHECK(fault("<a b=\"c\"><d/></a>", {}) == "none");
  for (const char* bad : {"<a>", "<a></b>", "</a>", "<a b></a>", "<a b=\"<\"></a>", "a < b", "<a>&x;</a>"}) {
    CHECK(fault(bad, {}) != "none");
  }
}

TEST_CASE("the chart is well-formed and shows all that was measured") {
  const std::string svg = scaling_svg(example());
  CHECK(fault(svg, {}) == "none");
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width="));
  CHECK(count(svg, "<title>Speed-up of sums.yaml</title>") == 1);
  CHECK(count(svg, ">Speed-up of sums.yaml</text>") == 1);
  CHECK(count(svg, "class=\"point\"") == 3);
  CHECK(count(svg, "class=\"error\"") == 3);
  CHECK(count(svg, "class=\"error-end\"") == 6);
  CHECK(count(svg, "class=\"measured\"") == 1);
  CHECK(count(svg, "class=\"ideal\"") == 1);
  CHECK(count(svg, "class=\"amdahl\"") == 1);
  CHECK(count(svg, "class=\"limit\"") == 1);
  CHECK(count(svg, ">2 CPUs</text>") == 1);
  CHECK(count(svg, "class=\"bar\"") == 3 + 4 + 4 + 4 + 5 + 5);  // parts above 0: no idle, no order wait with 1 worker
  CHECK(count(svg, "<title>order wait: 6.2 %, 100.0 ms</title>") == 1);
  CHECK(count(svg, "<script") + count(svg, "href") + count(svg, "url(") + count(svg, "@import") == 0);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
}

TEST_CASE("the chart's points lie where the numbers say") {
  Scaling scaling = example();
  scaling.sizes = {{1, {4.0}, {}}, {4, {1.0}, {}}};
  fit(scaling);
  const std::string svg = scaling_svg(scaling);
  // Axes from 0 to 4: the first point is a quarter of the way along both, the last at their ends.
  CHECK(count(svg, "<circle class=\"point\" cx=\"261.0\" cy=\"343.0\"") == 1);
  CHECK(count(svg, "<circle class=\"point\" cx=\"852.0\" cy=\"118.0\"") == 1);
  CHECK(count(svg, "<line class=\"ideal\" x1=\"64.0\" y1=\"418.0\" x2=\"852.0\" y2=\"118.0\"") == 1);
}

TEST_CASE("a chart of one size, of no speed-up, of a hostile name") {
  Scaling one = example();
  one.sizes.resize(1);
  fit(one);
  CHECK(fault(scaling_svg(one), {}) == "none");
  CHECK(count(scaling_svg(one), "class=\"amdahl\"") == 0);
  Scaling slower = example();
  slower.sizes = {{1, {1.0}, {}}, {64, {20.0, 30.0}, {}}};
  fit(slower);
  CHECK(fault(scaling_svg(slower), {}) == "none");
  Scaling hostile = example();
  hostile.file = "</text><script>alert(\"1\")</script>&'\xff\x1b" + std::string(300, '<') + ".yaml";
  const std::string svg = scaling_svg(hostile);
  CHECK(fault(svg, {}) == "none");
  CHECK(svg.find("<script") == std::string::npos);
}

TEST_CASE("the page holds the chart, the tables and the sentences") {
  Scaling scaling = example();
  scaling.file = "<b>\"&\".yaml";
  const std::string page = scaling_html(scaling);
  CHECK(page.starts_with("<!DOCTYPE html>\n"));
  CHECK(fault(page.substr(page.find('\n')), {"meta"}) == "none");
  CHECK(page.find(scaling_svg(scaling)) != std::string::npos);
  CHECK(count(page, "<title>Speed-up of &lt;b&gt;&quot;&amp;&quot;.yaml</title>") == 2);  // the page's and the chart's
  CHECK(count(page, "<tr>") == 12);
  CHECK(count(page,
              "<tr><td>2</td><td>1.600 s</td><td>1.500 s</td><td>1.700 s</td><td>1.88</td><td>93.8 %</td></tr>") == 1);
  CHECK(count(page, "<p class=\"warning\">4 workers share 2 CPUs: ") == 1);
  for (const std::string& sentence : findings(scaling))
    CHECK(count(page, "<p>" + escape_markup(sentence) + "</p>") == 1);
  CHECK(count(page, "<script") + count(page, "href") + count(page, "src=") + count(page, "url(") == 0);
}
