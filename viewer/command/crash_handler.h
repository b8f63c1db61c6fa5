// Prints our own stack when the command itself crashes, so that a bug report has one.
//
// Thread-safe.
#pragma once

namespace heapcrest {

// For SIGSEGV, SIGABRT, SIGBUS, SIGFPE and SIGILL. The process still ends by the signal.
void InstallCrashHandler();

}  // namespace heapcrest
