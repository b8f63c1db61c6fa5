#include "profiler/launch/target.h"

#include <elf.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "profiler/launch/bounded_file.h"
#include "profiler/launch/program_file.h"
#include "profiler/launch/script.h"
#include "profiler/launch/search_path.h"

namespace heapcrest {
namespace {

constexpr int kMaxInterpreters = 5;  // the kernel's own limit for scripts run by scripts

std::string_view FileName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// A copy of these would be of no use.
bool StartsOthers(std::string_view path) {
  const std::string_view name = FileName(path);
  return name == "sudo" || name == "su" || name == "doas" || name == "pkexec";
}

// The loader ignores LD_PRELOAD in a program that gains rights by being started.
absl::Status CheckRights(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return absl::OkStatus();
  const char* what = nullptr;
  if ((info.st_mode & S_ISUID) != 0) what = "is setuid";
  if ((info.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP)) what = "is setgid";
  if (getxattr(path.c_str(), "security.capability", nullptr, 0) > 0) what = "has capabilities";
  if (what == nullptr) return absl::OkStatus();
  if (StartsOthers(path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", path, "' ", what, ", so the loader keeps profilers out of it and of ",
                     "what it starts. Let it start heapcrest: sudo heapcrest run ./program"));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "'", path, "' ", what,
      ", so the loader keeps profilers out of it. Copy it (a copy has plain ",
      "rights), and profile the copy: cp '", path, "' . as a user who may do its work."));
}

absl::Status CheckInterpreter(const std::string& path, const ProgramFile& file) {
  if (file.type != ET_EXEC && file.type != ET_DYN) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", path, "' is an ELF file, but not a program. Link it first."));
  }
  // The loader itself, which preloads for the program that it is told to run.
  if (file.interpreter.empty() && FileName(path).starts_with("ld-linux")) return absl::OkStatus();
  if (file.interpreter.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", path, "' is statically linked: there is no loader that could bring the profiler in. ",
        "Link it dynamically (without -static) and run it again; for Go's own heap, use pprof."));
  }
  if (absl::StrContains(file.interpreter, "ld-musl")) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", path, "' is built for musl (its loader is ", file.interpreter,
                     "); the profiler needs glibc. Build it for glibc and run it again."));
  }
  if (access(file.interpreter.c_str(), F_OK) != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", path, "' needs the loader ", file.interpreter, ", which is not here. Install it."));
  }
  return absl::OkStatus();
}

absl::StatusOr<ProgramFile> ReadNativeProgram(const std::string& path) {
  absl::StatusOr<ProgramFile> file = ReadProgramFile(path);
  if (!file.ok()) return file.status();
  if (!IsNative(*file)) {
    const bool narrow = file->elf_class == ELFCLASS32;
    return absl::InvalidArgumentError(
        absl::StrCat("'", path, "' is built for another architecture", narrow ? " (32-bit)" : "",
                     " than heapcrest itself. Build it for this machine and run it again."));
  }
  if (absl::Status status = CheckInterpreter(path, *file); !status.ok()) return status;
  if (absl::Status status = CheckRights(path); !status.ok()) return status;
  return file;
}

std::optional<Interpreter> InterpreterOf(const std::string& path) {
  const absl::StatusOr<BoundedFile> in = BoundedFile::Open(path);
  if (!in.ok()) return std::nullopt;
  std::array<char, kMaxFirstLineBytes> start;
  return ParseFirstLine({start.data(), in->ReadSome(0, start.data(), start.size())});
}

}  // namespace

absl::StatusOr<Target> FindTarget(const std::string& name, const char* search_path) {
  absl::StatusOr<std::string> path = FindProgram(name, search_path);
  if (!path.ok()) return path.status();
  Target target{.path = *path, .executable = *path};
  const auto in_script = [&](const absl::Status& status) {
    if (target.executable == target.path) return status;
    return absl::Status(status.code(),
                        absl::StrCat("of the script '", target.path, "': ", status.message()));
  };
  for (int depth = 0; depth <= kMaxInterpreters; ++depth) {
    absl::StatusOr<ProgramFile> file = ReadNativeProgram(target.executable);
    if (file.ok()) {
      target.defines_malloc = file->defines_malloc;
      return target;
    }
    if (!absl::IsNotFound(file.status())) return in_script(file.status());
    const std::optional<Interpreter> interpreter = InterpreterOf(target.executable);
    if (!interpreter) {
      return in_script(absl::InvalidArgumentError(absl::StrCat(
          "'", target.executable, "' is neither an ELF program nor a script with an interpreter. ",
          "Name one in its first line (#!/bin/sh), or run the interpreter with it.")));
    }
    std::string next = ProgramOfEnv(*interpreter);
    if (next.empty()) next = interpreter->path;
    // The kernel takes the name as it is written; only env looks in PATH.
    if (next == interpreter->path && next.find('/') == next.npos) next.insert(0, "./");
    absl::StatusOr<std::string> found = FindProgram(next, search_path);
    target.executable = next;
    if (!found.ok()) return in_script(found.status());
    target.executable = *found;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", target.path, "' is a script whose interpreters are scripts too, more than ",
                   kMaxInterpreters, " deep. Run the program itself."));
}

}  // namespace heapcrest
