#include "viewer/profile_resident.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

Resident Example() {
  Resident resident;
  resident.points = {
      {0, 4096}, {1'000'000, 8192}, {1'000'000, 4096}, {9'000'000, int64_t{1} << 40}};
  resident.most = ResidentKinds{9'000'000, 1, 2, 3, 4, 5};
  return resident;
}

TEST(ProfileResidentTest, ReadsWhatItWrote) {
  Resident read;
  ASSERT_TRUE(DecodeResident(EncodeResident(Example()), &read));
  ASSERT_EQ(read.points.size(), 4u);
  EXPECT_EQ(read.points[2].time_ns, 1'000'000u);
  EXPECT_EQ(read.points[3].bytes, int64_t{1} << 40);
  ASSERT_TRUE(read.most.has_value());
  EXPECT_EQ(read.most->time_ns, 9'000'000u);
  EXPECT_EQ(read.most->anonymous, 2);
  EXPECT_EQ(read.most->profiler, 5);
}

TEST(ProfileResidentTest, KindsMayBeMissing) {
  Resident resident = Example(), read;
  resident.most.reset();
  ASSERT_TRUE(DecodeResident(EncodeResident(resident), &read));
  EXPECT_FALSE(read.most.has_value());
}

TEST(ProfileResidentTest, EveryCutIsDamage) {
  const std::string whole = EncodeResident(Example());
  for (size_t size = 0; size < whole.size(); ++size) {
    Resident read;
    EXPECT_FALSE(DecodeResident(whole.substr(0, size), &read)) << size;
  }
}

TEST(ProfileResidentTest, TimesThatGoBackAreDamage) {
  Resident resident = Example(), read;
  std::swap(resident.points[0], resident.points[3]);
  EXPECT_FALSE(DecodeResident(EncodeResident(resident), &read));
}

TEST(ProfileResidentTest, FiguresThatNoMachineHasAreDamage) {
  Resident resident = Example(), read;
  resident.most->files = int64_t{1} << 57;
  EXPECT_FALSE(DecodeResident(EncodeResident(resident), &read));
  resident = Example();
  resident.points[3].bytes = int64_t{1} << 60;
  EXPECT_FALSE(DecodeResident(EncodeResident(resident), &read));
}

}  // namespace
}  // namespace heapcrest
