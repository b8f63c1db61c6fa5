#include "viewer/symbols/debug_file.h"

#include <gelf.h>
#include <zlib.h>

#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace heapcrest {
namespace {

bool HasSymbols(const ElfFile& file) {
  return file.HasSection(".debug_info") || file.HasSection(".zdebug_info") ||
         file.HasSection(".symtab");
}

uint32_t ChecksumOf(const ElfFile& file) {
  size_t bytes = 0;
  const char* content = elf_rawfile(file.elf(), &bytes);
  if (content == nullptr) return 0;
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(content), bytes));
}

std::optional<ElfFile> OpenByBuildId(const std::string& build_id, const std::string& root) {
  if (build_id.size() < 2) return std::nullopt;
  const std::string hex(absl::BytesToHexString(build_id));
  absl::StatusOr<ElfFile> file = ElfFile::Open(
      absl::StrCat(root, "/.build-id/", hex.substr(0, 2), "/", hex.substr(2), ".debug"));
  if (!file.ok() || file->BuildId() != build_id || !HasSymbols(*file)) return std::nullopt;
  return std::move(*file);
}

std::optional<ElfFile> OpenLinked(const std::string& path, const std::string& build_id,
                                  uint32_t crc) {
  absl::StatusOr<ElfFile> file = ElfFile::Open(path);
  if (!file.ok() || !HasSymbols(*file)) return std::nullopt;
  const std::string its_build_id = file->BuildId();
  const bool both_have_ids = !build_id.empty() && !its_build_id.empty();
  if (both_have_ids ? its_build_id != build_id : ChecksumOf(*file) != crc) return std::nullopt;
  return std::move(*file);
}

}  // namespace

std::optional<ElfFile> FindDebugFile(const ElfFile& module, const std::string& root) {
  const std::string build_id = module.BuildId();
  if (std::optional<ElfFile> file = OpenByBuildId(build_id, root)) return file;

  const DebugLink link = module.Link();
  if (link.name.empty() || link.name.find('/') != std::string::npos) return std::nullopt;
  std::error_code error;
  std::filesystem::path path = std::filesystem::canonical(module.path(), error);
  if (error) return std::nullopt;
  const std::string folder = path.parent_path().string();
  for (const std::string& candidate :
       {absl::StrCat(folder, "/", link.name), absl::StrCat(folder, "/.debug/", link.name),
        absl::StrCat(root, folder, "/", link.name)}) {
    if (candidate == path.string()) continue;
    if (std::optional<ElfFile> file = OpenLinked(candidate, build_id, link.crc)) return file;
  }
  return std::nullopt;
}

}  // namespace heapcrest
