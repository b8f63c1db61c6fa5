// What else is hooked, only to take notes: each does just what the program asked for.
//
//   dlclose          addresses of an unloaded library may come to mean other code
//   _exit, _Exit     a forked child's usual way out: only its parent would learn the status
//   the wait family  who waits for a child learns how it ended, and nobody else does: `heapcrest
//                    run` is told of the program itself and of orphans only
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "profiler/recorder.h"
#include "profiler/resolve.h"

#define HEAPCREST_HOOK extern "C" __attribute__((visibility("default")))

using namespace heapcrest;

namespace {

struct RealProcess {
  int (*dlclose)(void*);
  void (*_exit)(int);
  pid_t (*wait4)(pid_t, int*, int, rusage*);
  int (*waitid)(idtype_t, id_t, siginfo_t*, int);
};

extern RealProcess g_real_process;

int ResolveDlclose(void* library) {
  return Resolve("dlclose", &g_real_process.dlclose) ? g_real_process.dlclose(library) : -1;
}

void ExitAtOnce(int status) { syscall(SYS_exit_group, status); }

pid_t ResolveWait4(pid_t pid, int* status, int options, rusage* usage) {
  return Resolve("wait4", &g_real_process.wait4) ? g_real_process.wait4(pid, status, options, usage)
                                                 : -1;
}

int ResolveWaitid(idtype_t type, id_t id, siginfo_t* info, int options) {
  return Resolve("waitid", &g_real_process.waitid) ? g_real_process.waitid(type, id, info, options)
                                                   : -1;
}

constinit RealProcess g_real_process = {ResolveDlclose, ExitAtOnce, ResolveWait4, ResolveWaitid};

// Ahead of its use: who calls _exit may be a signal handler or a child of vfork.
__attribute__((constructor)) void ResolveExit() { Resolve("_exit", &g_real_process._exit); }

int StatusOf(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return W_EXITCODE(info.si_status, 0);
  return W_EXITCODE(0, info.si_status);
}

bool HasEnded(int status) { return WIFEXITED(status) || WIFSIGNALED(status); }

}  // namespace

HEAPCREST_HOOK int dlclose(void* library) {
  const int result = g_real_process.dlclose(library);
  g_session.NoteUnload();
  return result;
}

HEAPCREST_HOOK __attribute__((noreturn)) void _exit(int status) {
  g_session.NoteExit(status);
  g_real_process._exit(status);
  __builtin_unreachable();
}

HEAPCREST_HOOK __attribute__((noreturn)) void _Exit(int status) { _exit(status); }

HEAPCREST_HOOK pid_t wait4(pid_t pid, int* status, int options, rusage* usage) {
  int own_status = 0;
  if (status == nullptr) status = &own_status;
  const pid_t child = g_real_process.wait4(pid, status, options, usage);
  if (child > 0 && HasEnded(*status)) RecordChildEndSlow(child, *status);
  return child;
}

// These three are wait4 with fewer arguments, in glibc too.
HEAPCREST_HOOK pid_t waitpid(pid_t pid, int* status, int options) {
  return wait4(pid, status, options, nullptr);
}

HEAPCREST_HOOK pid_t wait(int* status) { return wait4(-1, status, 0, nullptr); }

HEAPCREST_HOOK pid_t wait3(int* status, int options, rusage* usage) {
  return wait4(-1, status, options, usage);
}

HEAPCREST_HOOK int waitid(idtype_t type, id_t id, siginfo_t* info, int options) {
  const int result = g_real_process.waitid(type, id, info, options);
  const bool has_ended =
      result == 0 && (options & WEXITED) != 0 && info != nullptr && info->si_pid != 0 &&
      (info->si_code == CLD_EXITED || info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED);
  if (has_ended) RecordChildEndSlow(info->si_pid, StatusOf(*info));
  return result;
}
