// Where the one file descriptor of a profiled process lies: beyond the program's limit, where the
// program does not see it. `heapcrest run` leaves room there, the preload library moves it.
//
// Constants. Called from hooks: no. Allocates: never.
#pragma once

#include <sys/resource.h>

namespace heapcrest {

// Descriptors below stay the program's own: it may count on 3 being the next one.
constexpr rlim_t kLowestDescriptor = 512;
// Beyond it the kernel's table of them would become large, and be copied by each fork.
constexpr rlim_t kHighestDescriptor = 1 << 16;

}  // namespace heapcrest
