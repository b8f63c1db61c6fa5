#include "profiler/python/object_types.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <deque>
#include <string>

namespace heapcrest {
namespace {

constexpr uint64_t kHeapType = uint64_t{1} << 9, kTypeSubclass = uint64_t{1} << 31;

const uint8_t* g_current = nullptr;
const uint8_t* g_own = nullptr;

// Objects and types made by hand, as CPython 3.8 to 3.14 lay them out.
class ObjectTypesTest : public testing::Test {
 protected:
  struct Block {
    alignas(16) uint8_t bytes[512];
  };

  void SetUp() override {
    ASSERT_TRUE(LayoutOfPython(0x030b00f0, nullptr, 0, &python_.layout));
    python_.type_type = type_ = NewType("type", nullptr);
    Put(type_, 8, type_);
    python_.current_thread = [] { return g_current; };
    python_.own_thread = [] { return g_own; };
    g_current = g_own = type_;
    g_python.store(&python_);
  }

  void TearDown() override {
    g_python.store(nullptr);
    types_.Clear();
  }

  uint8_t* New() {
    blocks_.emplace_back();
    return blocks_.back().bytes;
  }

  template <typename T>
  static void Put(uint8_t* block, size_t offset, T value) {
    memcpy(block + offset, &value, sizeof(value));
  }

  static void PutType(uint8_t* type, const char* name, const uint8_t* metatype, uint64_t flags) {
    Put(type, 0, uint64_t{5});
    Put(type, 8, metatype);
    Put(type, 24, name);
    Put(type, 168, flags);
  }

  uint8_t* NewType(const char* name, const uint8_t* metatype, uint64_t flags = 0) {
    uint8_t* type = New();
    PutType(type, name, metatype, flags);
    return type;
  }

  // An object with `header` bytes in front.
  uint8_t* NewObject(const uint8_t* type, size_t header = 0, uint64_t references = 1) {
    uint8_t* block = New();
    Put(block, header, references);
    Put(block, header + 8, type);
    return block;
  }

  std::string Name(const uint8_t* block, ObjectState state = ObjectState::kLive,
                   size_t bytes = sizeof(Block)) {
    const PythonBytes name = types_.NameOf(python_, block, bytes, state);
    return {reinterpret_cast<const char*>(name.data), name.count};
  }

  PythonInterpreter python_ = {};
  uint8_t* type_ = nullptr;
  std::deque<Block> blocks_;  // zeroed, never moved
  PythonTypes types_;
};

TEST_F(ObjectTypesTest, TypeStandsBehindTheCountOfReferences) {
  EXPECT_EQ(Name(NewObject(NewType("int", type_))), "int");
}

TEST_F(ObjectTypesTest, CollectorsHeaderAndInstanceDictStandInFront) {
  uint8_t* list = NewObject(NewType("list", type_), 16);
  Put(list, 0, list);  // linked with others
  Put(list, 8, list);
  EXPECT_EQ(Name(list), "list");
  uint8_t* instance = NewObject(NewType("Plain", type_, kHeapType), 32);
  Put(instance, 0, list);  // its dict
  Put(instance, 16, list);
  EXPECT_EQ(Name(instance), "Plain");
}

TEST_F(ObjectTypesTest, TypeMayBeMadeByAMetaclass) {
  const uint8_t* meta = NewType("ABCMeta", type_, kHeapType | kTypeSubclass);
  EXPECT_EQ(Name(NewObject(NewType("Abstract", meta, kHeapType))), "Abstract");
}

TEST_F(ObjectTypesTest, InstanceIsNoType) {
  const uint8_t* instance = NewObject(NewType("Plain", type_, kHeapType));
  EXPECT_EQ(Name(NewObject(instance)), "");
}

TEST_F(ObjectTypesTest, ArrayOfTypesIsNoObject) {
  uint8_t* array = New();
  for (size_t i = 0; i < 64; ++i) Put(array, 8 * i, NewType("int", type_));
  EXPECT_EQ(Name(array), "");
}

TEST_F(ObjectTypesTest, WordsThatLeadNowhereAreHarmless) {
  for (const uint64_t word : {uint64_t{0}, uint64_t{1}, uint64_t{0x10000}, uint64_t{0x7ffffffff000},
                              uint64_t{0x5555deadbee8}, UINT64_MAX}) {
    uint8_t* block = New();
    for (size_t i = 0; i < 64; ++i) Put(block, 8 * i, i % 2 == 0 ? uint64_t{1} : word);
    EXPECT_EQ(Name(block), "") << word;
  }
}

TEST_F(ObjectTypesTest, NothingIsReadBehindTheBlock) {
  const uint8_t* type = NewType("int", type_);
  EXPECT_EQ(Name(NewObject(type), ObjectState::kLive, 16), "int");
  EXPECT_EQ(Name(NewObject(type), ObjectState::kLive, 15), "");
  EXPECT_EQ(Name(NewObject(type, 16), ObjectState::kLive, 31), "");
}

TEST_F(ObjectTypesTest, WhatAnEarlierOccupantLeftIsNotTaken) {
  const uint8_t* type = NewType("int", type_);
  EXPECT_EQ(Name(NewObject(type, 16, 0)), "") << "it was freed with no reference left";
  uint8_t* linked = NewObject(type);
  Put(linked, 0, linked);  // the allocator's list of free blocks
  EXPECT_EQ(Name(linked), "");
}

TEST_F(ObjectTypesTest, DyingObjectHasNoReferenceLeft) {
  const uint8_t* type = NewType("int", type_);
  EXPECT_EQ(Name(NewObject(type, 0, 0), ObjectState::kDying), "int");
  EXPECT_EQ(Name(NewObject(type, 16, 0), ObjectState::kDying), "int");
  EXPECT_EQ(Name(NewObject(type, 0, 1), ObjectState::kDying), "");
}

TEST_F(ObjectTypesTest, ImmortalObjectsAndFlagsBesideTheCount) {
  const uint8_t* type = NewType("str", type_);
  EXPECT_EQ(Name(NewObject(type, 0, UINT32_MAX)), "str") << "3.12";
  EXPECT_EQ(Name(NewObject(type, 0, uint64_t{0x0005'0000'c000'0000})), "str") << "3.14";
  EXPECT_EQ(Name(NewObject(type, 0, uint64_t{0x5555'0000})), "") << "an address of a small program";
}

TEST_F(ObjectTypesTest, TypeThatIsGoneIsNotRead) {
  const size_t page = 4096;
  void* memory = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto* type = static_cast<uint8_t*>(memory);
  PutType(type, "Gone", type_, kHeapType);
  EXPECT_EQ(Name(NewObject(type)), "Gone");
  EXPECT_EQ(Name(NewObject(type, 0, 0), ObjectState::kDying), "Gone");
  munmap(memory, page);
  EXPECT_EQ(Name(NewObject(type)), "");
  EXPECT_EQ(Name(NewObject(type, 0, 0), ObjectState::kDying), "");
}

TEST_F(ObjectTypesTest, FreedTypeWhoseBytesAreStillThereIsNone) {
  uint8_t* type = NewType("Freed", type_, kHeapType);
  Put(type, 0, uint64_t{0});
  EXPECT_EQ(Name(NewObject(type)), "");
}

TEST_F(ObjectTypesTest, AddressOfATypeMayBecomeAnotherTypes) {
  uint8_t* type = NewType("First", type_, kHeapType);
  EXPECT_EQ(Name(NewObject(type)), "First");
  PutType(type, "Second", type_, kHeapType);
  EXPECT_EQ(Name(NewObject(type)), "Second");
}

TEST_F(ObjectTypesTest, NameIsHandedOverOnce) {
  const uint8_t* object = NewObject(NewType("int", type_));
  const SampledObject sampled = NoteObject(object, sizeof(Block), 7);
  EXPECT_EQ(sampled.sample_id, 7u);
  ObjectType first, second, other;
  ASSERT_TRUE(types_.Find(sampled, ObjectState::kLive, &first));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(first.new_name.data), first.new_name.count),
            "int");
  const uint8_t* alike = NewObject(NewType("int", type_));
  ASSERT_TRUE(types_.Find(NoteObject(alike, sizeof(Block), 8), ObjectState::kLive, &second));
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.new_name.count, 0u);
  const uint8_t* text = NewObject(NewType("str", type_));
  ASSERT_TRUE(types_.Find(NoteObject(text, sizeof(Block), 9), ObjectState::kLive, &other));
  EXPECT_NE(other.id, first.id);
}

TEST_F(ObjectTypesTest, NobodyLooksWithoutTheLock) {
  const SampledObject object = NoteObject(NewObject(NewType("int", type_)), sizeof(Block), 7);
  EXPECT_TRUE(HoldsLockOf(object));
  g_own = nullptr;  // another thread's state is current
  EXPECT_FALSE(HoldsLockOf(object));
  g_current = g_own = New();  // a lock, but of another interpreter
  EXPECT_FALSE(HoldsLockOf(object));
  g_current = nullptr;
  EXPECT_FALSE(HoldsLockOf(object));
}

}  // namespace
}  // namespace heapcrest
