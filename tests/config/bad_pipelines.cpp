// A table of cases; each is one mistake, or one kind of mistake.
#include "bad_pipelines.hpp"

namespace gantry::config::test {

const std::vector<Bad>& bad_pipelines() {
  // clang-format off
  static const std::vector<Bad> table{
    {"empty",
     "",
     "p.yaml: error[E0111]: no pipeline in this file\n"},
    {"only comments",
     "# nothing\n"
     "\n",
     "p.yaml: error[E0111]: no pipeline in this file\n"},
    {"two empty documents",
     "---\n"
     "---\n",
     "p.yaml: error[E0111]: no pipeline in this file\n"},
    {"a stray comma",
     ",",
     "p.yaml: error[E0111]: no pipeline in this file\n"},
    {"list root",
     "- a\n"
     "- b\n",
     "p.yaml:1:1: error[E0111]: no pipeline in this file: it is a list of 2, not a map\n"
     "   1 | - a\n"
     "     | ^\n"},
    {"scalar root",
     "gantry\n",
     "p.yaml:1:1: error[E0111]: no pipeline in this file: it is \"gantry\", not a map\n"
     "   1 | gantry\n"
     "     | ^\n"},
    {"no space after quoted key",
     "\"gantry\":1\n",
     "p.yaml:1:9: error[E0104]: this belongs to nothing above\n"
     "   1 | \"gantry\":1\n"
     "     |         ^\n"
     "help: a space after the colon\n"},
    {"plain without space",
     "gantry:1\n",
     "p.yaml:1:1: error[E0111]: no pipeline in this file: it is \"gantry:1\", not a map\n"
     "   1 | gantry:1\n"
     "     | ^\n"
     "help: a space after the colon\n"},
    {"UTF-16",
     std::string("\377\376g\000", 4),
     "p.yaml:1:1: error[E0101]: the file is UTF-16\n"
     "   1 | \\xff\\xfeg\\x00\n"
     "     | ^\n"
     "help: save the file as UTF-8\n"},
    {"invalid UTF-8",
     "gantry: 1\n"
     "# caf\351\n",
     "p.yaml:2:6: error[E0101]: the byte 0xe9 is not UTF-8\n"
     "   2 | # caf\\xe9\n"
     "     |      ^\n"
     "help: save the file as UTF-8\n"},
    {"overlong UTF-8 after wide text",
     "# \303\251\303\251 \300\200\n",
     "p.yaml:1:6: error[E0101]: the byte 0xc0 is not UTF-8\n"
     "   1 | # éé \\xc0\\x80\n"
     "     |      ^\n"
     "help: save the file as UTF-8\n"},
    {"NUL",
     std::string("gantry: 1\000\n", 11),
     "p.yaml:1:10: error[E0101]: a NUL byte cannot stand in a pipeline\n"
     "   1 | gantry: 1\\x00\n"
     "     |          ^\n"},
    {"escape",
     "gantry: \033[31m1\n",
     "p.yaml:1:9: error[E0101]: the control character U+001B cannot stand in a pipeline\n"
     "   1 | gantry: \\x1b[31m1\n"
     "     |         ^\n"
     "help: in double quotes, write it as \\x1b\n"},
    {"lone CR",
     "gantry: 1\rsteps: []\r",
     "p.yaml:1:10: error[E0101]: a carriage return without a line feed cannot stand in a pipeline\n"
     "   1 | gantry: 1\\rsteps: []\n"
     "     |          ^\n"},
    {"C1 control",
     "gantry: \302\205 1\n",
     "p.yaml:1:9: error[E0101]: the control character U+0085 cannot stand in a pipeline\n"
     "   1 | gantry: \\u0085 1\n"
     "     |         ^\n"
     "help: in double quotes, write it as \\x85\n"},
    {"tabs",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "\t- id: a\n"
     "  \tcall: p.f\n",
     "p.yaml:4:1: error[E0103]: this line is indented with a tab\n"
     "   4 |         - id: a\n"
     "     | ^\n"
     "help: indent with spaces\n"
     "p.yaml:5:3: error[E0103]: this line is indented with a tab\n"
     "   5 |         call: p.f\n"
     "     |   ^\n"
     "help: indent with spaces\n"},
    {"directive",
     "%YAML 1.2\n"
     "---\n"
     "gantry: 1\n",
     "p.yaml:1:1: error[E0107]: directives (%) are not part of a pipeline\n"
     "   1 | %YAML 1.2\n"
     "     | ^\n"
     "help: delete this line\n"},
    {"duplicate key",
     "gantry: 1\n"
     "plugins: [p]\n"
     "gantry: 1\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:1: error[E0106]: the key \"gantry\" stands here a second time\n"
     "   3 | gantry: 1\n"
     "     | ^\n"
     "note: p.yaml:1:1: the first one is here\n"},
    {"duplicate key, quoted",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: 1, \"low\": 2}\n",
     "p.yaml:6:20: error[E0106]: the key \"low\" stands here a second time\n"
     "   6 |     args: {low: 1, \"low\": 2}\n"
     "     |                    ^\n"
     "note: p.yaml:6:12: the first one is here\n"},
    {"duplicate key, many",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {k0: 1, k1: 1, k2: 1, k3: 1, k4: 1, k5: 1, k6: 1, k7: 1, k8: 1, k9: 1, k10: 1, k11: 1, k12: 1, k13: 1, k14: 1, k15: 1, k16: 1, k17: 1, k18: 1, k19: 1, k3: 2}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:160: error[E0106]: the key \"k3\" stands here a second time\n"
     "   3 | …s: {k0: 1, k1: 1, k2: 1, k3: 1, k4: 1, k5: 1, k6: 1, k7: 1, k8: 1, k9: 1, k10: 1, k11: 1, k12: 1, k13: 1, k14: 1, k15: 1, k16: 1, k17: 1, k18: 1, k19: 1, k3: 2}\n"
     "     |                                                                                                                                                            ^\n"
     "note: p.yaml:3:31: the first one is here\n"},
    {"anchor and alias",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {a: &x 1, b: *x}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:13: error[E0107]: anchors (&) are not part of a pipeline\n"
     "   3 | params: {a: &x 1, b: *x}\n"
     "     |             ^\n"
     "help: quote it\n"
     "p.yaml:3:22: error[E0107]: aliases (*) are not part of a pipeline\n"
     "   3 | params: {a: &x 1, b: *x}\n"
     "     |                      ^\n"
     "help: write the value again\n"},
    {"merge key",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params:\n"
     "  <<: {a: 1}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:4:3: error[E0107]: merge keys (<<) are not part of a pipeline\n"
     "   4 |   <<: {a: 1}\n"
     "     |   ^\n"
     "help: write the keys again\n"},
    {"tag",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {a: !!int 1, b: ! x, c: !u {d: 1}, e: !v [1]}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:13: error[E0107]: tags (!) are not part of a pipeline\n"
     "   3 | params: {a: !!int 1, b: ! x, c: !u {d: 1}, e: !v [1]}\n"
     "     |             ^\n"
     "help: quote it\n"
     "p.yaml:3:25: error[E0107]: tags (!) are not part of a pipeline\n"
     "   3 | params: {a: !!int 1, b: ! x, c: !u {d: 1}, e: !v [1]}\n"
     "     |                         ^\n"
     "help: quote it\n"
     "p.yaml:3:33: error[E0107]: tags (!) are not part of a pipeline\n"
     "   3 | params: {a: !!int 1, b: ! x, c: !u {d: 1}, e: !v [1]}\n"
     "     |                                 ^\n"
     "help: quote it\n"
     "p.yaml:3:47: error[E0107]: tags (!) are not part of a pipeline\n"
     "   3 | params: {a: !!int 1, b: ! x, c: !u {d: 1}, e: !v [1]}\n"
     "     |                                               ^\n"
     "help: quote it\n"},
    {"second document",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps: [{id: a, call: p.f}]\n"
     "---\n"
     "gantry: 1\n",
     "p.yaml:4:1: error[E0108]: a second document begins here; a pipeline is one\n"
     "   4 | ---\n"
     "     | ^\n"
     "help: put it into a file of its own\n"},
    {"second document after dots",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps: [{id: a, call: p.f}]\n"
     "...\n"
     "gantry: 1\n",
     "p.yaml:5:1: error[E0108]: a second document begins here; a pipeline is one\n"
     "   5 | gantry: 1\n"
     "     | ^\n"
     "help: put it into a file of its own\n"},
    {"less indentation than the first line",
     "  gantry: 1\n"
     " plugins: [p]\n",
     "p.yaml:2:2: error[E0104]: this belongs to nothing above\n"
     "   2 |  plugins: [p]\n"
     "     |  ^\n"
     "help: check the indentation\n"},
    {"list as a key",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {[a, b]: 1, c: {? {d: 1} : 2}}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:10: error[E0109]: a key cannot be a list\n"
     "   3 | params: {[a, b]: 1, c: {? {d: 1} : 2}}\n"
     "     |          ^\n"
     "help: quote it\n"
     "p.yaml:3:27: error[E0109]: a key cannot be a map\n"
     "   3 | params: {[a, b]: 1, c: {? {d: 1} : 2}}\n"
     "     |                           ^\n"
     "help: quote it\n"},
    {"no key",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {: 1, a: 2}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:10: error[E0109]: a key is missing here\n"
     "   3 | params: {: 1, a: 2}\n"
     "     |          ^\n"},
    {"too deep",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params:\n"
     "  a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:4:68: error[E0110]: lists and maps are nested deeper than 64 levels\n"
     "   4 |   a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
     "     |                                                                    ^\n"},
    {"far too deep",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params:\n"
     "  a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n",
     "p.yaml:4:37: error[E0110]: lists and maps are nested deeper than 64 levels\n"
     "   4 |   a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…\n"
     "     |                                     ^\n"},
    {"interpolation in a flow list",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {name: [part-${i}.txt]}\n",
     "p.yaml:6:25: error[E0104]: \"{\" cannot stand here: the list goes on with \",\" or ends with \"]\"\n"
     "   6 |     args: {name: [part-${i}.txt]}\n"
     "     |                         ^\n"
     "help: quote it\n"},
    {"interpolation in a flow map",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {name: ${x}}\n",
     "p.yaml:6:19: error[E0104]: \"{\" cannot stand here: the map goes on with \",\" or ends with \"}\"\n"
     "   6 |     args: {name: ${x}}\n"
     "     |                   ^\n"
     "help: quote it\n"},
    {"index in a flow list",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {name: [$x[0]]}\n",
     "p.yaml:6:21: error[E0104]: \"[\" cannot stand here: the list goes on with \",\" or ends with \"]\"\n"
     "   6 |     args: {name: [$x[0]]}\n"
     "     |                     ^\n"
     "help: quote it\n"},
    {"leading star",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args:\n"
     "      name: *.txt\n",
     "p.yaml:7:13: error[E0107]: aliases (*) are not part of a pipeline\n"
     "   7 |       name: *.txt\n"
     "     |             ^\n"
     "help: quote it\n"},
    {"leading star in a list",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {name: [*.txt]}\n",
     "p.yaml:6:19: error[E0107]: aliases (*) are not part of a pipeline\n"
     "   6 |     args: {name: [*.txt]}\n"
     "     |                   ^\n"
     "help: quote it\n"},
    {"no space after the colon, flow",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low:$a, high: 2}\n",
     "p.yaml:6:12: error[E0109]: the key \"low:$a\" has no value\n"
     "   6 |     args: {low:$a, high: 2}\n"
     "     |            ^\n"
     "help: a space after the colon\n"},
    {"no space after the colon, block",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args:\n"
     "      low:$a\n"
     "      high: 2\n",
     "p.yaml:8:11: error[E0104]: a key cannot stand here: this line goes on with the one above\n"
     "   8 |       high: 2\n"
     "     |           ^\n"
     "help: a space after the colon above\n"},
    {"no space after the colon, alone",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args:\n"
     "      low:$a\n",
     "p.yaml:7:7: error[E0204]: args is \"low:$a\", not a map\n"
     "   7 |       low:$a\n"
     "     |       ^\n"
     "help: a space after the colon\n"},
    {"colon in a value",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args:\n"
     "      name: hello: world\n",
     "p.yaml:7:18: error[E0104]: a value cannot hold \": \" unless it is quoted\n"
     "   7 |       name: hello: world\n"
     "     |                  ^\n"
     "help: quote it\n"},
    {"unclosed map",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: 1\n",
     "p.yaml:6:11: error[E0105]: this \"{\" is never closed\n"
     "   6 |     args: {low: 1\n"
     "     |           ^\n"},
    {"unclosed list in a map",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: [1, 2}\n",
     "p.yaml:6:22: error[E0104]: this \"}\" does not close the \"[\"\n"
     "   6 |     args: {low: [1, 2}\n"
     "     |                      ^\n"
     "note: p.yaml:6:17: the \"[\" is here\n"},
    {"unclosed list with more below",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: [1, 2\n"
     "  - id: b\n"
     "    call: p.f\n",
     "p.yaml:6:17: error[E0105]: this \"[\" is not closed in time\n"
     "   6 |     args: {low: [1, 2\n"
     "     |                 ^\n"
     "note: p.yaml:7:7: \":\" cannot stand in it\n"},
    {"unclosed double quote",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {name: 'x', low: \"abc}\n",
     "p.yaml:6:28: error[E0105]: this quote is never closed\n"
     "   6 |     args: {name: 'x', low: \"abc}\n"
     "     |                            ^\n"},
    {"escaped quote, never closed",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: \"C:\\\", high: 1}\n",
     "p.yaml:6:17: error[E0105]: this quote is never closed\n"
     "   6 |     args: {low: \"C:\\\", high: 1}\n"
     "     |                 ^\n"
     "help: in double quotes, a backslash is written \\\\\n"},
    {"unclosed single quote",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: 'abc}\n",
     "p.yaml:6:17: error[E0105]: this quote is never closed\n"
     "   6 |     args: {low: 'abc}\n"
     "     |                 ^\n"},
    {"quote that swallows lines",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: 'abc}\n"
     "  - id: 'b'\n",
     "p.yaml:6:11: error[E0105]: this \"{\" is not closed in time\n"
     "   6 |     args: {low: 'abc}\n"
     "     |           ^\n"
     "note: p.yaml:7:10: \"b\" cannot stand in it\n"
     "note: p.yaml:6:17: the quoted text before it begins here: is its quote closed?\n"},
    {"document mark in quotes",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: \"abc\n"
     "---\n"
     "\"}\n",
     "p.yaml:6:17: error[E0105]: this quote is never closed\n"
     "   6 |     args: {low: \"abc\n"
     "     |                 ^\n"},
    {"text after quotes",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args:\n"
     "      low: \"abc\" d\n",
     "p.yaml:7:18: error[E0104]: this belongs to nothing above\n"
     "   7 |       low: \"abc\" d\n"
     "     |                  ^\n"
     "help: check the indentation, and quote the whole of a value\n"},
    {"unknown escape",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: \"a\\q\"}\n",
     "p.yaml:6:21: error[E0104]: this is no escape of double quotes\n"
     "   6 |     args: {low: \"a\\q\"}\n"
     "     |                     ^\n"
     "help: write \\\\ for a backslash, or use single quotes\n"},
    {"bad hex escape",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: \"a\\xzz\"}\n",
     "p.yaml:6:23: error[E0104]: this is no escape of double quotes\n"
     "   6 |     args: {low: \"a\\xzz\"}\n"
     "     |                       ^\n"
     "help: \\x takes 2 hexadecimal digits, \\u 4, \\U 8\n"},
    {"surrogate escape",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: \"\\ud800\"}\n",
     "p.yaml:6:24: error[E0104]: this escape is no character of Unicode\n"
     "   6 |     args: {low: \"\\ud800\"}\n"
     "     |                        ^\n"
     "help: surrogates are not characters\n"},
    {"at sign",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: @a}\n",
     "p.yaml:6:17: error[E0104]: a value cannot begin with \"@\"\n"
     "   6 |     args: {low: @a}\n"
     "     |                 ^\n"
     "help: quote it\n"},
    {"too many brackets",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {low: [1]]}\n",
     "p.yaml:6:20: error[E0104]: this \"]\" does not close the \"{\"\n"
     "   6 |     args: {low: [1]]}\n"
     "     |                    ^\n"
     "note: p.yaml:6:11: the \"{\" is here\n"},
    {"list item in line",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: - low\n",
     "p.yaml:6:11: error[E0104]: a list item cannot begin here\n"
     "   6 |     args: - low\n"
     "     |           ^\n"
     "help: begin it on a line of its own, or write [a, b]\n"},
    {"item less indented",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "    - id: a\n"
     "   - id: b\n",
     "p.yaml:5:4: error[E0104]: this belongs to nothing above\n"
     "   5 |    - id: b\n"
     "     |    ^\n"
     "help: check the indentation, and quote the whole of a value\n"},
    {"key less indented",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "   args: {}\n",
     "p.yaml:6:4: error[E0104]: this belongs to nothing above\n"
     "   6 |    args: {}\n"
     "     |    ^\n"
     "help: check the indentation, and quote the whole of a value\n"},
    {"key more indented",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "      args: {}\n",
     "p.yaml:6:11: error[E0104]: a key cannot stand here: this line goes on with the one above\n"
     "   6 |       args: {}\n"
     "     |           ^\n"
     "note: p.yaml:5:11: what it goes on with begins here\n"
     "help: check the indentation of both lines\n"},
    {"block header",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args:\n"
     "      a: |x\n"
     "        b\n",
     "p.yaml:7:11: error[E0104]: the text of a block begins on the line after | or >\n"
     "   7 |       a: |x\n"
     "     |           ^\n"},
    {"unknown keys",
     "gantry: 1\n"
     "plugin: [p]\n"
     "step: []\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:2:1: error[E0201]: a pipeline has no key \"plugin\"\n"
     "   2 | plugin: [p]\n"
     "     | ^\n"
     "help: did you mean `plugins`?\n"
     "p.yaml:3:1: error[E0201]: a pipeline has no key \"step\"\n"
     "   3 | step: []\n"
     "     | ^\n"
     "help: did you mean `steps`?\n"},
    {"a mode that is none",
     "gantry: 1\n"
     "plugins: [p]\n"
     "run: {mode: threads}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:13: error[E0208]: mode is \"threads\", not process or thread\n"
     "   3 | run: {mode: threads}\n"
     "     |             ^\n"
     "help: did you mean `thread`?\n"},
    {"later keys",
     "gantry: 1\n"
     "plugins: [p]\n"
     "#\n"
     "run: {halt: never, recycle: {tasks: 1}}\n"
     "steps: [{id: a, call: p.f, limit: 1, on_error: skip, limits: {}, each: {x: {lines: f}, y: {csv: f}}}]\n",
     "p.yaml:4:7: error[E0202]: \"halt\" is not supported by this version of gantry\n"
     "   4 | run: {halt: never, recycle: {tasks: 1}}\n"
     "     |       ^\n"
     "p.yaml:4:20: error[E0202]: \"recycle\" is not supported by this version of gantry\n"
     "   4 | run: {halt: never, recycle: {tasks: 1}}\n"
     "     |                    ^\n"
     "p.yaml:5:28: error[E0202]: \"limit\" is not supported by this version of gantry\n"
     "   5 | steps: [{id: a, call: p.f, limit: 1, on_error: skip, limits: {}, each: {x: {lines: f}, y: {csv: f}}}]\n"
     "     |                            ^\n"
     "p.yaml:5:38: error[E0202]: \"on_error\" is not supported by this version of gantry\n"
     "   5 | steps: [{id: a, call: p.f, limit: 1, on_error: skip, limits: {}, each: {x: {lines: f}, y: {csv: f}}}]\n"
     "     |                                      ^\n"
     "p.yaml:5:54: error[E0202]: \"limits\" is not supported by this version of gantry\n"
     "   5 | steps: [{id: a, call: p.f, limit: 1, on_error: skip, limits: {}, each: {x: {lines: f}, y: {csv: f}}}]\n"
     "     |                                                      ^\n"
     "p.yaml:5:77: error[E0202]: \"lines\" is not supported by this version of gantry\n"
     "   5 | steps: [{id: a, call: p.f, limit: 1, on_error: skip, limits: {}, each: {x: {lines: f}, y: {csv: f}}}]\n"
     "     |                                                                             ^\n"
     "p.yaml:5:92: error[E0202]: \"csv\" is not supported by this version of gantry\n"
     "   5 | steps: [{id: a, call: p.f, limit: 1, on_error: skip, limits: {}, each: {x: {lines: f}, y: {csv: f}}}]\n"
     "     |                                                                                            ^\n"},
    {"no version",
     "plugins: [p]\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:1:1: error[E0203]: the format version is missing\n"
     "   1 | plugins: [p]\n"
     "     | ^\n"
     "help: begin the file with gantry: 1\n"},
    {"wrong version",
     "gantry: 2\n"
     "plugins: [p]\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:1:9: error[E0205]: the format version is \"2\"; this version of gantry reads 1\n"
     "   1 | gantry: 2\n"
     "     |         ^\n"
     "help: write gantry: 1\n"},
    {"no steps",
     "gantry: 1\n",
     "p.yaml:1:1: error[E0203]: the pipeline has no plugins\n"
     "   1 | gantry: 1\n"
     "     | ^\n"
     "help: add plugins: [name]\n"
     "p.yaml:1:1: error[E0203]: the pipeline has no steps\n"
     "   1 | gantry: 1\n"
     "     | ^\n"
     "help: add steps:\n"},
    {"empty steps",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps: []\n",
     "p.yaml:3:8: error[E0204]: steps is empty\n"
     "   3 | steps: []\n"
     "     |        ^\n"
     "help: a pipeline has at least one step\n"},
    {"null steps",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n",
     "p.yaml:3:1: error[E0204]: steps has no value; it is a list\n"
     "   3 | steps:\n"
     "     | ^\n"},
    {"shapes",
     "gantry: [1]\n"
     "plugins: p\n"
     "params: [1]\n"
     "run: fast\n"
     "steps: {a: 1}\n",
     "p.yaml:1:9: error[E0205]: the format version is a list of 1; this version of gantry reads 1\n"
     "   1 | gantry: [1]\n"
     "     |         ^\n"
     "help: write gantry: 1\n"
     "p.yaml:2:10: error[E0204]: plugins is \"p\", not a list\n"
     "   2 | plugins: p\n"
     "     |          ^\n"
     "p.yaml:3:9: error[E0204]: params is a list of 1, not a map\n"
     "   3 | params: [1]\n"
     "     |         ^\n"
     "p.yaml:4:6: error[E0204]: run is \"fast\", not a map\n"
     "   4 | run: fast\n"
     "     |      ^\n"
     "p.yaml:5:8: error[E0204]: steps is a map, not a list\n"
     "   5 | steps: {a: 1}\n"
     "     |        ^\n"},
    {"step shapes",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - a\n"
     "  -\n"
     "  - id: [b]\n"
     "    call: {c: 1}\n"
     "    args: [1]\n"
     "    each: [x]\n"
     "    needs: {a: 1}\n"
     "    retry_on: crash\n",
     "p.yaml:4:3: error[E0204]: a step has no value; it is a map\n"
     "   4 |   - a\n"
     "     |   ^\n"
     "p.yaml:4:5: error[E0204]: a step is \"a\", not a map\n"
     "   4 |   - a\n"
     "     |     ^\n"
     "p.yaml:6:9: error[E0204]: id is a list of 1, not a single value\n"
     "   6 |   - id: [b]\n"
     "     |         ^\n"
     "p.yaml:7:11: error[E0204]: call is a map, not a single value\n"
     "   7 |     call: {c: 1}\n"
     "     |           ^\n"
     "p.yaml:8:11: error[E0204]: args is a list of 1, not a map\n"
     "   8 |     args: [1]\n"
     "     |           ^\n"
     "p.yaml:9:11: error[E0204]: each is a list of 1, not a map\n"
     "   9 |     each: [x]\n"
     "     |           ^\n"
     "p.yaml:10:12: error[E0204]: needs is a map, not a list\n"
     "  10 |     needs: {a: 1}\n"
     "     |            ^\n"
     "p.yaml:11:15: error[E0204]: retry_on is \"crash\", not a list\n"
     "  11 |     retry_on: crash\n"
     "     |               ^\n"},
    {"missing id and call",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - args: {}\n"
     "  - id: b\n",
     "p.yaml:4:5: error[E0203]: this step has no id\n"
     "   4 |   - args: {}\n"
     "     |     ^\n"
     "help: write id: name\n"
     "p.yaml:4:5: error[E0203]: this step has no call\n"
     "   4 |   - args: {}\n"
     "     |     ^\n"
     "help: write call: plugin.function\n"
     "p.yaml:5:5: error[E0203]: the step \"b\" has no call\n"
     "   5 |   - id: b\n"
     "     |     ^\n"
     "help: write call: plugin.function\n"},
    {"ids",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - {id: A, call: p.f}\n"
     "  - {id: 1a, call: p.f}\n"
     "  - {id: index, call: p.f}\n"
     "  - {id: ok, call: p.f}\n"
     "  - {id: ok, call: p.f}\n",
     "p.yaml:4:10: error[E0320]: \"A\" is no id\n"
     "   4 |   - {id: A, call: p.f}\n"
     "     |          ^\n"
     "help: ids match [a-z][a-z0-9_]*\n"
     "p.yaml:5:10: error[E0320]: \"1a\" is no id\n"
     "   5 |   - {id: 1a, call: p.f}\n"
     "     |          ^\n"
     "help: ids match [a-z][a-z0-9_]*\n"
     "p.yaml:6:10: error[E0322]: \"index\" is reserved and cannot be an id\n"
     "   6 |   - {id: index, call: p.f}\n"
     "     |          ^\n"
     "p.yaml:8:10: error[E0323]: a second step has the id \"ok\"\n"
     "   8 |   - {id: ok, call: p.f}\n"
     "     |          ^\n"
     "note: p.yaml:7:10: the first one is here\n"},
    {"calls",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - {id: a, call: f}\n"
     "  - {id: b, call: q.f}\n"
     "  - {id: c, call: p.f.g}\n"
     "  - {id: d, call: P.f}\n"
     "  - {id: e, call: $params.x}\n",
     "p.yaml:4:19: error[E0325]: \"f\" is not of the form plugin.function\n"
     "   4 |   - {id: a, call: f}\n"
     "     |                   ^\n"
     "p.yaml:5:19: error[E0326]: the plugin \"q\" is not listed under plugins\n"
     "   5 |   - {id: b, call: q.f}\n"
     "     |                   ^\n"
     "help: did you mean `p`?\n"
     "p.yaml:6:19: error[E0325]: \"p.f.g\" is not of the form plugin.function\n"
     "   6 |   - {id: c, call: p.f.g}\n"
     "     |                   ^\n"
     "p.yaml:7:19: error[E0325]: \"P.f\" is not of the form plugin.function\n"
     "   7 |   - {id: d, call: P.f}\n"
     "     |                   ^\n"
     "p.yaml:8:19: error[E0211]: call cannot hold a reference\n"
     "   8 |   - {id: e, call: $params.x}\n"
     "     |                   ^\n"
     "help: references stand in args, and in the sources of each and zip\n"},
    {"near plugin",
     "gantry: 1\n"
     "plugins: [primes, std]\n"
     "steps: [{id: a, call: prime.count}]\n",
     "p.yaml:3:23: error[E0326]: the plugin \"prime\" is not listed under plugins\n"
     "   3 | steps: [{id: a, call: prime.count}]\n"
     "     |                       ^\n"
     "help: did you mean `primes`?\n"},
    {"settings of run",
     "gantry: 1\n"
     "plugins: [p]\n"
     "run: {workers: 0, timeout: 60, deadline: 0s, retries: -1, seed: 18446744073709551616}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:16: error[E0206]: workers: \"0\" is not a whole number from 1 to 1024\n"
     "   3 | run: {workers: 0, timeout: 60, deadline: 0s, retries: -1, seed: 18446744073709551616}\n"
     "     |                ^\n"
     "p.yaml:3:28: error[E0207]: timeout: \"60\" needs a unit: ns, us, ms, s, m, h or d\n"
     "   3 | run: {workers: 0, timeout: 60, deadline: 0s, retries: -1, seed: 18446744073709551616}\n"
     "     |                            ^\n"
     "p.yaml:3:42: error[E0207]: deadline: \"0s\" is not above zero\n"
     "   3 | run: {workers: 0, timeout: 60, deadline: 0s, retries: -1, seed: 18446744073709551616}\n"
     "     |                                          ^\n"
     "p.yaml:3:55: error[E0206]: retries: \"-1\" is not a whole number from 0 to 4294967295\n"
     "   3 | run: {workers: 0, timeout: 60, deadline: 0s, retries: -1, seed: 18446744073709551616}\n"
     "     |                                                       ^\n"
     "p.yaml:3:65: error[E0206]: seed: \"18446744073709551616\" is not a whole number from 0 to 2^64 - 1\n"
     "   3 | run: {workers: 0, timeout: 60, deadline: 0s, retries: -1, seed: 18446744073709551616}\n"
     "     |                                                                 ^\n"},
    {"settings of run, more",
     "gantry: 1\n"
     "plugins: [p]\n"
     "run: {workers: many, timeout: soon, deadline: 1.5, retries: 1.0, seed: 010}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:16: error[E0206]: workers: \"many\" is not a whole number from 1 to 1024\n"
     "   3 | run: {workers: many, timeout: soon, deadline: 1.5, retries: 1.0, seed: 010}\n"
     "     |                ^\n"
     "p.yaml:3:31: error[E0207]: timeout: \"soon\" does not begin with a number, and needs a unit: ns, us, ms, s, m, h or d\n"
     "   3 | run: {workers: many, timeout: soon, deadline: 1.5, retries: 1.0, seed: 010}\n"
     "     |                               ^\n"
     "p.yaml:3:47: error[E0207]: deadline: \"1.5\" needs a unit: ns, us, ms, s, m, h or d\n"
     "   3 | run: {workers: many, timeout: soon, deadline: 1.5, retries: 1.0, seed: 010}\n"
     "     |                                               ^\n"
     "p.yaml:3:61: error[E0206]: retries: \"1.0\" is not a whole number from 0 to 4294967295\n"
     "   3 | run: {workers: many, timeout: soon, deadline: 1.5, retries: 1.0, seed: 010}\n"
     "     |                                                             ^\n"
     "p.yaml:3:72: error[E0206]: seed: \"010\" is not a whole number from 0 to 2^64 - 1\n"
     "   3 | run: {workers: many, timeout: soon, deadline: 1.5, retries: 1.0, seed: 010}\n"
     "     |                                                                        ^\n"},
    {"settings of a step",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    timeout: 5 s\n"
     "    retries: $n\n"
     "    retry_on: [crash, eror]\n"
     "    idempotent: yes\n"
     "    chunk: 0\n"
     "    output: 1\n",
     "p.yaml:6:14: error[E0207]: timeout: \"5 s\" needs a unit: ns, us, ms, s, m, h or d\n"
     "   6 |     timeout: 5 s\n"
     "     |              ^\n"
     "p.yaml:7:14: error[E0211]: retries cannot hold a reference\n"
     "   7 |     retries: $n\n"
     "     |              ^\n"
     "help: references stand in args, and in the sources of each and zip\n"
     "p.yaml:8:23: error[E0208]: retry_on is \"eror\", not crash, timeout or error\n"
     "   8 |     retry_on: [crash, eror]\n"
     "     |                       ^\n"
     "help: did you mean `error`?\n"
     "p.yaml:9:17: error[E0208]: idempotent is \"yes\", not true or false\n"
     "   9 |     idempotent: yes\n"
     "     |                 ^\n"
     "p.yaml:10:12: error[E0206]: chunk: \"0\" is not a whole number of at least 1\n"
     "  10 |     chunk: 0\n"
     "     |            ^\n"
     "p.yaml:11:13: error[E0208]: output is \"1\", not true or false\n"
     "  11 |     output: 1\n"
     "     |             ^\n"},
    {"null settings",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    timeout:\n"
     "    retries: ~\n"
     "    args:\n",
     "p.yaml:6:5: error[E0204]: timeout has no value\n"
     "   6 |     timeout:\n"
     "     |     ^\n"
     "p.yaml:7:5: error[E0204]: retries has no value\n"
     "   7 |     retries: ~\n"
     "     |     ^\n"
     "p.yaml:8:5: error[E0204]: args has no value; it is a map\n"
     "   8 |     args:\n"
     "     |     ^\n"},
    {"each and zip",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    each: {x: {range: [0, 1]}}\n"
     "    zip: {y: {range: [0, 1]}}\n",
     "p.yaml:7:5: error[E0209]: a step has each or zip, not both\n"
     "   7 |     zip: {y: {range: [0, 1]}}\n"
     "     |     ^\n"
     "note: p.yaml:6:5: the first one is here\n"},
    {"sources",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    each:\n"
     "      a: 5\n"
     "      b: [1, 2]\n"
     "      c: {}\n"
     "      d: {range: [1]}\n"
     "      e: {chunks: [0, 10]}\n"
     "      f: {values: abc}\n"
     "      g: {groups: [{values: [1]}]}\n"
     "      h: {rang: [0, 1]}\n"
     "      i: {range: [0, 1], values: []}\n"
     "      j: $params.list\n"
     "      k: $index\n"
     "      l: {range: [0, [1]]}\n"
     "      m: {groups: [7, 2]}\n"
     "      n:\n",
     "p.yaml:7:7: error[E0324]: \"a\" is bound here, and is the id of a step\n"
     "   7 |       a: 5\n"
     "     |       ^\n"
     "note: p.yaml:4:9: the step is here\n"
     "help: bind another name\n"
     "p.yaml:7:10: error[E0210]: \"5\" is no source of values\n"
     "   7 |       a: 5\n"
     "     |          ^\n"
     "help: a source is {range: [from, to]}, {chunks: [from, to, size]}, {values: [...]}, {groups: [source, n]}, {files: \"*.txt\"} or $step\n"
     "p.yaml:8:10: error[E0210]: a list of 2 is no source of values\n"
     "   8 |       b: [1, 2]\n"
     "     |          ^\n"
     "help: write {values: [...]}\n"
     "p.yaml:9:10: error[E0210]: a map is no source of values\n"
     "   9 |       c: {}\n"
     "     |          ^\n"
     "help: a source is {range: [from, to]}, {chunks: [from, to, size]}, {values: [...]}, {groups: [source, n]}, {files: \"*.txt\"} or $step\n"
     "p.yaml:10:18: error[E0210]: a list of 1 is not of the form range: [from, to] or [from, to, step]\n"
     "  10 |       d: {range: [1]}\n"
     "     |                  ^\n"
     "p.yaml:11:19: error[E0210]: a list of 2 is not of the form chunks: [from, to, size]\n"
     "  11 |       e: {chunks: [0, 10]}\n"
     "     |                   ^\n"
     "p.yaml:12:19: error[E0210]: values is \"abc\", not a list\n"
     "  12 |       f: {values: abc}\n"
     "     |                   ^\n"
     "help: write values: [...], or values: $params.name\n"
     "p.yaml:13:19: error[E0210]: a list of 1 is not of the form groups: [source, n]\n"
     "  13 |       g: {groups: [{values: [1]}]}\n"
     "     |                   ^\n"
     "p.yaml:14:11: error[E0201]: a source has no key \"rang\"\n"
     "  14 |       h: {rang: [0, 1]}\n"
     "     |           ^\n"
     "help: did you mean `range`?\n"
     "p.yaml:15:26: error[E0209]: a source has one key, and \"values\" is its second\n"
     "  15 |       i: {range: [0, 1], values: []}\n"
     "     |                          ^\n"
     "help: a source is {range: [from, to]}, {chunks: [from, to, size]}, {values: [...]}, {groups: [source, n]}, {files: \"*.txt\"} or $step\n"
     "p.yaml:16:10: error[E0210]: \"$params.list\" is no source of values\n"
     "  16 |       j: $params.list\n"
     "     |          ^\n"
     "help: write {values: $params.list}\n"
     "p.yaml:17:10: error[E0210]: \"$index\" is no source of values\n"
     "  17 |       k: $index\n"
     "     |          ^\n"
     "help: a source is {range: [from, to]}, {chunks: [from, to, size]}, {values: [...]}, {groups: [source, n]}, {files: \"*.txt\"} or $step\n"
     "p.yaml:18:22: error[E0210]: range: a list of 1 is not a number\n"
     "  18 |       l: {range: [0, [1]]}\n"
     "     |                      ^\n"
     "p.yaml:19:20: error[E0210]: \"7\" is no source of values\n"
     "  19 |       m: {groups: [7, 2]}\n"
     "     |                    ^\n"
     "help: a source is {range: [from, to]}, {chunks: [from, to, size]}, {values: [...]}, {groups: [source, n]}, {files: \"*.txt\"} or $step\n"
     "p.yaml:20:7: error[E0210]: null is no source of values\n"
     "  20 |       n:\n"
     "     |       ^\n"
     "help: a source is {range: [from, to]}, {chunks: [from, to, size]}, {values: [...]}, {groups: [source, n]}, {files: \"*.txt\"} or $step\n"},
    {"patterns of files",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    each:\n"
     "      _a: {files: }\n"
     "      _b: {files: {x: y}}\n"
     "      _c: {files: [a, [b], {}, $]}\n"
     "      _d: {files: []}\n"
     "      _e: {files: \"$env.HOME/*\"}\n"
     "      _f: {file: a}\n",
     "p.yaml:7:12: error[E0210]: files: null is no pattern\n"
     "   7 |       _a: {files: }\n"
     "     |            ^\n"
     "help: write files: \"data/*.txt\"\n"
     "p.yaml:8:19: error[E0210]: files: a map is no pattern\n"
     "   8 |       _b: {files: {x: y}}\n"
     "     |                   ^\n"
     "help: write files: \"data/*.txt\"\n"
     "p.yaml:9:23: error[E0210]: files: a list of 1 is no pattern\n"
     "   9 |       _c: {files: [a, [b], {}, $]}\n"
     "     |                       ^\n"
     "help: write files: \"data/*.txt\"\n"
     "p.yaml:9:28: error[E0210]: files: a map is no pattern\n"
     "   9 |       _c: {files: [a, [b], {}, $]}\n"
     "     |                            ^\n"
     "help: write files: \"data/*.txt\"\n"
     "p.yaml:9:32: error[E0321]: the $ in \"$\" begins no reference; write $$ for a dollar\n"
     "   9 |       _c: {files: [a, [b], {}, $]}\n"
     "     |                                ^\n"
     "p.yaml:10:19: error[E0210]: files: an empty list is no pattern\n"
     "  10 |       _d: {files: []}\n"
     "     |                   ^\n"
     "help: write files: \"data/*.txt\"\n"
     "p.yaml:11:19: error[E0321]: \"$env.HOME/*\" is no reference: \"/\" cannot follow $env.HOME; write ${env.HOME} "
     "inside text, or $$ for a dollar\n"
     "  11 |       _e: {files: \"$env.HOME/*\"}\n"
     "     |                   ^\n"
     "p.yaml:12:12: error[E0201]: a source has no key \"file\"\n"
     "  12 |       _f: {file: a}\n"
     "     |            ^\n"
     "help: did you mean `files`?\n"},
    {"bound names",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    each: {b: {range: [0, 1]}, Up: {range: [0, 1]}, env: {range: [0, 1]}}\n"
     "  - id: b\n"
     "    call: p.f\n",
     "p.yaml:6:12: error[E0324]: \"b\" is bound here, and is the id of a step\n"
     "   6 |     each: {b: {range: [0, 1]}, Up: {range: [0, 1]}, env: {range: [0, 1]}}\n"
     "     |            ^\n"
     "note: p.yaml:7:9: the step is here\n"
     "help: bind another name\n"
     "p.yaml:6:32: error[E0320]: \"Up\" is no name to bind\n"
     "   6 |     each: {b: {range: [0, 1]}, Up: {range: [0, 1]}, env: {range: [0, 1]}}\n"
     "     |                                ^\n"
     "help: names match [a-z_][a-z0-9_]*\n"
     "p.yaml:6:53: error[E0322]: \"env\" is reserved and cannot be bound\n"
     "   6 |     each: {b: {range: [0, 1]}, Up: {range: [0, 1]}, env: {range: [0, 1]}}\n"
     "     |                                                     ^\n"},
    {"empty each",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    each: {}\n",
     "p.yaml:6:11: error[E0210]: each binds no name\n"
     "   6 |     each: {}\n"
     "     |           ^\n"
     "help: write {name: source}\n"},
    {"needs",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    needs: [b, C, $d]\n",
     "p.yaml:6:16: error[E0320]: \"C\" is no id\n"
     "   6 |     needs: [b, C, $d]\n"
     "     |                ^\n"
     "help: ids match [a-z][a-z0-9_]*\n"
     "p.yaml:6:19: error[E0211]: needs cannot hold a reference\n"
     "   6 |     needs: [b, C, $d]\n"
     "     |                   ^\n"
     "help: references stand in args, and in the sources of each and zip\n"},
    {"dollars",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n",
     "p.yaml:6:15: error[E0321]: the $ in \"$9\" begins no reference; write $$ for a dollar\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |               ^\n"
     "p.yaml:6:22: error[E0321]: \"$Low\" is no reference: \"Low\" is no name: names match [a-z][a-z0-9_]*\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |                      ^\n"
     "p.yaml:6:31: error[E0321]: \"$a.\" is no reference: a name or a number must follow the dot\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |                               ^\n"
     "p.yaml:6:39: error[E0321]: \"$a[0]\" is no reference: \"[\" cannot follow $a; write $a.0 for its first element\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |                                       ^\n"
     "p.yaml:6:51: error[E0321]: \"$a-b\" is no reference: \"-\" cannot follow $a; write ${a} inside text, or $$ for a dollar\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |                                                   ^\n"
     "p.yaml:6:60: error[E0321]: $a stands inside text; write ${a} there, or $$ for a dollar\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |                                                            ^\n"
     "p.yaml:6:68: error[E0321]: \"${a\" has no closing brace; write $$ for a dollar\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |                                                                    ^\n"
     "p.yaml:6:78: error[E0321]: \"${}\" is no reference: \"}\" begins no name; write ${name}, or $$ for a dollar\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |                                                                              ^\n"
     "p.yaml:6:88: error[E0321]: \"${a b}\" is no reference: \" \" cannot stand in it; write ${name}, or $$ for a dollar\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |                                                                                        ^\n"
     "p.yaml:6:101: error[E0321]: the $ in \"cost $\" begins no reference; write $$ for a dollar\n"
     "   6 |     args: {a: $9, b: $Low, c: $a., d: \"$a[0]\", e: $a-b, f: x$a, g: \"${a\", h: \"${}\", i: \"${a b}\", j: cost $}\n"
     "     |                                                                                                     ^\n"},
    {"dollars in sources",
     "gantry: 1\n"
     "plugins: [p]\n"
     "steps:\n"
     "  - id: a\n"
     "    call: p.f\n"
     "    each: {x: {range: [0, $]}, y: $A, z: {values: [1, a$b]}}\n",
     "p.yaml:6:27: error[E0321]: the $ in \"$\" begins no reference; write $$ for a dollar\n"
     "   6 |     each: {x: {range: [0, $]}, y: $A, z: {values: [1, a$b]}}\n"
     "     |                           ^\n"
     "p.yaml:6:35: error[E0321]: \"$A\" is no reference: \"A\" is no name: names match [a-z][a-z0-9_]*\n"
     "   6 |     each: {x: {range: [0, $]}, y: $A, z: {values: [1, a$b]}}\n"
     "     |                                   ^\n"
     "p.yaml:6:55: error[E0321]: $b stands inside text; write ${b} there, or $$ for a dollar\n"
     "   6 |     each: {x: {range: [0, $]}, y: $A, z: {values: [1, a$b]}}\n"
     "     |                                                       ^\n"},
    {"params",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {Low: 1, a: $env.HOME, b: \"x${c}\", c: [5, $], d: $$5}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:10: error[E0320]: \"Low\" is no name of a param\n"
     "   3 | params: {Low: 1, a: $env.HOME, b: \"x${c}\", c: [5, $], d: $$5}\n"
     "     |          ^\n"
     "help: names match [a-z][a-z0-9_]*\n"
     "p.yaml:3:21: error[E0211]: \"$env.HOME\": params cannot hold references\n"
     "   3 | params: {Low: 1, a: $env.HOME, b: \"x${c}\", c: [5, $], d: $$5}\n"
     "     |                     ^\n"
     "help: write $$ for a dollar\n"
     "p.yaml:3:35: error[E0211]: \"x${c}\": params cannot hold references\n"
     "   3 | params: {Low: 1, a: $env.HOME, b: \"x${c}\", c: [5, $], d: $$5}\n"
     "     |                                   ^\n"
     "help: write $$ for a dollar\n"
     "p.yaml:3:51: error[E0321]: the $ in \"$\" begins no reference; write $$ for a dollar\n"
     "   3 | params: {Low: 1, a: $env.HOME, b: \"x${c}\", c: [5, $], d: $$5}\n"
     "     |                                                   ^\n"},
    {"plugins",
     "gantry: 1\n"
     "plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:2:11: error[E0212]: \"P\" is no name of a plugin\n"
     "   2 | plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "     |           ^\n"
     "help: names match [a-z][a-z0-9_]*; a path holds a slash: ./libx.so\n"
     "p.yaml:2:17: error[E0323]: the plugin \"p\" is listed twice\n"
     "   2 | plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "     |                 ^\n"
     "note: p.yaml:2:14: the first one is here\n"
     "p.yaml:2:20: error[E0212]: this plugin has neither a path nor a name\n"
     "   2 | plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "     |                    ^\n"
     "help: write {path: ./libx.so} or {name: x}, and with it sha256 or config if need be\n"
     "p.yaml:2:29: error[E0212]: sha256 is \"ab\", not 64 hexadecimal digits\n"
     "   2 | plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "     |                             ^\n"
     "p.yaml:2:57: error[E0212]: sha256 is \"xyz\", not 64 hexadecimal digits\n"
     "   2 | plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "     |                                                         ^\n"
     "p.yaml:2:82: error[E0212]: path is empty\n"
     "   2 | plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "     |                                                                                  ^\n"
     "p.yaml:2:87: error[E0204]: a plugin is a list of 1, not a single value\n"
     "   2 | plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "     |                                                                                       ^\n"
     "p.yaml:2:92: error[E0323]: the plugin \"./a.so\" is listed twice\n"
     "   2 | plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "     |                                                                                            ^\n"
     "note: p.yaml:2:34: the first one is here\n"
     "p.yaml:2:107: error[E0201]: a plugin has no key \"hash\"\n"
     "   2 | plugins: [P, p, p, {sha256: ab}, {path: ./a.so, sha256: xyz, config: {}}, {path: ''}, [x], {path: ./a.so, hash: 1}]\n"
     "     |                                                                                                           ^\n"
     "help: did you mean `path`?\n"},
    {"a plugin's name, path and configuration",
     "gantry: 1\n"
     "plugins: [{name: p, path: ./p.so}, {name: P}, {config: 3, name: q}, {name: r, config: {a: \"x$\"}}]\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:2:21: error[E0209]: a plugin has a path or a name, not both\n"
     "   2 | plugins: [{name: p, path: ./p.so}, {name: P}, {config: 3, name: q}, {name: r, config: {a: \"x$\"}}]\n"
     "     |                     ^\n"
     "note: p.yaml:2:12: the first one is here\n"
     "p.yaml:2:43: error[E0212]: \"P\" is no name of a plugin\n"
     "   2 | plugins: [{name: p, path: ./p.so}, {name: P}, {config: 3, name: q}, {name: r, config: {a: \"x$\"}}]\n"
     "     |                                           ^\n"
     "help: names match [a-z][a-z0-9_]*; a path holds a slash: ./libx.so\n"
     "p.yaml:2:56: error[E0204]: config is \"3\", not a map\n"
     "   2 | plugins: [{name: p, path: ./p.so}, {name: P}, {config: 3, name: q}, {name: r, config: {a: \"x$\"}}]\n"
     "     |                                                        ^\n"
     "p.yaml:2:91: error[E0321]: the $ in \"x$\" begins no reference; write $$ for a dollar\n"
     "   2 | plugins: [{name: p, path: ./p.so}, {name: P}, {config: 3, name: q}, {name: r, config: {a: \"x$\"}}]\n"
     "     |                                                                                           ^\n"},
    {"five errors",
     "gantry: 1\n"
     "plugins: [primes]\n"
     "run: {worker: 4}\n"
     "steps:\n"
     "  - id: a\n"
     "    call: prime.count\n"
     "    timout: 5s\n"
     "  - id: a\n"
     "    call: primes.count\n"
     "    args: {low: $}\n",
     "p.yaml:3:7: error[E0201]: run has no key \"worker\"\n"
     "   3 | run: {worker: 4}\n"
     "     |       ^\n"
     "help: did you mean `workers`?\n"
     "p.yaml:6:11: error[E0326]: the plugin \"prime\" is not listed under plugins\n"
     "   6 |     call: prime.count\n"
     "     |           ^\n"
     "help: did you mean `primes`?\n"
     "p.yaml:7:5: error[E0201]: a step has no key \"timout\"\n"
     "   7 |     timout: 5s\n"
     "     |     ^\n"
     "help: did you mean `timeout`?\n"
     "p.yaml:8:9: error[E0323]: a second step has the id \"a\"\n"
     "   8 |   - id: a\n"
     "     |         ^\n"
     "note: p.yaml:5:9: the first one is here\n"
     "p.yaml:10:17: error[E0321]: the $ in \"$\" begins no reference; write $$ for a dollar\n"
     "  10 |     args: {low: $}\n"
     "     |                 ^\n"},
    {"control characters in a message",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {\"\\e[31m\": 1}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:10: error[E0320]: \"\\x1b[31m\" is no name of a param\n"
     "   3 | params: {\"\\e[31m\": 1}\n"
     "     |          ^\n"
     "help: names match [a-z][a-z0-9_]*\n"},
    {"long line",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {a: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\", B: 1, c: \"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:217: error[E0320]: \"B\" is no name of a param\n"
     "   3 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\", B: 1, c: \"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…\n"
     "     |                                                                                  ^\n"
     "help: names match [a-z][a-z0-9_]*\n"},
    {"code points",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {été: 日本, \"😀\": 1}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:10: error[E0320]: \"été\" is no name of a param\n"
     "   3 | params: {été: 日本, \"😀\": 1}\n"
     "     |          ^\n"
     "help: names match [a-z][a-z0-9_]*\n"
     "p.yaml:3:19: error[E0320]: \"😀\" is no name of a param\n"
     "   3 | params: {été: 日本, \"😀\": 1}\n"
     "     |                   ^\n"
     "help: names match [a-z][a-z0-9_]*\n"},
    {"tab before the caret",
     "gantry: 1\n"
     "plugins: [p]\n"
     "params: {a: 1,\tB: 2}\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:16: error[E0320]: \"B\" is no name of a param\n"
     "   3 | params: {a: 1,  B: 2}\n"
     "     |                 ^\n"
     "help: names match [a-z][a-z0-9_]*\n"},
    {"CRLF",
     "gantry: 1\r\n"
     "plugins: [p]\r\n"
     "plugins: [q]\r\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:3:1: error[E0106]: the key \"plugins\" stands here a second time\n"
     "   3 | plugins: [q]\n"
     "     | ^\n"
     "note: p.yaml:2:1: the first one is here\n"},
    {"byte-order mark",
     "\357\273\277gantrie: 1\n"
     "steps: [{id: a, call: p.f}]\n",
     "p.yaml:1:1: error[E0201]: a pipeline has no key \"gantrie\"\n"
     "   1 | gantrie: 1\n"
     "     | ^\n"
     "help: did you mean `gantry`?\n"
     "p.yaml:1:1: error[E0203]: the pipeline has no plugins\n"
     "   1 | gantrie: 1\n"
     "     | ^\n"
     "help: add plugins: [name]\n"},
  };
  // clang-format on
  return table;
}

}  // namespace gantry::config::test
