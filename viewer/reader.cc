#include "viewer/reader.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "viewer/address_names.h"
#include "viewer/capture_reader.h"
#include "viewer/child_exits.h"
#include "viewer/input_file.h"
#include "viewer/profile_reader.h"

namespace heapcrest {
namespace {

bool HasLostStacks(const Process& process) {
  return std::any_of(process.stacks.begin() + 1, process.stacks.end(), [](const StackNode& stack) {
    return stack.location == kNone && stack.omitted == 0;
  });
}

void AddFrameOnce(std::string_view name, Recording* recording, uint32_t* frame) {
  if (*frame != kNone) return;
  *frame = static_cast<uint32_t>(recording->frames.size());
  recording->frames.push_back({recording->strings.Intern(name)});
}

void AddProcess(Process process, Recording* recording) {
  if (HasLostStacks(process)) {
    AddFrameOnce("[stack lost]", recording, &recording->lost_stack_frame);
  }
  if (!process.counts.points.empty()) {
    AddFrameOnce("[not sampled]", recording, &recording->not_sampled_frame);
  }
  recording->processes.push_back(std::move(process));
}

absl::StatusOr<Recording> ReadFile(const std::string& path) {
  const absl::StatusOr<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return file.status();
  const absl::StatusOr<FileKind> kind = file->ReadKind();
  if (!kind.ok()) return kind.status();
  if (*kind == FileKind::kProfile) {
    absl::StatusOr<Recording> profile = ReadProfile(*file);
    if (profile.ok()) NameByAddress(&*profile);
    return profile;
  }
  Recording recording;
  absl::StatusOr<Process> process = ReadCapture(*file, &recording.warnings);
  if (!process.ok()) return process.status();
  AddProcess(*std::move(process), &recording);
  return recording;
}

// Otherwise a report would be about what else ran.
void WarnOfOwnMallocs(Recording* recording) {
  const Process* first = nullptr;
  size_t others = 0;
  for (const Process& process : recording->processes) {
    if (!process.has_own_malloc || !process.samples.empty()) continue;
    if (first == nullptr) {
      first = &process;
    } else {
      ++others;
    }
  }
  if (first == nullptr) return;
  const std::string name = first->command.empty() ? first->executable : first->command.front();
  const std::string more = others == 0 ? "" : " and " + std::to_string(others) + " more";
  recording->warnings.push_back(
      "nothing was recorded of " + name + " (pid " + std::to_string(first->pid) + ")" + more +
      ": a malloc of its own is linked in, which no preloaded library can see");
}

std::vector<std::string> CapturesIn(const std::string& folder) {
  std::vector<std::string> captures;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".capture") captures.push_back(entry->path());
  }
  std::sort(captures.begin(), captures.end());
  return captures;
}

absl::StatusOr<Process> ReadOneOf(const std::string& path, std::vector<std::string>* warnings) {
  const absl::StatusOr<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return file.status();
  if (file->size() == 0) {
    return absl::InvalidArgumentError(
        path +
        ": is empty: its process could not write it (ulimit -f, a full disk) or just begins");
  }
  const absl::StatusOr<FileKind> kind = file->ReadKind();
  if (!kind.ok()) return kind.status();
  if (*kind != FileKind::kCapture) {
    return absl::InvalidArgumentError(path + ": is not a capture");
  }
  return ReadCapture(*file, warnings);
}

absl::StatusOr<Recording> ReadFolder(const std::string& folder) {
  Recording recording;
  for (const std::string& path : CapturesIn(folder)) {
    absl::StatusOr<Process> process = ReadOneOf(path, &recording.warnings);
    if (process.ok()) {
      AddProcess(*std::move(process), &recording);
    } else {
      recording.warnings.emplace_back(process.status().message());
    }
  }
  if (recording.processes.empty()) {
    const std::string first = recording.warnings.empty() ? "" : "; " + recording.warnings.front();
    return absl::NotFoundError(folder + ": holds no capture that can be read; name a .heapcrest " +
                               "profile or the .captures folder that a run left" + first);
  }
  std::stable_sort(recording.processes.begin(), recording.processes.end(),
                   [](const Process& a, const Process& b) {
                     return std::tie(a.start_monotonic_ns, a.pid) <
                            std::tie(b.start_monotonic_ns, b.pid);
                   });
  NoteChildExits(&recording);
  return recording;
}

}  // namespace

absl::StatusOr<Recording> ReadRecording(const std::string& path) {
  std::error_code error;
  absl::StatusOr<Recording> recording =
      std::filesystem::is_directory(path, error) ? ReadFolder(path) : ReadFile(path);
  if (recording.ok()) WarnOfOwnMallocs(&*recording);
  return recording;
}

}  // namespace heapcrest
