#include "viewer/symbols/demangle.h"

#include <libiberty/demangle.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdlib>

namespace heapcrest {
namespace {

constexpr int kStyle = DMGL_PARAMS | DMGL_ANSI;

// libiberty gives up on names beyond 1,024 bytes to spare the stack, and templates are longer than
// that every day. Those get a thread with a stack that the longest cannot fill: the worst names
// found take 216 bytes of stack for each of theirs.
constexpr size_t kShortNameBytes = 1000;
constexpr size_t kDeepStackBytes = kMaxMangledBytes * 1024;

// D's demangler cannot be stopped, and each `Q` may repeat all that was before it.
constexpr size_t kMaxDNameBytes = 2048;
constexpr ptrdiff_t kMaxDBackReferences = 24;

struct Output {
  std::string text;
  std::jmp_buf too_long;
};

// libiberty has no other way out of a callback. Only its frames, which own nothing, are skipped.
void Append(const char* text, size_t bytes, void* opaque) {
  auto* output = static_cast<Output*>(opaque);
  if (bytes > kMaxNameBytes - output->text.size()) std::longjmp(output->too_long, 1);
  output->text.append(text, bytes);
}

using CallbackDemangler = int (*)(const char*, int, demangle_callbackref, void*);

bool Run(CallbackDemangler demangler, const std::string& symbol, int options, Output* output) {
  output->text.clear();
  if (setjmp(output->too_long) != 0) return false;
  return demangler(symbol.c_str(), options, &Append, output) != 0;
}

struct Job {
  const std::string* symbol;
  int options;
  Output output;
  bool done = false;
};

// Rust's old names are C++ names with a hash at the end: Rust goes first.
void RunJob(Job* job) {
  job->done = Run(&rust_demangle_callback, *job->symbol, job->options, &job->output) ||
              Run(&cplus_demangle_v3_callback, *job->symbol, job->options, &job->output);
}

void RunOnDeepStack(Job* job) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kDeepStackBytes);
  const auto body = [](void* argument) -> void* {
    RunJob(static_cast<Job*>(argument));
    return nullptr;
  };
  if (pthread_create(&thread, &attributes, body, job) == 0) pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

std::string DemangleD(const std::string& symbol) {
  if (symbol.size() > kMaxDNameBytes ||
      std::count(symbol.begin(), symbol.end(), 'Q') > kMaxDBackReferences) {
    return symbol;
  }
  char* demangled = dlang_demangle(symbol.c_str(), kStyle);
  if (demangled == nullptr) return symbol;
  std::string name(demangled);
  free(demangled);
  return name;
}

bool IsNumber(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int HexDigit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Emacs calls its native functions "F", the bytes of their name in hexadecimal, "_", as much of it
// as C can spell, "_" and a number. Empty: it is none.
std::string EmacsName(std::string_view symbol) {
  const size_t end = symbol.find('_'), last = symbol.rfind('_');
  const bool is_one = symbol.starts_with('F') && end != symbol.npos && end >= 3 && end % 2 == 1 &&
                      last > end && IsNumber(symbol.substr(last + 1));
  if (!is_one) return "";
  std::string name;
  for (size_t i = 1; i < end; i += 2) {
    const int high = HexDigit(symbol[i]), low = HexDigit(symbol[i + 1]);
    const int character = high * 16 + low;
    if (high < 0 || low < 0 || character <= ' ' || character >= 0x7f) return "";
    name += static_cast<char>(character);
  }
  return name;
}

// The last part of `name` that a compiler added, dot included: ".cold", ".isra.0"; else empty.
std::string_view CloneSuffix(std::string_view name, bool is_mangled) {
  static constexpr std::array<std::string_view, 8> kMarks = {
      "cold", "isra", "constprop", "part", "lto_priv", "llvm", "localalias", "clone"};
  size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  std::string_view mark = name.substr(dot + 1);
  if (IsNumber(mark)) {
    const size_t before = name.rfind('.', dot - 1);
    const bool has_mark = before != std::string_view::npos && before != 0;
    const std::string_view worded =
        has_mark ? name.substr(before + 1, dot - before - 1) : std::string_view();
    if (std::find(kMarks.begin(), kMarks.end(), worded) != kMarks.end()) return name.substr(before);
    return is_mangled ? name.substr(dot) : std::string_view();  // in C "f.0" is a nested function
  }
  const bool is_mark = std::find(kMarks.begin(), kMarks.end(), mark) != kMarks.end();
  return is_mark ? name.substr(dot) : std::string_view();
}

}  // namespace

bool IsMangled(std::string_view symbol) {
  const std::string_view prefix = symbol.substr(0, 2);
  return prefix == "_Z" || prefix == "_R" || prefix == "_D" || symbol.substr(0, 8) == "_GLOBAL_";
}

std::string Demangle(std::string_view symbol) {
  const size_t version = symbol.find('@');
  if (version != std::string_view::npos && version != 0) symbol = symbol.substr(0, version);
  const bool is_mangled = IsMangled(symbol);
  for (std::string_view suffix = CloneSuffix(symbol, is_mangled); !suffix.empty();
       suffix = CloneSuffix(symbol, is_mangled)) {
    symbol.remove_suffix(suffix.size());
  }
  std::string name(symbol.substr(0, kMaxNameBytes));
  if (symbol.size() > kMaxMangledBytes || symbol.find('\0') != std::string_view::npos) return name;
  if (symbol.substr(0, 2) == "_D") return DemangleD(name);
  if (!is_mangled) {
    std::string lisp = EmacsName(name);
    return lisp.empty() ? name : lisp;
  }

  const bool is_short = name.size() <= kShortNameBytes;
  Job job{&name, is_short ? kStyle : kStyle | DMGL_NO_RECURSE_LIMIT, {}, false};
  if (is_short) {
    RunJob(&job);
  } else {
    RunOnDeepStack(&job);
  }
  return job.done ? std::move(job.output.text) : name;
}

}  // namespace heapcrest
