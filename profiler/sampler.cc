#include "profiler/sampler.h"

#include <algorithm>
#include <bit>

#include "profiler/one_instruction.h"

namespace heapcrest {

void Sampler::Start(uint64_t interval_bytes, uint64_t seed, bool asks_always) {
  asks_always_ = asks_always;
  interval_bytes_ = interval_bytes;
  random_ = seed;
  SetDistance(DrawDistance());
}

void Sampler::ChangeInterval(uint64_t interval_bytes) {
  interval_bytes_ = interval_bytes;
  SetDistance(DrawDistance());
}

void Sampler::Stop(bool asks_always) {
  asks_always_ = asks_always;
  interval_bytes_ = beyond_ = INT64_MAX;
  SetCountdown(asks_always ? -1 : INT64_MAX);
}

bool Sampler::CoversMark(uint64_t size) {
  if (size >= interval_bytes_ || interval_bytes_ == 1) {
    // Unsigned, because a hopeless request of SIZE_MAX bytes comes here too.
    SetCountdown(static_cast<int64_t>(static_cast<uint64_t>(countdown) + size));
    return true;
  }
  const int64_t distance = countdown + static_cast<int64_t>(beyond_);
  if (distance >= 0) {
    SetDistance(static_cast<uint64_t>(distance));
    return false;
  }
  // The process has no memory: behind the block the distance is drawn anew.
  SetDistance(DrawDistance());
  return true;
}

void Sampler::SetDistance(uint64_t bytes) {
  const bool asks = asks_always_ || interval_bytes_ == 1;
  const uint64_t most = asks ? UINT64_MAX : std::min(bytes, interval_bytes_ - 1);
  beyond_ = bytes - most;
  SetCountdown(static_cast<int64_t>(most));
}

void Sampler::SetCountdown(int64_t value) {
  // Unsigned, as below: after a hopeless request both may be half the address space off.
  const auto before = static_cast<uint64_t>(ExchangeAtOnce(&countdown, value));
  AddAtOnce(&origin_, static_cast<int64_t>(static_cast<uint64_t>(value) - before));
}

void Sampler::SubtractAgain(uint64_t size) {
  Subtract(size);
  Withdraw(size);
}

void Sampler::AskAgain(uint64_t size) {
  if (countdown < 0) SetCountdown(static_cast<int64_t>(static_cast<uint64_t>(countdown) + size));
}

void Sampler::NoteFailure() {
  if (countdown < (asks_always_ ? 0 : static_cast<int64_t>(interval_bytes_))) return;
  // Where it was before nobody knows. Used up: requested bytes are rather too many than too few to
  // hold what is live. And marks have no memory: a new one will do.
  countdown = 0;
  SetDistance(DrawDistance());
}

uint64_t Sampler::TakeRequested() {
  // A handler that asks while `countdown` is being set may find less than nothing: next time.
  const auto requested = std::max(
      static_cast<int64_t>(static_cast<uint64_t>(origin_) - static_cast<uint64_t>(countdown)),
      int64_t{0});
  AddAtOnce(&origin_, -requested);
  return static_cast<uint64_t>(requested);
}

uint64_t Sampler::DrawDistance() {
  // splitmix64 (Steele, Lea, Flood 2014): passes BigCrush, any seed will do.
  uint64_t z = (random_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  // 53 random bits in (0, 1]: never the logarithm of 0; the longest distance is 37 intervals.
  const double uniform = static_cast<double>((z >> 11) + 1) * 0x1.0p-53;
  return static_cast<uint64_t>(-NaturalLogarithm(uniform) * static_cast<double>(interval_bytes_));
}

double NaturalLogarithm(double x) {
  const auto bits = std::bit_cast<uint64_t>(x);
  const auto exponent = static_cast<double>(static_cast<int64_t>(bits >> 52) - 1023);
  const double mantissa = std::bit_cast<double>((bits & ((1ull << 52) - 1)) | (1023ull << 52));
  // ln m = 2 artanh((m - 1) / (m + 1)); s <= 1/3, so s^2k shrinks ninefold a term.
  const double s = (mantissa - 1) / (mantissa + 1);
  const double s2 = s * s;
  double sum = 0;
  for (int k = 23; k >= 1; k -= 2) sum = sum * s2 + 1.0 / k;
  return 2 * s * sum + exponent * 0.693147180559945309417;
}

}  // namespace heapcrest
