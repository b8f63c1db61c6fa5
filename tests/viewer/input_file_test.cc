#include "viewer/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/viewer/temporary_folder.h"

namespace heapcrest {
namespace {

using testing::HasSubstr;

class InputFileTest : public testing::Test {
 protected:
  absl::StatusOr<FileKind> KindOf(std::string_view bytes) {
    return InputFile::Open(folder_.Write("f", bytes))->ReadKind();
  }
  std::string ErrorOf(std::string_view bytes) {
    return std::string(KindOf(bytes).status().message());
  }

  const TemporaryFolder folder_;
};

TEST_F(InputFileTest, KnowsOurFiles) {
  EXPECT_EQ(*KindOf(std::string_view("HEAPCRST\1\0\0\0\1\0\0\0", 16)), FileKind::kCapture);
  EXPECT_EQ(*KindOf(std::string_view("HEAPCRST\1\0\0\0\2\0\0\0more", 20)), FileKind::kProfile);
}

TEST_F(InputFileTest, OtherFilesAreRefusedWithAHint) {
  for (const std::string_view bytes : {"", "HEAPCRST", "{\"json\": true, 1, 2, 3}"}) {
    EXPECT_THAT(ErrorOf(bytes), HasSubstr("is not a heapcrest profile; name the .heapcrest file"));
  }
}

TEST_F(InputFileTest, ANewerVersionIsRefusedWithAHint) {
  EXPECT_THAT(ErrorOf(std::string_view("HEAPCRST\2\0\0\0\2\0\0\0", 16)),
              HasSubstr("update heapcrest"));
}

TEST_F(InputFileTest, AnUnknownKindOrVersionIsDamage) {
  EXPECT_THAT(ErrorOf(std::string_view("HEAPCRST\0\0\0\0\2\0\0\0", 16)), HasSubstr("byte 8"));
  EXPECT_THAT(ErrorOf(std::string_view("HEAPCRST\1\0\0\0\7\0\0\0", 16)), HasSubstr("byte 12"));
}

TEST_F(InputFileTest, WhatIsNoFileIsRefusedAtOnce) {
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(std::string(InputFile::Open(folder_ / "pipe").status().message()),
              HasSubstr("is not a file"));
  EXPECT_THAT(std::string(InputFile::Open("/nonexistent").status().message()),
              HasSubstr("No such file or directory"));
}

TEST_F(InputFileTest, ReadsAsFarAsTheFileGoes) {
  const absl::StatusOr<InputFile> file = InputFile::Open(folder_.Write("f", "0123456789"));
  char bytes[8];
  EXPECT_EQ(*file->Read(6, bytes, sizeof(bytes)), 4u);
  EXPECT_EQ(std::string(bytes, 4), "6789");
  EXPECT_EQ(*file->Read(99, bytes, sizeof(bytes)), 0u);
  EXPECT_EQ(file->size(), 10u);
}

}  // namespace
}  // namespace heapcrest
