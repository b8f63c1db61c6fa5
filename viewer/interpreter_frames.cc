#include "viewer/interpreter_frames.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "profiler/format/record.h"

namespace heapcrest {
namespace {

using std::string_view_literals::operator""sv;

constexpr auto kEvaluation = "_PyEval_EvalFrameDefault"sv;
constexpr auto kExtensions = "/lib-dynload/"sv;

// How a call gets from one Python frame to the next, and to the first one.
constexpr std::array kPlumbing = {"_PyEval_"sv,
                                  "PyEval_"sv,
                                  "_PyObject_Call"sv,
                                  "_PyObject_FastCall"sv,
                                  "_PyObject_Make"sv,
                                  "_PyObject_Vector"sv,
                                  "PyObject_Call"sv,
                                  "PyObject_Vectorcall"sv,
                                  "_PyVectorcall"sv,
                                  "PyVectorcall_"sv,
                                  "_PyFunction_"sv,
                                  "_PyCFunction"sv,
                                  "_PyMethodDef_"sv,
                                  "PyCFunction_"sv,
                                  "_PyGen_"sv,
                                  "Py_RunMain"sv,
                                  "Py_BytesMain"sv,
                                  "pymain_"sv,
                                  "PyRun_"sv,
                                  "_PyRun_"sv,
                                  "pyrun_"sv,
                                  "run_mod"sv,
                                  "run_eval_code_obj"sv,
                                  "cfunction_"sv,
                                  "method_vectorcall"sv,
                                  "slot_am_"sv,
                                  "slot_mp_"sv,
                                  "slot_nb_"sv,
                                  "slot_sq_"sv,
                                  "slot_tp_"sv,
                                  "call_attribute"sv,
                                  "call_unbound"sv,
                                  "callmethod"sv,
                                  "object_vacall"sv,
                                  "vectorcall_"sv,
                                  "PyGen_am_send"sv,
                                  "PyIter_Send"sv,
                                  "gen_send_ex"sv,
                                  "gen_iternext"sv,
                                  "function_code_"sv,
                                  "call_function"sv,
                                  "do_call_core"sv,
                                  "builtin_exec"sv,
                                  "builtin___build_class__"sv,
                                  "builtin___import__"sv,
                                  "PyImport_Import"sv,
                                  "type_call"sv,
                                  "partial_"sv,
                                  "import_find_and_load"sv,
                                  "import_name"sv,
                                  "trace_call_"sv,
                                  "_PyImport_"sv,
                                  "PyObject_GetItem"sv};

bool IsPlumbing(std::string_view function) {
  // "python3.11+0x1234": a function without a name.
  if (function.find("+0x") != function.npos) return true;
  return std::any_of(kPlumbing.begin(), kPlumbing.end(),
                     [function](std::string_view name) { return function.starts_with(name); });
}

// All of them but the one that stands for an import.
constexpr auto kImportlib = "<frozen importlib"sv;
constexpr auto kImports = "_find_and_load"sv;

bool HasPython(const Process& process) {
  return std::any_of(process.locations.begin(), process.locations.end(),
                     [](const Location& location) { return IsPythonFrame(location.address); });
}

void SortOut(std::vector<uint32_t>* modules) {
  std::sort(modules->begin(), modules->end());
  modules->erase(std::unique(modules->begin(), modules->end()), modules->end());
}

bool Contains(const std::vector<uint32_t>& modules, const Frame& frame) {
  return std::binary_search(modules.begin(), modules.end(), frame.module);
}

void FoldImportlib(Recording* recording) {
  StringTable& strings = recording->strings;
  for (Process& process : recording->processes) {
    for (Location& location : process.locations) {
      if (!IsPythonFrame(location.address) || location.frame_count == 0) continue;
      Frame& frame = recording->frames[location.first_frame];
      if (!strings[frame.file].starts_with(kImportlib)) continue;
      if (strings[frame.function] == kImports || strings[frame.function] == kImport) {
        frame.function = strings.Intern(kImport);
        frame.line = 0;
      } else {
        location.frame_count = 0;
      }
    }
  }
}

// Takes frames from both ends of the functions that are inlined into one another here. Between
// others they stay.
template <typename IsFolded>
void Trim(const std::vector<Frame>& frames, IsFolded is_folded, Location* location) {
  while (location->frame_count > 0 &&
         is_folded(frames[location->first_frame + location->frame_count - 1])) {
    --location->frame_count;
  }
  while (location->frame_count > 0 && is_folded(frames[location->first_frame])) {
    ++location->first_frame;
    --location->frame_count;
  }
  location->in_evaluation = std::min(location->in_evaluation, location->frame_count);
}

void MarkInlined(const Recording& recording, const Interpreters& interpreters, Location* location) {
  if (location->frame_count < 2) return;
  const Frame& outermost = recording.frames[location->first_frame + location->frame_count - 1];
  const bool is_loop = interpreters.Hold(outermost) &&
                       recording.strings[outermost.function].starts_with(kEvaluation);
  location->in_evaluation = is_loop ? location->frame_count - 1 : 0;
}

}  // namespace

Interpreters::Interpreters(const Recording& recording) : strings_(recording.strings) {
  for (const Process& process : recording.processes) {
    if (!HasPython(process)) continue;
    for (const Location& location : process.locations) {
      for (uint32_t i = 0; i < location.frame_count; ++i) {
        loaded_.push_back(recording.frames[location.first_frame + i].module);
      }
    }
  }
  SortOut(&loaded_);
  for (const Frame& frame : recording.frames) {
    if (frame.module == 0 || !Contains(loaded_, frame)) continue;
    if (strings_[frame.function].starts_with(kEvaluation)) {
      modules_.push_back(frame.module);
    } else if (strings_[frame.module].find(kExtensions) != std::string_view::npos) {
      extensions_.push_back(frame.module);
    }
  }
  SortOut(&modules_);
  SortOut(&extensions_);
}

bool Interpreters::Hold(const Frame& frame) const { return Contains(modules_, frame); }

bool Interpreters::IsBehindPython(const Frame& frame) const {
  if (empty() || !Contains(loaded_, frame)) return false;
  return frame.file == 0 || Hold(frame) || Contains(extensions_, frame);
}

bool Interpreters::IsStart(const Frame& frame) const {
  return !empty() && strings_[frame.function].starts_with("__libc_start");
}

void ArrangeInterpreters(Recording* recording, bool is_folded) {
  if (is_folded) FoldImportlib(recording);
  const Interpreters interpreters(*recording);
  if (interpreters.empty()) return;
  const auto is_plumbing = [&](const Frame& frame) {
    return interpreters.Hold(frame) && IsPlumbing(recording->strings[frame.function]);
  };
  for (Process& process : recording->processes) {
    for (Location& location : process.locations) {
      MarkInlined(*recording, interpreters, &location);
      if (is_folded) Trim(recording->frames, is_plumbing, &location);
    }
  }
}

}  // namespace heapcrest
