#include "viewer/recording.h"

namespace heapcrest {

StringTable::StringTable() { Intern(""); }

uint32_t StringTable::Intern(std::string_view text) {
  const auto [entry, is_new] = ids_.try_emplace(std::string(text), texts_.size());
  if (is_new) texts_.push_back(entry->first);
  return entry->second;
}

}  // namespace heapcrest
