// Takes comments and needless spaces out of script and style, a line at a time. Names stay: whoever
// opens a page's source can read it.
//
// Understood are strings, templates and regular expressions that end on their line, comments behind
// code and between it. No string of the style holds `: ` or `, `.
//
// Thread-safe: pure functions.
#pragma once

#include <string>

std::string SqueezedScript(const std::string& line);
std::string SqueezedStyle(const std::string& line);
