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

#include "profiler/next_definition.h"
#include "profiler/recorder.h"

#define HEAPCREST_HOOK extern "C" __attribute__((visibility("default")))

using namespace heapcrest;

namespace {

struct RealProcess {
  int (*dlclose)(void*);
  void (*_exit)(int);
  void (*_Exit)(int);
  pid_t (*wait)(int*);
  pid_t (*waitpid)(pid_t, int*, int);
  pid_t (*wait3)(int*, int, rusage*);
  pid_t (*wait4)(pid_t, int*, int, rusage*);
  int (*waitid)(idtype_t, id_t, siginfo_t*, int);
};

constinit RealProcess g_real_process = {};

// Ahead of their use: who calls _exit may be a signal handler or a child of vfork.
__attribute__((constructor)) void FindRealProcess() {
  FindNext("dlclose", &g_real_process.dlclose);
  FindNext("_exit", &g_real_process._exit);
  FindNext("_Exit", &g_real_process._Exit);
  FindNext("wait", &g_real_process.wait);
  FindNext("waitpid", &g_real_process.waitpid);
  FindNext("wait3", &g_real_process.wait3);
  FindNext("wait4", &g_real_process.wait4);
  FindNext("waitid", &g_real_process.waitid);
}

// Another library's constructor may come first.
const RealProcess& Real() {
  if (g_real_process.waitid == nullptr) FindRealProcess();
  return g_real_process;
}

int StatusOf(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return W_EXITCODE(info.si_status, 0);
  return W_EXITCODE(0, info.si_status);
}

// The next function of the same name, whoever interposed it too, told to say the status.
template <typename Call>
pid_t Wait(int* status, Call real) {
  int own_status = 0;
  if (status == nullptr) status = &own_status;
  const pid_t child = real(status);
  const bool has_ended = child > 0 && (WIFEXITED(*status) || WIFSIGNALED(*status));
  if (has_ended) RecordChildEndSlow(child, *status);
  return child;
}

}  // namespace

HEAPCREST_HOOK int dlclose(void* library) {
  const int result = Real().dlclose(library);
  g_session.NoteUnload();
  return result;
}

HEAPCREST_HOOK __attribute__((noreturn)) void _exit(int status) {
  g_session.NoteExit(status);
  Real()._exit(status);
  __builtin_unreachable();
}

HEAPCREST_HOOK __attribute__((noreturn)) void _Exit(int status) {
  g_session.NoteExit(status);
  Real()._Exit(status);
  __builtin_unreachable();
}

HEAPCREST_HOOK pid_t wait4(pid_t pid, int* status, int options, rusage* usage) {
  return Wait(status, [=](int* out) { return Real().wait4(pid, out, options, usage); });
}

HEAPCREST_HOOK pid_t waitpid(pid_t pid, int* status, int options) {
  return Wait(status, [=](int* out) { return Real().waitpid(pid, out, options); });
}

HEAPCREST_HOOK pid_t wait(int* status) {
  return Wait(status, [](int* out) { return Real().wait(out); });
}

HEAPCREST_HOOK pid_t wait3(int* status, int options, rusage* usage) {
  return Wait(status, [=](int* out) { return Real().wait3(out, options, usage); });
}

HEAPCREST_HOOK int waitid(idtype_t type, id_t id, siginfo_t* info, int options) {
  const int result = Real().waitid(type, id, info, options);
  const bool has_ended =
      result == 0 && (options & WEXITED) != 0 && info != nullptr && info->si_pid != 0 &&
      (info->si_code == CLD_EXITED || info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED);
  if (has_ended) RecordChildEndSlow(info->si_pid, StatusOf(*info));
  return result;
}
