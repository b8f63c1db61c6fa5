#include "viewer/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>

#include "profiler/format/capture_format.h"

namespace heapcrest {
namespace {

absl::Status Failure(const std::string& path, const std::string& what) {
  const std::string reason = strerrordesc_np(errno);
  return absl::UnavailableError(path + ": " + what + ": " + reason +
                                "; choose another place with -o");
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "./" : path.substr(0, slash + 1);
}

// Through symbolic links, so that the file behind them is replaced and not the link.
std::string Resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), free);
  return real ? real.get() : path;
}

std::string FirstBytes(const std::string& path) {
  std::array<char, 64> bytes;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  const ssize_t count = read(file, bytes.data(), bytes.size());
  close(file);
  return {bytes.data(), count < 0 ? 0 : static_cast<size_t>(count)};
}

bool IsOurs(const std::string& path, OutputKind kind) {
  const std::string first = FirstBytes(path);
  if (kind == OutputKind::kReport) return first.starts_with(kReportMarker);
  if (kind != OutputKind::kProfile || first.size() < 16) return false;
  const auto is_profile = static_cast<uint32_t>(FileKind::kProfile);
  return first.starts_with(std::string_view(kMagic, sizeof(kMagic))) &&
         memcmp(first.data() + 12, &is_profile, sizeof(is_profile)) == 0;
}

absl::Status WriteAll(int file, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failure(path, "cannot be written");
    content.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status WriteDirectly(const std::string& path, std::string_view content) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return Failure(path, "cannot be opened");
  absl::Status status = WriteAll(file, path, content);
  close(file);
  return status;
}

absl::Status WriteBeside(const std::string& path, std::string_view content, mode_t mode) {
  // A short name of its own: the file's name may be as long as a name can be.
  const std::string beside = FolderOf(path) + ".heapcrest-" + std::to_string(getpid()) + ".part";
  unlink(beside.c_str());
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return Failure(path, "no file can be made in its folder");
  if (mode != 0) fchmod(file, mode);
  absl::Status status = WriteAll(file, path, content);
  if (close(file) != 0 && status.ok()) status = Failure(path, "cannot be written");
  if (status.ok() && rename(beside.c_str(), path.c_str()) != 0) {
    status = Failure(path, "cannot be put in its place");
  }
  if (!status.ok()) unlink(beside.c_str());
  return status;
}

bool IsDevice(const struct stat& status) {
  return S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode) || S_ISSOCK(status.st_mode);
}

}  // namespace

absl::Status CheckWritable(const std::string& path, OutputKind kind) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) {
    if (access(FolderOf(path).c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
    return Failure(path, "no file can be made in its folder");
  }
  if (IsDevice(status) || (S_ISREG(status.st_mode) && IsOurs(path, kind))) return absl::OkStatus();
  const bool is_folder = S_ISDIR(status.st_mode);
  const std::string what = is_folder                      ? "is a folder"
                           : kind == OutputKind::kProfile ? "exists and is not a heapcrest profile"
                           : kind == OutputKind::kReport  ? "exists and is not a heapcrest report"
                                                          : "exists";
  return absl::FailedPreconditionError(
      path + ": " + what + ", so it is left alone; " +
      (is_folder ? "choose a file name with -o" : "choose another name with -o, or remove it"));
}

absl::Status WriteWhole(const std::string& path, std::string_view content, OutputKind kind) {
  if (absl::Status status = CheckWritable(path, kind); !status.ok()) return status;
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return WriteBeside(path, content, 0);
  if (IsDevice(status)) return WriteDirectly(path, content);
  return WriteBeside(Resolved(path), content, status.st_mode & 07777);
}

}  // namespace heapcrest
