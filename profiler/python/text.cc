#include "profiler/python/text.h"

#include <cstring>

#include "profiler/python/memory.h"

namespace heapcrest {
namespace {

constexpr uint64_t kMostCharacters = 1 << 26;  // more is damage, not a name or a table

uint32_t CharacterAt(const PythonBytes& text, size_t i) {
  if (text.width == 1) return text.data[i];
  if (text.width == 2) return Load<uint16_t>(text.data + 2 * i);
  return Load<uint32_t>(text.data + 4 * i);
}

// Returns how many bytes `character` takes at `out`.
size_t Encode(uint32_t character, uint8_t out[4]) {
  const auto low = [character](unsigned shift) {
    return static_cast<uint8_t>(0x80 | ((character >> shift) & 0x3f));
  };
  if (character >= 0xdc80 && character <= 0xdcff) {
    out[0] = static_cast<uint8_t>(character - 0xdc00);
    return 1;
  }
  if (character < 0x80) {
    out[0] = static_cast<uint8_t>(character);
    return 1;
  }
  if (character < 0x800) {
    out[0] = static_cast<uint8_t>(0xc0 | character >> 6);
    out[1] = low(0);
    return 2;
  }
  if (character < 0x10000) {
    out[0] = static_cast<uint8_t>(0xe0 | character >> 12);
    out[1] = low(6);
    out[2] = low(0);
    return 3;
  }
  out[0] = static_cast<uint8_t>(0xf0 | (character >> 18 & 7));
  out[1] = low(12);
  out[2] = low(6);
  out[3] = low(0);
  return 4;
}

}  // namespace

PythonBytes TextOf(const PythonInterpreter& python, const uint8_t* object) {
  if (!IsOfType(python, object, python.text_type)) return {};
  const auto& layout = python.layout.object;
  const uint32_t state = Load<uint32_t>(object + layout.text_state) >> layout.text_kind_shift;
  const unsigned kind = state & 7;
  const bool is_compact = (state & 8) != 0, is_ascii = (state & 16) != 0;
  const auto length = Load<uint64_t>(object + layout.text_length);
  const bool is_known = kind == 1 || kind == 2 || kind == 4;
  if (!is_compact || !is_known || length > kMostCharacters) return {};
  return {object + (is_ascii ? layout.ascii_data : layout.text_data), length, kind};
}

PythonBytes BytesOf(const PythonInterpreter& python, const uint8_t* object) {
  if (!IsOfType(python, object, python.bytes_type)) return {};
  const auto& layout = python.layout.object;
  const auto size = Load<uint64_t>(object + layout.bytes_size);
  if (size > kMostCharacters) return {};
  return {object + layout.bytes_data, size, 1};
}

size_t PutUtf8(const PythonBytes& text, char* out, size_t room) {
  size_t used = 0;
  for (size_t i = 0; i < text.count; ++i) {
    uint8_t bytes[4];
    const size_t count = Encode(CharacterAt(text, i), bytes);
    if (used + count > room) break;
    memcpy(out + used, bytes, count);
    used += count;
  }
  return used;
}

}  // namespace heapcrest
