// Folded stacks, the line format of flamegraph.pl, speedscope, inferno and others:
//
//   root;caller;callee 4096
//
// one line for each call tree node that allocated itself, in bytes. The lines add up to the view's
// total. Semicolons in names become colons; what is not printable is replaced.
//
// Thread-safe: pure functions.
#pragma once

#include <string>

#include "viewer/call_tree.h"
#include "viewer/recording.h"

namespace heapcrest {

std::string FoldedStacks(const Recording& recording, const CallTree& tree, View view);

}  // namespace heapcrest
