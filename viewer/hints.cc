#include "viewer/hints.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "viewer/address_names.h"
#include "viewer/command_line.h"
#include "viewer/printable.h"
#include "viewer/units.h"

namespace heapcrest {
namespace {

constexpr int64_t kNamelessShare = 4;         // of the peak, from which on names are missed
constexpr int64_t kMuchNameless = 1'000'000;  // bytes
constexpr int64_t kMuchMapped = 10'000'000;   // bytes
constexpr int64_t kBoxedShare = 5;            // of the peak, from which on boxes are worth a word
constexpr int64_t kMuchBoxed = 1'000'000;     // bytes
constexpr int64_t kNumberBytes = 8;           // what the number in an object needs at most
constexpr size_t kMostModules = 2;
constexpr size_t kMostOfAFileName = 60;  // of a name
constexpr size_t kMostOfACommand = 50;

// Programs that have their memory from mappings of their own, and what shows it.
struct Runtime {
  std::string_view executable;  // how its name begins
  const char* advice;
};
constexpr Runtime kRuntimes[] = {
    {"php", "; PHP takes it from malloc instead with USE_ZEND_ALLOC=0 in the environment"},
    {"java", "; for Java's objects, use a profiler of Java's"},
    {"node", "; for JavaScript's objects, use node --heap-prof"},
};

std::string_view FileName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

struct Nameless {
  int64_t bytes = 0;
  std::vector<std::pair<int64_t, std::string>> modules;  // bytes, name; most first
};

Nameless FindNameless(const Recording& recording, const Summary& summary) {
  Nameless nameless;
  absl::btree_map<std::string, int64_t> modules;
  for (const LineSummary& line : summary.lines) {
    if (line.frame == kNone) continue;
    const Frame& frame = recording.frames[line.frame];
    const std::string_view module = recording.strings[frame.module];
    if (module.empty() || !IsAddressName(recording.strings[frame.function], module)) continue;
    if (frame.line != 0) continue;  // there is debug information, but no name in it (GHC)
    nameless.bytes += line.self.bytes;
    modules[ModuleName(module)] += line.self.bytes;
  }
  for (const auto& [module, bytes] : modules) nameless.modules.emplace_back(bytes, module);
  std::stable_sort(nameless.modules.begin(), nameless.modules.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  return nameless;
}

std::string NamesText(const Recording& recording, const Summary& summary) {
  const int64_t peak = summary.main_process().amounts[0].bytes;
  const Nameless nameless = FindNameless(recording, summary);
  if (nameless.bytes < std::max(kMuchNameless, peak / kNamelessShare)) return "";
  std::string modules;
  for (size_t i = 0; i < std::min(kMostModules, nameless.modules.size()); ++i) {
    if (nameless.modules[i].first < nameless.bytes / kNamelessShare) break;
    modules +=
        (i == 0 ? "" : " and ") + PrintableWithin(nameless.modules[i].second, kMostOfAFileName);
  }
  return FormatPercent(Share(nameless.bytes, peak)) + " of the peak is in functions of " + modules +
         " whose names were stripped: install its debug symbols (Debian: packages named -dbgsym) "
         "or build it with -g";
}

// A child that was forked and executed nothing has its parent's memory, and no counts of its own.
bool HasParentsMemory(const Recording& recording, const Process& child) {
  return child.counts.points.empty() &&
         std::any_of(
             recording.processes.begin(), recording.processes.end(), [&](const Process& parent) {
               return parent.pid == child.parent_pid && parent.executable == child.executable;
             });
}

// What the program mapped itself, as far as that can be known: where nothing was recorded a malloc
// of its own may be what maps; one that is not glibc's maps its heaps.
int64_t MappedBytes(const Recording& recording, const ProcessSummary& process) {
  if (!process.resident || process.samples == 0 || process.resident->has_heaps_elsewhere) return 0;
  if (process.resident->mappings < kMuchMapped) return 0;  // of very many processes, few are asked
  if (HasParentsMemory(recording, recording.processes[process.process])) return 0;
  return process.resident->mappings;
}

// It may hold so little of malloc that another process is the one shown.
const ProcessSummary& MostMapped(const Recording& recording, const Summary& summary) {
  const ProcessSummary* most = &summary.main_process();
  for (const ProcessSummary& process : summary.processes) {
    if (MappedBytes(recording, process) > MappedBytes(recording, *most)) most = &process;
  }
  return *most;
}

std::string MappingsText(const Recording& recording, const Summary& summary) {
  const ProcessSummary& process = MostMapped(recording, summary);
  const int64_t mapped = MappedBytes(recording, process);
  if (mapped == 0 || mapped < summary.main_process().amounts[0].bytes) return "";
  const bool is_main = &process == &summary.main_process();
  const std::string whose = is_main ? ""
                                    : " of " + CommandWithin(process.command, kMostOfACommand) +
                                          " (pid " + std::to_string(process.pid) + ")";
  const std::string_view program = FileName(recording.processes[process.process].executable);
  const auto* known = std::find_if(std::begin(kRuntimes), std::end(kRuntimes), [&](const auto& r) {
    return program.starts_with(r.executable);
  });
  return FormatBytes(mapped) + " of the RAM" + whose +
         " came from mappings that the program made itself, not from malloc: no line "
         "shows them" +
         (known == std::end(kRuntimes) ? "" : known->advice);
}

// Python's numbers are objects: most of each is no number.
std::string BoxesText(const Recording& recording, const Summary& summary) {
  const int64_t peak = summary.main_process().amounts[0].bytes;
  for (const TypeHeld& type : summary.types) {
    const std::string_view name = recording.strings[recording.frames[type.frame].function];
    if (name != "int" && name != "float") continue;
    const int64_t bytes = type.held.bytes, numbers = type.held.count();
    if (numbers < 1 || bytes < std::max(kMuchBoxed, peak / kBoxedShare)) continue;
    return FormatBytes(bytes) + " of the peak is " + FormatCount(numbers) + " × " +
           std::string(name) + ", " + FormatBytes((bytes + numbers / 2) / numbers) +
           " for each number, and a list of them 8 B more; an array (array.array, NumPy) holds "
           "them in " +
           FormatBytes(kNumberBytes * numbers);
  }
  return "";
}

}  // namespace

std::vector<std::string> HintTexts(const Recording& recording, const Summary& summary) {
  std::vector<std::string> texts = {BoxesText(recording, summary), NamesText(recording, summary),
                                    MappingsText(recording, summary)};
  std::erase(texts, "");
  return texts;
}

}  // namespace heapcrest
