// Looks up what a loaded executable or library exports, without the dynamic loader's help: dlsym
// takes locks and allocates.
//
// Thread-safe while the object stays loaded. Called from hooks: yes (slow path). Allocates: never.
#pragma once

#include <link.h>

#include <cstddef>

namespace heapcrest {

struct Export {
  const void* address = nullptr;  // null: not exported
  size_t bytes = 0;
};

Export FindExport(const link_map& object, const char* name);

}  // namespace heapcrest
