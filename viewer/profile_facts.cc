#include "viewer/profile_facts.h"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "viewer/printable.h"

namespace heapcrest {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<Exit::Kind, const char*>, 5> kExitKinds = {{
    {Exit::Kind::kUnknown, "unknown"},
    {Exit::Kind::kExited, "exited"},
    {Exit::Kind::kSignaled, "signaled"},
    {Exit::Kind::kStillRunning, "still running"},
    {Exit::Kind::kExeced, "execed"},
}};

Json Hex(const std::string& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += kDigits[static_cast<uint8_t>(c) >> 4];
    hex += kDigits[c & 15];
  }
  return hex;
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

Json Text(const std::string& text) { return IsUtf8(text) ? Json(text) : Json{{"hex", Hex(text)}}; }

std::string FromText(const Json& json) {
  return json.is_string() ? json.get<std::string>() : FromHex(json.at("hex"));
}

// Converting a number that does not fit would be silent or undefined.
template <typename Integer>
Integer FromNumber(const Json& json) {
  const bool is_right =
      std::is_unsigned_v<Integer> ? json.is_number_unsigned() : json.is_number_integer();
  if (!is_right) throw std::invalid_argument("not an integer");
  using Wide = std::conditional_t<std::is_unsigned_v<Integer>, uint64_t, int64_t>;
  const auto wide = json.get<Wide>();
  if (!std::in_range<Integer>(wide)) throw std::invalid_argument("too large");
  return static_cast<Integer>(wide);
}

template <typename Integer>
void Read(const Json& json, const char* name, Integer* value) {
  *value = FromNumber<Integer>(json.at(name));
}

template <typename List, typename Encode>
Json Array(const List& list, Encode encode) {
  Json array = Json::array();
  for (const auto& item : list) array.push_back(encode(item));
  return array;
}

Json EncodeExit(const Exit& exit) {
  for (const auto& [kind, name] : kExitKinds) {
    if (kind == exit.kind) {
      return {{"kind", name}, {"code", exit.code}, {"out_of_memory", exit.out_of_memory}};
    }
  }
  return {{"kind", "unknown"}, {"code", 0}, {"out_of_memory", false}};
}

Exit DecodeExit(const Json& json) {
  Exit exit;
  for (const auto& [kind, name] : kExitKinds) {
    if (json.at("kind") == name) exit.kind = kind;
  }
  Read(json, "code", &exit.code);
  exit.out_of_memory = json.at("out_of_memory");
  return exit;
}

Json EncodeMapping(const Mapping& m) {
  return {{"epoch", m.epoch}, {"start", m.start},     {"end", m.end},
          {"bias", m.bias},   {"path", Text(m.path)}, {"build_id", Hex(m.build_id)}};
}

Mapping DecodeMapping(const Json& json) {
  Mapping m;
  Read(json, "epoch", &m.epoch);
  Read(json, "start", &m.start);
  Read(json, "end", &m.end);
  Read(json, "bias", &m.bias);
  m.path = FromText(json.at("path"));
  m.build_id = FromHex(json.at("build_id"));
  return m;
}

Json EncodeThread(const Thread& t) {
  return {{"index", t.index}, {"tid", t.tid}, {"name", Text(t.name)}};
}

Thread DecodeThread(const Json& json) {
  Thread t;
  Read(json, "index", &t.index);
  Read(json, "tid", &t.tid);
  t.name = FromText(json.at("name"));
  return t;
}

Json EncodeProcess(const Process& p) {
  return {{"pid", p.pid},
          {"parent_pid", p.parent_pid},
          {"command", Array(p.command, Text)},
          {"executable", Text(p.executable)},
          {"interval_bytes", p.interval_bytes},
          {"start_monotonic_ns", p.start_monotonic_ns},
          {"start_realtime_ns", p.start_realtime_ns},
          {"duration_ns", p.duration_ns},
          {"exit", EncodeExit(p.exit)},
          {"stop_errno", p.stop_errno},
          {"lost_records", p.lost_records},
          {"mappings", Array(p.mappings, EncodeMapping)},
          {"threads", Array(p.threads, EncodeThread)}};
}

Process DecodeProcess(const Json& json) {
  Process p;
  Read(json, "pid", &p.pid);
  Read(json, "parent_pid", &p.parent_pid);
  for (const Json& argument : json.at("command")) p.command.push_back(FromText(argument));
  p.executable = FromText(json.at("executable"));
  Read(json, "interval_bytes", &p.interval_bytes);
  Read(json, "start_monotonic_ns", &p.start_monotonic_ns);
  Read(json, "start_realtime_ns", &p.start_realtime_ns);
  Read(json, "duration_ns", &p.duration_ns);
  p.exit = DecodeExit(json.at("exit"));
  Read(json, "stop_errno", &p.stop_errno);
  Read(json, "lost_records", &p.lost_records);
  for (const Json& mapping : json.at("mappings")) p.mappings.push_back(DecodeMapping(mapping));
  for (const Json& thread : json.at("threads")) p.threads.push_back(DecodeThread(thread));
  return p;
}

}  // namespace

std::string EncodeFacts(const Recording& recording) {
  const Json facts = {{"processes", Array(recording.processes, EncodeProcess)},
                      {"warnings", Array(recording.warnings, Text)},
                      {"lost_stack_frame", recording.lost_stack_frame},
                      {"not_sampled_frame", recording.not_sampled_frame}};
  return facts.dump();
}

bool DecodeFacts(std::string_view json, Recording* recording) {
  try {
    const Json facts = Json::parse(json);
    for (const Json& process : facts.at("processes")) {
      recording->processes.push_back(DecodeProcess(process));
    }
    for (const Json& warning : facts.at("warnings")) {
      recording->warnings.push_back(FromText(warning));
    }
    Read(facts, "lost_stack_frame", &recording->lost_stack_frame);
    if (facts.contains("not_sampled_frame")) {
      Read(facts, "not_sampled_frame", &recording->not_sampled_frame);
    }
    return true;
  } catch (const std::exception&) {  // nlohmann's, and std::stoi's of hex digits that are none
    return false;
  }
}

}  // namespace heapcrest
