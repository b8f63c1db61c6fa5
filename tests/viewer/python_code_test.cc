#include "viewer/python_code.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "profiler/format/record.h"

namespace heapcrest {
namespace {

// All tables are of this function, compiled by the version that the test names:
//
//   1 def f(items):
//   2     total = 0
//   3     for item in items:
//   4         if (item >
//   5                 10):
//   6             continue
//   7         try:
//   8             total += item
//   9         except TypeError as error:
//  10             total = 0
//  11
//  12
//  13     return [x
//  14             for x in items]
PythonCode Code(PythonLines form, std::string_view hex) {
  PythonCode code;
  code.lines_form = static_cast<uint8_t>(form);
  code.first_line = 1;
  for (size_t i = 0; i < hex.size(); i += 2) {
    code.lines += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return code;
}

struct Range {
  uint64_t begin, end;
  uint32_t line;
};

void Expect(const PythonCode& code, const std::vector<Range>& ranges) {
  const PythonLineTable table(code);
  for (const Range& range : ranges) {
    for (uint64_t i = range.begin; i < range.end; ++i) {
      EXPECT_EQ(table.LineOf(i), range.line) << "instruction " << i;
    }
  }
}

TEST(PythonLineTableTest, ReadsTheTableOf39) {
  Expect(
      Code(PythonLines::kLineNumberTable, "000104010801020102ff0402020102010c010e011c03060102ff"),
      {{0, 2, 2},
       {2, 6, 3},
       {6, 7, 4},
       {7, 8, 5},
       {8, 10, 4},
       {10, 11, 6},
       {11, 12, 7},
       {12, 18, 8},
       {18, 25, 9},
       {25, 39, 10},
       {39, 42, 13},
       {42, 43, 14},
       {43, 46, 13}});
}

TEST(PythonLineTableTest, ReadsTheTableOf310) {
  Expect(
      Code(PythonLines::kLineTable, "040108010201020104ff020202010c010e011001088002ff0604020106ff"),
      {{0, 2, 2},
       {2, 6, 3},
       {6, 7, 4},
       {7, 8, 5},
       {8, 10, 4},
       {10, 11, 6},
       {11, 12, 7},
       {12, 18, 8},
       {18, 25, 9},
       {25, 33, 10},
       {33, 37, 0},
       {37, 38, 9},
       {38, 41, 13},
       {41, 42, 14},
       {42, 45, 13},
       {45, 50, 0}});
}

TEST(PythonLineTableTest, ReadsTheTableOf311) {
  Expect(Code(PythonLines::kLocationTable,
              "8000d80c0d8045d81015f000070516f0000705168804d80c10d81012f203010d13f000010d13e00c"
              "14f002030916d80c119054894d88458845f8dd0f18f000010916f000010916f000010916d8141588"
              "4588458845884588458845f8f8f8f8f003010916f8f8f8f008010c1cf000010c1cd8151af003010c"
              "1cf100010c1cf400010c1cf00001051c"),
         {{0, 1, 1},
          {1, 3, 2},
          {3, 7, 3},
          {7, 8, 4},
          {8, 9, 5},
          {9, 13, 4},
          {13, 14, 6},
          {14, 15, 7},
          {15, 21, 8},
          {21, 22, 0},
          {22, 31, 9},
          {31, 38, 10},
          {38, 42, 0},
          {42, 43, 9},
          {43, 46, 0},
          {46, 48, 13},
          {48, 49, 14},
          {49, 58, 13}});
}

TEST(PythonLineTableTest, ReadsTheTableOf313) {
  Expect(Code(PythonLines::kLocationTable,
              "8000d80c0d8045db10158804d80c10d81012f303010d13e10c14f002030916d80c11894d8a45f10b0011"
              "16f11600161bf303010c1cd9151a9001f303000d0ed9151af103010c1cf00001051cf8f409001019f300"
              "010916d814158e45fbf003010916fcf208010c1c"),
         {{0, 1, 1},    {1, 3, 2},    {3, 8, 3},    {8, 9, 4},    {9, 10, 5},   {10, 14, 4},
          {14, 16, 6},  {16, 17, 7},  {17, 23, 8},  {23, 25, 3},  {25, 27, 14}, {27, 31, 13},
          {31, 34, 14}, {34, 38, 13}, {38, 40, 14}, {40, 43, 13}, {43, 44, 0},  {44, 53, 9},
          {53, 61, 10}, {61, 65, 0},  {65, 66, 9},  {66, 71, 0},  {71, 74, 13}});
}

TEST(PythonLineTableTest, UnknownOrDamagedTablesHaveNoLines) {
  EXPECT_EQ(PythonLineTable(Code(PythonLines{77}, "0001")).LineOf(0), 0u);
  EXPECT_EQ(PythonLineTable(Code(PythonLines::kLocationTable, "")).LineOf(0), 0u);
  EXPECT_EQ(PythonLineTable(Code(PythonLines::kLocationTable, "00ff")).LineOf(0), 0u);
  EXPECT_EQ(PythonLineTable(Code(PythonLines::kLocationTable, "f0")).LineOf(0), 1u);
  EXPECT_EQ(PythonLineTable(Code(PythonLines::kLineTable, "ff")).LineOf(0), 0u);
}

std::string Payload(const uint8_t* record, const uint8_t* end) {
  return {reinterpret_cast<const char*>(record + 4), static_cast<size_t>(end - record - 4)};
}

TEST(PythonCodeReaderTest, ReadsWhatTheProfilerWrites) {
  uint8_t record[kMaxRecordBytes];
  Process process;
  PythonCodeReader reader(&process);
  const PythonCodeRecord code = {300, PythonLines::kLocationTable, 12, "a.py", 4, "A.run", 5};
  ASSERT_TRUE(reader.AddCode(Payload(record, PutPythonCode(record, code))));
  const uint8_t lines[] = {1, 2, 3, 4};
  ASSERT_TRUE(reader.AddLines(Payload(record, PutPythonLines(record, 300, lines, 3))));
  ASSERT_TRUE(reader.AddLines(Payload(record, PutPythonLines(record, 300, lines + 3, 1))));
  ASSERT_TRUE(reader.AddLines(Payload(record, PutPythonLines(record, 301, lines, 1))));
  ASSERT_EQ(process.python_code.size(), 1u);
  EXPECT_EQ(process.python_code[0].id, 300u);
  EXPECT_EQ(process.python_code[0].first_line, 12u);
  EXPECT_EQ(process.python_code[0].file, "a.py");
  EXPECT_EQ(process.python_code[0].name, "A.run");
  EXPECT_EQ(process.python_code[0].lines, "\1\2\3\4");
}

TEST(PythonCodeReaderTest, NonsenseIsRefused) {
  Process process;
  PythonCodeReader reader(&process);
  EXPECT_FALSE(reader.AddCode(""));
  EXPECT_FALSE(reader.AddCode(std::string_view("\1\3\1\7abc", 7))) << "a file beyond the record";
  EXPECT_FALSE(reader.AddLines("\x80"));
  EXPECT_FALSE(reader.AddUnknown(""));
  EXPECT_TRUE(process.python_code.empty());
}

TEST(PythonModuleTest, IsPackageStandardLibraryOrFile) {
  EXPECT_EQ(PythonModuleOf("/usr/lib/python3/dist-packages/numpy/core/__init__.py"),
            "/usr/lib/python3/dist-packages/numpy");
  EXPECT_EQ(PythonModuleOf("/home/me/venv/lib/python3.12/site-packages/six.py"),
            "/home/me/venv/lib/python3.12/site-packages/six.py");
  EXPECT_EQ(PythonModuleOf("/usr/lib/python3.11/json/decoder.py"), "/usr/lib/python3.11");
  EXPECT_EQ(PythonModuleOf("/srv/lib/app/main.py"), "/srv/lib/app/main.py");
  EXPECT_EQ(PythonModuleOf("list.py"), "list.py");
  EXPECT_EQ(PythonModuleOf("<frozen importlib._bootstrap>"), "");
}

}  // namespace
}  // namespace heapcrest
