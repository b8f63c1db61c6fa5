#include "viewer/symbolizer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "profiler/format/record.h"
#include "viewer/address_names.h"
#include "viewer/object_types.h"
#include "viewer/python_code.h"
#include "viewer/symbols/module_symbols.h"
#include "viewer/symbols/plain_types.h"
#include "viewer/symbols/range_index.h"

namespace heapcrest {
namespace {

// One build of an executable or library, in whichever processes it was loaded.
struct Module {
  std::string path;
  std::string build_id;
  bool is_deleted;  // by the time that it was recorded
};

// Where a location lies: an address in a module's file, or in no module.
struct Reference {
  uint32_t module;
  uint32_t process;
  uint32_t location;
  uint64_t address;

  auto Place() const { return std::tie(module, address); }
};

struct FrameSpan {
  uint32_t first;
  uint32_t count;
};

class Symbolizer {
 public:
  explicit Symbolizer(Recording* recording) : recording_(recording) {}

  void Run() {
    for (uint32_t i = 0; i < recording_->processes.size(); ++i) Locate(i);
    for (Process& process : recording_->processes) {
      ResolvePython(&process);
      ResolveTypes(&process);
    }
    // Module by module, so that one at a time is open; and by address, so that its units are read
    // in order.
    std::sort(references_.begin(), references_.end(),
              [](const Reference& a, const Reference& b) { return a.Place() < b.Place(); });
    for (size_t i = 0; i < references_.size();) i = ResolveModule(i);
  }

 private:
  void Locate(uint32_t process_index);
  void ResolvePython(Process* process);
  void ResolveTypes(Process* process);
  Frame PythonFrameOf(const PythonCode& code, uint32_t line);
  uint32_t ModuleOf(const Mapping& mapping);
  size_t ResolveModule(size_t begin);
  FrameSpan FramesAt(ModuleSymbols* symbols, const Reference& reference);
  FrameSpan Intern(const std::vector<Frame>& frames);

  Recording* recording_;
  std::vector<Module> modules_;
  std::map<std::pair<std::string, std::string>, uint32_t> module_ids_;  // by path and build id
  std::vector<Reference> references_;
  absl::flat_hash_map<std::string, FrameSpan> spans_;  // by the bytes of their frames
};

uint32_t Symbolizer::ModuleOf(const Mapping& mapping) {
  const auto [entry, is_new] =
      module_ids_.try_emplace({mapping.path, mapping.build_id}, modules_.size());
  if (is_new) {
    static constexpr std::string_view kDeleted = " (deleted)";  // as the kernel marks it
    std::string path = mapping.path;
    const bool is_deleted = path.size() > kDeleted.size() && path.ends_with(kDeleted);
    if (is_deleted) path.resize(path.size() - kDeleted.size());
    modules_.push_back({std::move(path), mapping.build_id, is_deleted});
  }
  return entry->second;
}

void Symbolizer::Locate(uint32_t process_index) {
  const Process& process = recording_->processes[process_index];
  std::vector<uint32_t> modules;
  std::map<uint64_t, RangeIndex> epochs;
  for (size_t i = 0; i < process.mappings.size(); ++i) {
    const Mapping& mapping = process.mappings[i];
    modules.push_back(ModuleOf(mapping));
    if (!mapping.path.empty()) epochs[mapping.epoch].Add(mapping.start, mapping.end, i);
  }
  for (auto& [epoch, index] : epochs) index.Sort();

  for (uint32_t i = 0; i < process.locations.size(); ++i) {
    const Location& location = process.locations[i];
    if ((location.address & (kPythonFrameBit | kPythonTypeBit)) != 0) continue;
    const auto epoch = epochs.find(location.epoch);
    // A return address: the call before it may be the last instruction of its module.
    const std::optional<uint64_t> found =
        epoch == epochs.end() ? std::nullopt : epoch->second.Find(location.address - 1);
    if (found) {
      references_.push_back(
          {modules[*found], process_index, i, location.address - process.mappings[*found].bias});
    } else {
      references_.push_back({kNone, process_index, i, location.address});
    }
  }
}

Frame Symbolizer::PythonFrameOf(const PythonCode& code, uint32_t line) {
  StringTable& strings = recording_->strings;
  const std::string_view name = code.name.empty() ? "[unknown]" : std::string_view(code.name);
  const std::string_view file = code.file.empty() ? "<unknown>" : std::string_view(code.file);
  return {strings.Intern(name), strings.Intern(file), line, strings.Intern(PythonModuleOf(file))};
}

void Symbolizer::ResolvePython(Process* process) {
  absl::flat_hash_map<uint64_t, const PythonCode*> code_of_id;
  for (const PythonCode& code : process->python_code) code_of_id[code.id] = &code;
  absl::flat_hash_map<uint64_t, PythonLineTable> lines_of_id;
  const PythonCode unknown;
  for (Location& location : process->locations) {
    if (!IsPythonFrame(location.address)) continue;
    const uint64_t id = (location.address ^ kPythonFrameBit) >> kPythonInstructionBits;
    const auto entry = code_of_id.find(id);
    const PythonCode& code = entry == code_of_id.end() ? unknown : *entry->second;
    const PythonLineTable& lines = lines_of_id.try_emplace(id, code).first->second;
    const uint32_t line = lines.LineOf(location.address & kNoPythonInstruction);
    const FrameSpan span = Intern({PythonFrameOf(code, line)});
    location.first_frame = span.first;
    location.frame_count = span.count;
  }
  process->python_code.clear();
}

void Symbolizer::ResolveTypes(Process* process) {
  absl::flat_hash_map<uint64_t, std::string_view> name_of_id;
  for (const PythonType& type : process->python_types) name_of_id.try_emplace(type.id, type.name);
  StringTable& strings = recording_->strings;
  for (Location& location : process->locations) {
    if (!IsTypeAddress(location.address)) continue;
    const auto entry = name_of_id.find(location.address ^ kPythonTypeBit);
    const std::string_view name = entry == name_of_id.end() ? "[unknown]" : entry->second;
    const FrameSpan span = Intern({{strings.Intern(name), 0, 0, strings.Intern(kTypesModule)}});
    location.first_frame = span.first;
    location.frame_count = span.count;
  }
  process->python_types.clear();
}

// A file that is another one by now is worth a warning: its reader expects names.
std::optional<ModuleSymbols> OpenSymbols(const Module& module, std::vector<std::string>* warnings) {
  // "linux-vdso.so.1" is no file. Without a build id nothing tells a deleted file from its heir.
  const bool is_file = module.path.find('/') != std::string::npos;
  if (!is_file || (module.is_deleted && module.build_id.empty())) return std::nullopt;
  absl::StatusOr<ModuleSymbols> symbols = ModuleSymbols::Open(module.path, module.build_id);
  if (absl::IsFailedPrecondition(symbols.status())) {
    warnings->push_back(
        absl::StrCat(symbols.status().message(), ": its functions are shown as addresses"));
  }
  if (!symbols.ok()) return std::nullopt;
  return std::move(*symbols);
}

// Resolves the references from `begin` on that are in the same module; returns the first of the
// next one.
size_t Symbolizer::ResolveModule(size_t begin) {
  const uint32_t module = references_[begin].module;
  std::optional<ModuleSymbols> symbols;
  if (module != kNone) symbols = OpenSymbols(modules_[module], &recording_->warnings);
  FrameSpan span{};
  size_t i = begin;
  for (; i < references_.size() && references_[i].module == module; ++i) {
    const Reference& reference = references_[i];
    if (i == begin || reference.address != references_[i - 1].address) {
      span = FramesAt(symbols ? &*symbols : nullptr, reference);
    }
    Location& location = recording_->processes[reference.process].locations[reference.location];
    location.first_frame = span.first;
    location.frame_count = span.count;
  }
  return i;
}

FrameSpan Symbolizer::FramesAt(ModuleSymbols* symbols, const Reference& reference) {
  const std::string offset = absl::StrCat("0x", absl::Hex(reference.address));
  StringTable& strings = recording_->strings;
  if (reference.module == kNone) return Intern({{strings.Intern(offset), 0, 0, 0}});

  const std::string& path = modules_[reference.module].path;
  const uint32_t module = strings.Intern(path);
  SourceFrames found;
  if (symbols != nullptr) found = symbols->Find(reference.address - 1);
  if (found.empty()) found.emplace_back();
  std::vector<Frame> frames;
  for (const SourceFrame& frame : found) {
    const std::string fallback = absl::StrCat(ModuleName(path), "+", offset);
    const std::string& function = frame.function.empty() ? fallback : frame.function;
    frames.push_back(
        {strings.Intern(WithPlainTypes(function)), strings.Intern(frame.file), frame.line, module});
  }
  return Intern(frames);
}

FrameSpan Symbolizer::Intern(const std::vector<Frame>& frames) {
  static_assert(sizeof(Frame) == 4 * sizeof(uint32_t));  // no padding: bytes are its identity
  std::vector<Frame>& all = recording_->frames;
  const FrameSpan fresh{static_cast<uint32_t>(all.size()), static_cast<uint32_t>(frames.size())};
  const auto [entry, is_new] = spans_.try_emplace(
      std::string(reinterpret_cast<const char*>(frames.data()), frames.size() * sizeof(Frame)),
      fresh);
  if (is_new) all.insert(all.end(), frames.begin(), frames.end());
  return entry->second;
}

}  // namespace

void Symbolize(Recording* recording) { Symbolizer(recording).Run(); }

}  // namespace heapcrest
