// Host tool: joins the page's ES modules into one classic script, and strips comments from script
// and style. Building heapcrest needs no Node.
//
//   page_bundle script OUT a.js b.js ...   modules in order: each may import only earlier ones
//   page_bundle style OUT a.css ...
//
// A module becomes a function that returns its exports. Understood are exactly the forms that these
// modules use: one-line `import { a, b } from './x.js';` and `export` before a function, class or
// const at the start of a line. A remark at the end of a line stands behind two spaces, a type in
// the middle between /** and */; no string may hold these. Anything else is an error here or in the
// script's tests.
#include <fstream>
#include <iostream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "viewer/page/squeeze.h"

namespace {

std::string Trimmed(const std::string& line) {
  const size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// The lines of a file without indentation, empty lines and comments that fill whole lines.
std::vector<std::string> CodeLines(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> lines;
  bool in_comment = false;
  for (std::string line; std::getline(in, line);) {
    line = Trimmed(line);
    const bool is_inside = line.rfind("/**", 0) == 0 && line.find("*/") != std::string::npos;
    if (!in_comment && !is_inside && line.rfind("/*", 0) == 0) in_comment = true;
    if (in_comment) {
      in_comment = !EndsWith(line, "*/");
      continue;
    }
    if (line.rfind("//", 0) == 0) continue;
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::string ModuleName(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string file = slash == std::string::npos ? path : path.substr(slash + 1);
  return file.substr(0, file.rfind('.'));
}

// Turns an import into a destructuring of an earlier module's exports.
std::string Import(const std::string& line, const std::set<std::string>& known) {
  static const std::regex kImport(R"(import \{ ([\w, $]+) \} from '\./(\w+)\.js';)");
  std::smatch match;
  if (!std::regex_match(line, match, kImport)) throw std::runtime_error("not understood: " + line);
  if (known.count(match[2]) == 0) throw std::runtime_error("imported too early: " + line);
  return "const { " + match[1].str() + " } = $" + match[2].str() + ";";
}

std::string Module(const std::string& path, const std::set<std::string>& known) {
  static const std::regex kExport(R"(export ((?:async )?function|class|const) ([\w$]+).*)");
  std::string body, exports;
  for (std::string line : CodeLines(path)) {
    std::smatch match;
    if (line.rfind("import ", 0) == 0) {
      line = Import(line, known);
    } else if (line.rfind("export ", 0) == 0) {
      if (!std::regex_match(line, match, kExport)) {
        throw std::runtime_error("not understood: " + line);
      }
      exports += (exports.empty() ? "" : ", ") + match[2].str();
      line = line.substr(7);
    }
    line = SqueezedScript(line);
    if (!line.empty()) body += line + "\n";
  }
  return "const $" + ModuleName(path) + " = (() => {\n" + body + "return { " + exports +
         " };\n})();\n";
}

std::string Script(const std::vector<std::string>& paths) {
  std::string script = "'use strict';\n(() => {\n";
  std::set<std::string> known;
  for (const std::string& path : paths) {
    script += Module(path, known);
    known.insert(ModuleName(path));
  }
  return script + "})();\n";
}

std::string Style(const std::vector<std::string>& paths) {
  std::string style;
  for (const std::string& path : paths) {
    for (const std::string& line : CodeLines(path)) style += SqueezedStyle(line) + "\n";
  }
  return style;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 4) throw std::runtime_error("usage: page_bundle script|style OUT FILES...");
  const std::vector<std::string> paths(argv + 3, argv + argc);
  const std::string text = std::string(argv[1]) == "script" ? Script(paths) : Style(paths);
  if (text.find("</script") != std::string::npos) throw std::runtime_error("ends its own element");
  std::ofstream out(argv[2]);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(std::string("cannot write ") + argv[2]);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "page_bundle: " << error.what() << '\n';
  return 1;
}
