#include "profiler/operators.h"

#include <dlfcn.h>
#include <link.h>

#include <cstring>

#include "profiler/next_definition.h"
#include "profiler/probe.h"

namespace heapcrest {
namespace {

const std::nothrow_t kNothrow{};  // std::nothrow is in a library that may not be there

bool IsInStandardLibrary(void* function) {
  dl_find_object object;
  if (_dl_find_object(function, &object) != 0) return false;
  const char* name = object.dlfo_link_map->l_name;
  return strstr(name, "libstdc++.so") != nullptr || strstr(name, "libc++.so") != nullptr ||
         strstr(name, "libc++abi.so") != nullptr;
}

template <typename Function>
void Find(const char* symbol, Function* real, bool* all_standard) {
  void* found = NextDefinition(symbol);
  *real = reinterpret_cast<Function>(found);
  *all_standard = *all_standard && (found == nullptr || IsInStandardLibrary(found));
}

// The standard library's own forms call a simpler form, which is ours again.
template <typename Function>
bool IsReplacement(Function real) {
  return real != nullptr && !IsInStandardLibrary(reinterpret_cast<void*>(real));
}

// Of a form that allocates.
template <typename Make, typename Release, typename Call>
void ChooseNew(Make real, Make recorded, Release drop, Make* target, Call call) {
  if (real == nullptr) return;
  const bool passes =
      !IsReplacement(real) || ProbeReach(call, [drop](void* block) { drop(block); }).make;
  *target = passes ? real : recorded;
}

// Of a form that frees what `make` gives.
template <typename Make, typename Release, typename Call>
void ChooseDelete(Make make, Release real, Release recorded, Release* target, Call call) {
  if (real == nullptr) return;
  const bool passes = !IsReplacement(real) || ProbeReach([make] { return make(1); }, call).release;
  *target = passes ? real : recorded;
}

bool IsWhole(const Operators& real) {
  return real.plain != nullptr && real.drop != nullptr && real.aligned != nullptr &&
         real.drop_aligned != nullptr;
}

}  // namespace

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

void ChooseWays(const Operators& real, const Operators& recorded, Operators* ways) {
  if (!IsWhole(real)) return;
  constexpr Align kAlign{16};
  const auto make_aligned = [&real](size_t n) { return real.aligned(n, kAlign); };
  const auto drop_aligned = [&real](void* p) { real.drop_aligned(p, kAlign); };
  ChooseNew(real.plain, recorded.plain, real.drop, &ways->plain, [&real] { return real.plain(1); });
  ChooseNew(real.nothrow, recorded.nothrow, real.drop, &ways->nothrow,
            [&real] { return real.nothrow(1, kNothrow); });
  ChooseNew(real.aligned, recorded.aligned, drop_aligned, &ways->aligned,
            [&real] { return real.aligned(1, kAlign); });
  ChooseNew(real.aligned_nothrow, recorded.aligned_nothrow, drop_aligned, &ways->aligned_nothrow,
            [&real] { return real.aligned_nothrow(1, kAlign, kNothrow); });
  ChooseDelete(real.plain, real.drop, recorded.drop, &ways->drop,
               [&real](void* p) { real.drop(p); });
  ChooseDelete(real.plain, real.drop_sized, recorded.drop_sized, &ways->drop_sized,
               [&real](void* p) { real.drop_sized(p, 1); });
  ChooseDelete(real.plain, real.drop_nothrow, recorded.drop_nothrow, &ways->drop_nothrow,
               [&real](void* p) { real.drop_nothrow(p, kNothrow); });
  ChooseDelete(make_aligned, real.drop_aligned, recorded.drop_aligned, &ways->drop_aligned,
               drop_aligned);
  ChooseDelete(make_aligned, real.drop_sized_aligned, recorded.drop_sized_aligned,
               &ways->drop_sized_aligned,
               [&real](void* p) { real.drop_sized_aligned(p, 1, kAlign); });
  ChooseDelete(make_aligned, real.drop_aligned_nothrow, recorded.drop_aligned_nothrow,
               &ways->drop_aligned_nothrow,
               [&real](void* p) { real.drop_aligned_nothrow(p, kAlign, kNothrow); });
}

}  // namespace heapcrest
