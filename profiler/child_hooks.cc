// The wait family as the program sees it: who waits for a child learns how it ended, and nobody
// else does. `heapcrest run` is told of the program itself and of orphans only.
//
// waitpid, wait and wait3 are wait4 with fewer arguments, in glibc too.
#include <sys/resource.h>
#include <sys/wait.h>

#include "profiler/real_allocator.h"
#include "profiler/recorder.h"

#define HEAPCREST_HOOK extern "C" __attribute__((visibility("default")))

using namespace heapcrest;

namespace {

int StatusOf(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return W_EXITCODE(info.si_status, 0);
  return W_EXITCODE(0, info.si_status);
}

bool HasEnded(int status) { return WIFEXITED(status) || WIFSIGNALED(status); }

}  // namespace

HEAPCREST_HOOK pid_t wait4(pid_t pid, int* status, int options, rusage* usage) {
  int own_status = 0;
  if (status == nullptr) status = &own_status;
  const pid_t child = g_real.wait4(pid, status, options, usage);
  if (child > 0 && HasEnded(*status)) RecordChildEndSlow(child, *status);
  return child;
}

HEAPCREST_HOOK pid_t waitpid(pid_t pid, int* status, int options) {
  return wait4(pid, status, options, nullptr);
}

HEAPCREST_HOOK pid_t wait(int* status) { return wait4(-1, status, 0, nullptr); }

HEAPCREST_HOOK pid_t wait3(int* status, int options, rusage* usage) {
  return wait4(-1, status, options, usage);
}

HEAPCREST_HOOK int waitid(idtype_t type, id_t id, siginfo_t* info, int options) {
  const int result = g_real.waitid(type, id, info, options);
  const bool has_ended =
      result == 0 && (options & WEXITED) != 0 && info != nullptr && info->si_pid != 0 &&
      (info->si_code == CLD_EXITED || info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED);
  if (has_ended) RecordChildEndSlow(info->si_pid, StatusOf(*info));
  return result;
}
