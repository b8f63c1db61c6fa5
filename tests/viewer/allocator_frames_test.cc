#include "viewer/allocator_frames.h"

#include <gtest/gtest.h>

namespace heapcrest {
namespace {

TEST(AllocatorFramesTest, KnowsTheFamilyUnderAllItsNames) {
  for (const char* name :
       {"malloc",
        "calloc",
        "PyMem_RawMalloc",
        "PyMem_Calloc",
        "_PyObject_Malloc",
        "PyObject_Realloc",
        "realloc",
        "reallocarray",
        "posix_memalign",
        "aligned_alloc",
        "memalign",
        "valloc",
        "pvalloc",
        "free_sized",
        "__libc_malloc",
        "__libc_calloc",
        "__GI___libc_malloc",
        "je_malloc",
        "je_mallocx",
        "tc_malloc",
        "tc_newarray",
        "tc_new",
        "mi_malloc",
        "mi_new",
        "mi_new_nothrow",
        "malloc(unsigned long)",
        "operator new(unsigned long)",
        "operator new[](unsigned long, std::align_val_t)",
        "operator new(unsigned long, std::nothrow_t const&)",
        "operator delete(void*)",
        "std::__new_allocator<int>::allocate(unsigned long, void const*)",
        "std::allocator_traits<std::allocator<int> >::allocate(...)",
        "std::_Vector_base<int, std::allocator<int> >::_M_allocate(unsigned long)",
        "__rust_alloc",
        "alloc::alloc::exchange_malloc",
        "<alloc::alloc::Global as core::alloc::Allocator>::allocate"}) {
    EXPECT_TRUE(IsAllocatorFrame(name, "/bin/app")) << name;
  }
}

TEST(AllocatorFramesTest, JavasArenasAreTheOnlyOnes) {
  for (const char* name : {"os::malloc(unsigned long, MEMFLAGS)", "Arena::grow(unsigned long)"}) {
    EXPECT_TRUE(IsAllocatorFrame(name, "/usr/lib/jvm/lib/server/libjvm.so")) << name;
    EXPECT_FALSE(IsAllocatorFrame(name, "/bin/app")) << name;
  }
}

TEST(AllocatorFramesTest, VimsAreTheOnlyOnes) {
  EXPECT_TRUE(IsAllocatorFrame("lalloc", "/usr/bin/vim.nox"));
  EXPECT_FALSE(IsAllocatorFrame("lalloc", "/bin/app"));
}

TEST(AllocatorFramesTest, LibrariesNameTheirWrappersAlike) {
  for (const char* name : {"x264_malloc", "av_malloc_array", "zlib_calloc", "archive_realloc2",
                           "blosc_memalign", "my_malloc", "thing_mem_alloc"}) {
    EXPECT_TRUE(IsAllocatorFrame(name, "/usr/lib/libthing.so.7")) << name;
    EXPECT_FALSE(IsAllocatorFrame(name, "/bin/app")) << name;
  }
  for (const char* name : {"thing_alloc", "g_strdup", "malloced", "Pool::my_malloc(int)"}) {
    EXPECT_FALSE(IsAllocatorFrame(name, "/usr/lib/libthing.so.7")) << name;
  }
  EXPECT_TRUE(IsAllocatorFrame("my_malloc", "/usr/sbin/mariadbd"));
}

TEST(AllocatorFramesTest, KnowsTheWrappersOfCPrograms) {
  for (const char* name : {"zmalloc",
                           "jv_mem_alloc",
                           "caml_stat_alloc",
                           "AcquireAlignedMemory",
                           "ztrymalloc_usable_internal",
                           "Perl_safesysmalloc",
                           "Perl_safesysrealloc",
                           "PyMem_RawMalloc",
                           "PyObject_Malloc",
                           "_PyObject_Malloc",
                           "_PyMem_RawRealloc",
                           "sqlite3Malloc",
                           "sqlite3MemMalloc",
                           "g_malloc",
                           "g_try_malloc0_n",
                           "xmalloc",
                           "xcalloc",
                           "xrealloc",
                           "xstrdup",
                           "xmalloc(unsigned long)",
                           "dbReallocFinish.isra.0",
                           "CRYPTO_zalloc",
                           "uprv_malloc_72",
                           "palloc",
                           "llvm::User::operator new(unsigned long)",
                           "MemoryContextAlloc",
                           "llvm::safe_malloc(unsigned long)",
                           "icu_72::UMemory::operator new(unsigned long)",
                           "Chunk::operator new[](unsigned long)"}) {
    EXPECT_TRUE(IsAllocatorFrame(name, "/bin/app")) << name;
  }
  for (const char* name : {"zmalloc_get_rss", "operator newer", "Myoperator new", "os::free_memory",
                           "palloc_", "xmallocator", "Pool::xmalloc(int)", "g_strdup",
                           "sqlite3VdbeMemGrow", "PyObject_New", "Perl_newSV"}) {
    EXPECT_FALSE(IsAllocatorFrame(name, "/bin/app")) << name;
  }
}

TEST(AllocatorFramesTest, LeavesTheirCallersAlone) {
  for (const char* name :
       {"main", "strdup", "new", "newarray", "Pool::malloc(int)", "operator newline(int)", "",
        "my_malloc", "std::vector<int>::push_back(int)", "operator new_thing()",
        "mi_stats_print"}) {
    EXPECT_FALSE(IsAllocatorFrame(name, "/bin/app")) << name;
  }
}

TEST(AllocatorFramesTest, KnowsOurOwnLibrary) {
  EXPECT_TRUE(IsAllocatorFrame("anything", "/opt/lib/heapcrest/libheapcrest.so"));
  EXPECT_FALSE(IsAllocatorFrame("anything", "/opt/libheapcrest.so/app"));
}

}  // namespace
}  // namespace heapcrest
