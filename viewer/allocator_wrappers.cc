#include "viewer/allocator_wrappers.h"

#include <algorithm>
#include <iterator>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace heapcrest {
namespace {

constexpr const char* kWrappers[] = {
    // gnulib, git, and whoever names them so
    "do_xmalloc", "x2realloc", "xcalloc", "xcharalloc", "xmalloc", "xmallocz", "xmemdup",
    "xmemdupz", "xnmalloc", "xnrealloc", "xrealloc", "xreallocarray", "xstrdup", "xstrndup",
    "xzalloc",
    // Redis
    "zcalloc", "zcalloc_num", "zcalloc_usable", "zmalloc", "zmalloc_no_tcache", "zmalloc_usable",
    "zrealloc", "zrealloc_usable", "ztrycalloc", "ztrycalloc_usable", "ztrycalloc_usable_internal",
    "ztrymalloc", "ztrymalloc_usable", "ztrymalloc_usable_internal", "ztryrealloc",
    "ztryrealloc_usable", "ztryrealloc_usable_internal",
    // SQLite
    "dbMallocRawFinish", "dbReallocFinish", "mallocWithAlarm", "sqlite3DbMallocRaw",
    "sqlite3DbMallocRawNN", "sqlite3DbMallocZero", "sqlite3DbRealloc", "sqlite3DbReallocOrFree",
    "sqlite3Malloc", "sqlite3MallocZero", "sqlite3MemMalloc", "sqlite3MemRealloc", "sqlite3Realloc",
    "sqlite3_malloc", "sqlite3_malloc64", "sqlite3_realloc", "sqlite3_realloc64",
    // PostgreSQL
    "AllocSetAlloc", "AllocSetContextCreateInternal", "AllocSetRealloc", "GenerationAlloc",
    "MemoryContextAlloc", "MemoryContextAllocExtended", "MemoryContextAllocHuge",
    "MemoryContextAllocZero", "MemoryContextAllocZeroAligned", "MemoryContextStrdup", "palloc",
    "palloc0", "palloc_extended", "pg_malloc", "pg_malloc0", "pg_malloc_extended", "pg_realloc",
    "pg_strdup", "pnstrdup", "pstrdup", "repalloc", "repalloc_huge",
    // perl, PHP, Ruby, Tcl, Lua
    "Perl_safesyscalloc", "Perl_safesysmalloc", "Perl_safesysrealloc", "_ecalloc", "_emalloc",
    "_erealloc", "_safe_emalloc", "__zend_calloc", "__zend_malloc", "__zend_realloc",
    "objspace_xcalloc", "objspace_xmalloc0", "objspace_xrealloc", "ruby_xcalloc", "ruby_xmalloc",
    "ruby_xmalloc2", "ruby_xrealloc", "ruby_xrealloc2", "Tcl_Alloc", "Tcl_Realloc", "TclpAlloc",
    "TclpRealloc", "l_alloc", "luaM_malloc_", "luaM_realloc_",
    // CPython
    "PyMem_Calloc", "PyMem_Malloc", "PyMem_RawCalloc", "PyMem_RawMalloc", "PyMem_RawRealloc",
    "PyMem_Realloc", "PyObject_Calloc", "PyObject_Malloc", "PyObject_Realloc", "_PyMem_Calloc",
    "_PyMem_Malloc", "_PyMem_RawCalloc", "_PyMem_RawMalloc", "_PyMem_RawRealloc", "_PyMem_Realloc",
    "_PyObject_Calloc", "_PyObject_Malloc", "_PyObject_Realloc",
    // V8, Node.js, libuv
    "node::Malloc", "node::Realloc", "node::UncheckedMalloc", "node::UncheckedRealloc",
    "uv__calloc", "uv__malloc", "uv__realloc", "uv__reallocf", "uv__strdup", "uv__strndup",
    "v8::base::AlignedAlloc", "v8::base::Malloc", "v8::internal::AlignedAllocWithRetry",
    "v8::internal::AllocAtLeastWithRetry", "v8::internal::AllocWithRetry",
    // LLVM
    "llvm::allocate_buffer", "llvm::safe_calloc", "llvm::safe_malloc", "llvm::safe_realloc",
    // GLib, APR, OpenSSL, ICU, FFmpeg, Qt
    "g_aligned_alloc", "g_aligned_alloc0", "g_malloc", "g_malloc0", "g_malloc0_n", "g_malloc_n",
    "g_realloc", "g_realloc_n", "g_slice_alloc", "g_slice_alloc0", "g_try_malloc", "g_try_malloc0",
    "g_try_malloc0_n", "g_try_malloc_n", "g_try_realloc", "g_try_realloc_n", "allocator_alloc",
    "ap_calloc", "ap_malloc", "ap_realloc", "apr_palloc", "apr_pcalloc", "CRYPTO_aligned_alloc",
    "CRYPTO_clear_realloc", "CRYPTO_malloc", "CRYPTO_memdup", "CRYPTO_realloc",
    "CRYPTO_secure_malloc", "CRYPTO_strdup", "CRYPTO_strndup", "CRYPTO_zalloc", "uprv_calloc",
    "uprv_malloc", "uprv_realloc", "av_buffer_alloc", "av_buffer_allocz", "av_buffer_realloc",
    "av_calloc", "av_malloc", "av_mallocz", "av_realloc", "av_realloc_f", "QArrayData::allocate",
    "QArrayData::reallocateUnaligned", "qMallocAligned", "qReallocAligned",
    // jq
    "jv_mem_alloc", "jv_mem_alloc_unguarded", "jv_mem_calloc", "jv_mem_calloc_unguarded",
    "jv_mem_realloc", "jv_mem_strdup", "jv_mem_strdup_unguarded",
    // ImageMagick
    "AcquireAlignedMemory", "AcquireMagickMemory", "AcquireQuantumMemory", "AcquireString",
    "AcquireVirtualMemory", "ResizeMagickMemory", "ResizeQuantumMemory",
    // OCaml, Haskell, SBCL, SWI-Prolog
    "caml_alloc_for_heap", "caml_stat_alloc", "caml_stat_alloc_aligned_noexc",
    "caml_stat_alloc_noexc", "caml_stat_calloc_noexc", "caml_stat_resize", "caml_stat_resize_noexc",
    "caml_stat_strdup", "stgCallocBytes", "stgMallocBytes", "stgReallocBytes", "successful_malloc",
    "PL_malloc_atomic",
    // Mono, QEMU, Erlang, Graphviz
    "mono_mempool_alloc", "mono_mempool_alloc0", "monoeg_g_calloc", "monoeg_malloc",
    "monoeg_malloc0", "monoeg_realloc", "qemu_blockalign", "qemu_blockalign0", "qemu_memalign",
    "qemu_try_blockalign", "qemu_try_blockalign0", "qemu_try_memalign", "erts_sys_aligned_alloc",
    "erts_sys_aligned_realloc", "erts_sys_alloc", "erts_sys_realloc", "agalloc", "agrealloc",
    // nginx, R
    "ngx_alloc", "ngx_calloc", "ngx_memalign", "ngx_palloc", "ngx_palloc_block", "ngx_palloc_large",
    "ngx_pcalloc", "ngx_pmemalign", "ngx_pnalloc", "Rf_allocVector", "Rf_allocVector3"};

using Names = absl::flat_hash_set<std::string_view>;

// By the file of the program or library whose they are; others may have such names for something
// that is looked for. Java has arenas, as others do who want to see them.
using NamesByFile = absl::flat_hash_map<std::string_view, Names>;
NamesByFile OwnWrappers() {
  const Names mariadb = {"my_malloc",     "my_memdup",  "my_multi_malloc", "my_multi_malloc_large",
                         "my_once_alloc", "my_realloc", "my_strdup",       "my_strndup"};
  const Names vim = {"alloc",        "alloc_clear",  "lalloc",
                     "lalloc_clear", "vim_strnsave", "vim_strsave"};
  return {{"vim", vim},
          {"vim.basic", vim},
          {"vim.gtk3", vim},
          {"vim.nox", vim},
          {"vim.tiny", vim},
          {"libjvm.so",
           {"AllocateHeap", "Arena::Amalloc", "Arena::Arealloc", "Arena::Arena", "Arena::grow",
            "ChunkPool::allocate", "ReallocateHeap", "os::malloc", "os::realloc", "os::strdup",
            "os::strdup_check_oom", "reallocate_resource_array", "resource_allocate_bytes",
            "resource_reallocate_bytes"}},
          {"mariadbd", mariadb},
          {"mysqld", mariadb}};
}

// How C libraries name theirs: "x264_malloc", "av_malloc_array". In a program, "test_malloc" may be
// what is looked for.
constexpr std::string_view kEndings[] = {
    "malloc",   "calloc",       "realloc",       "memalign",    "zalloc",       "mallocz",
    "reallocf", "malloc_array", "realloc_array", "mallocarray", "reallocarray", "mem_alloc"};

bool IsOfALibrary(std::string_view file) { return file.find(".so") != file.npos; }

// In C: C++ has scopes.
bool IsNamedAsOne(std::string_view name) {
  if (name.find(':') != name.npos) return false;
  const std::string_view word = name.substr(0, name.find_last_not_of("0123456789") + 1);
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) {
    return word.ends_with(ending) && word.size() > ending.size();
  });
}

std::string_view WithoutVersion(std::string_view name) {
  const size_t end = name.find_last_not_of("0123456789");
  const bool is_versioned = end != name.npos && name[end] == '_' && end + 1 < name.size();
  return is_versioned ? name.substr(0, end) : name;
}

}  // namespace

bool IsAllocatorWrapper(std::string_view name, std::string_view library) {
  static const auto& wrappers = *new Names(std::begin(kWrappers), std::end(kWrappers));
  static const auto& own = *new NamesByFile(OwnWrappers());
  const std::string_view plain = WithoutVersion(name.substr(0, name.find('.')));
  return wrappers.contains(plain) || (IsOfALibrary(library) && IsNamedAsOne(plain)) ||
         (own.contains(library) && own.at(library).contains(name));
}

}  // namespace heapcrest
