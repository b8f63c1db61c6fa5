// A folder of a test's own, removed with everything in it at the end.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace heapcrest {

class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

  // Writes a file, making the folders on its way, and returns its path.
  std::string Write(const std::string& name, std::string_view content, mode_t mode = 0644) const;

 private:
  std::string path_;
};

std::string ReadFile(const std::string& path);

}  // namespace heapcrest
