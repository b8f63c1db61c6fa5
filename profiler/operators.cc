#include "profiler/operators.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "profiler/recorder.h"

namespace heapcrest {
namespace {

template <typename Function>
void Find(const char* symbol, Function* real, bool* all_standard) {
  const ForOurselves for_ourselves;
  void* found = dlsym(RTLD_NEXT, symbol);
  if (found == nullptr) dlerror();
  *real = reinterpret_cast<Function>(found);
  *all_standard = *all_standard && (found == nullptr || IsInStandardLibrary(found));
}

}  // namespace

bool IsInStandardLibrary(void* function) {
  dl_find_object object;
  if (_dl_find_object(function, &object) != 0) return false;
  const char* name = object.dlfo_link_map->l_name;
  return strstr(name, "libstdc++.so") != nullptr || strstr(name, "libc++.so") != nullptr ||
         strstr(name, "libc++abi.so") != nullptr;
}

bool ReachesMalloc(const Operators& real) {
  if (real.plain == nullptr || real.drop == nullptr) return false;
  return AsksMalloc([&real] { real.drop(real.plain(1)); });
}

bool FindOperators(Operators* object, Operators* array) {
  bool all_standard = true;
  Find("_Znwm", &object->plain, &all_standard);
  Find("_ZnwmRKSt9nothrow_t", &object->nothrow, &all_standard);
  Find("_ZnwmSt11align_val_t", &object->aligned, &all_standard);
  Find("_ZnwmSt11align_val_tRKSt9nothrow_t", &object->aligned_nothrow, &all_standard);
  Find("_ZdlPv", &object->drop, &all_standard);
  Find("_ZdlPvm", &object->drop_sized, &all_standard);
  Find("_ZdlPvRKSt9nothrow_t", &object->drop_nothrow, &all_standard);
  Find("_ZdlPvSt11align_val_t", &object->drop_aligned, &all_standard);
  Find("_ZdlPvmSt11align_val_t", &object->drop_sized_aligned, &all_standard);
  Find("_ZdlPvSt11align_val_tRKSt9nothrow_t", &object->drop_aligned_nothrow, &all_standard);
  Find("_Znam", &array->plain, &all_standard);
  Find("_ZnamRKSt9nothrow_t", &array->nothrow, &all_standard);
  Find("_ZnamSt11align_val_t", &array->aligned, &all_standard);
  Find("_ZnamSt11align_val_tRKSt9nothrow_t", &array->aligned_nothrow, &all_standard);
  Find("_ZdaPv", &array->drop, &all_standard);
  Find("_ZdaPvm", &array->drop_sized, &all_standard);
  Find("_ZdaPvRKSt9nothrow_t", &array->drop_nothrow, &all_standard);
  Find("_ZdaPvSt11align_val_t", &array->drop_aligned, &all_standard);
  Find("_ZdaPvmSt11align_val_t", &array->drop_sized_aligned, &all_standard);
  Find("_ZdaPvSt11align_val_tRKSt9nothrow_t", &array->drop_aligned_nothrow, &all_standard);
  return all_standard;
}

}  // namespace heapcrest
