#include "viewer/address_names.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <tuple>

namespace heapcrest {
namespace {

std::string Hex(uint64_t number) {
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(number));
  return text.data();
}

// Finds the mapping of an address; those of one epoch do not overlap.
class MappingIndex {
 public:
  explicit MappingIndex(const Process& process) {
    for (const Mapping& mapping : process.mappings) sorted_.push_back(&mapping);
    std::sort(sorted_.begin(), sorted_.end(), [](const Mapping* a, const Mapping* b) {
      return std::tie(a->epoch, a->start) < std::tie(b->epoch, b->start);
    });
  }

  const Mapping* Find(const Location& location) const {
    const auto above = std::upper_bound(
        sorted_.begin(), sorted_.end(), location, [](const Location& l, const Mapping* m) {
          return std::tie(l.epoch, l.address) < std::tie(m->epoch, m->start);
        });
    if (above == sorted_.begin()) return nullptr;
    const Mapping* mapping = *(above - 1);
    return mapping->epoch == location.epoch && location.address < mapping->end ? mapping : nullptr;
  }

 private:
  std::vector<const Mapping*> sorted_;
};

}  // namespace

void NameByAddress(Recording* recording) {
  for (Process& process : recording->processes) {
    const MappingIndex mappings(process);
    for (Location& location : process.locations) {
      if (location.frame_count != 0) continue;
      Frame frame;
      std::string name = Hex(location.address);
      if (const Mapping* mapping = mappings.Find(location)) {
        frame.module = recording->strings.Intern(mapping->path);
        name = ModuleName(mapping->path) + "+" + Hex(location.address - mapping->bias);
      }
      frame.function = recording->strings.Intern(name);
      location.first_frame = static_cast<uint32_t>(recording->frames.size());
      location.frame_count = 1;
      recording->frames.push_back(frame);
    }
  }
}

std::string ModuleName(std::string_view path) {
  std::string name(path.substr(path.rfind('/') + 1));
  const size_t tag = name.find(".cpython-"), end = name.rfind(".so");
  if (tag < end && end != name.npos) name.erase(tag, end - tag);
  return name;
}

bool IsAddressName(std::string_view function, std::string_view module) {
  if (function.starts_with("0x")) return true;
  const std::string library = ModuleName(module);
  return !library.empty() && function.starts_with(library) &&
         function.substr(library.size()).starts_with("+0x");
}

}  // namespace heapcrest
