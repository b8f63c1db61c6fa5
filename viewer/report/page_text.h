// The page's script, style and markup, built from viewer/page/ into the program.
//
// Thread-safe: constants.
#pragma once

namespace heapcrest {

extern const char kPageScript[];
extern const char kPageStyle[];
extern const char kPageHead[];          // what else belongs into <head>
extern const char kPageApp[];           // a <template> that the script opens
extern const char kPageScriptSha256[];  // in hexadecimal
extern const char kPageStyleSha256[];

}  // namespace heapcrest
