# Symbols: addresses to functions and lines. The only part that knows ELF and DWARF.
find_package(absl REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBDW REQUIRED IMPORTED_TARGET libdw)
pkg_check_modules(LIBELF REQUIRED IMPORTED_TARGET libelf)
find_library(LIBIBERTY NAMES iberty REQUIRED)

add_library(heapcrest_symbols STATIC
  ${CMAKE_CURRENT_LIST_DIR}/symbolizer.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/compile_unit.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/debug_file.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/debug_info.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/demangle.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/die_tree.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/elf_file.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/function_names.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/module_symbols.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/plain_types.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/range_index.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/scopes.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/source_path.cc
  ${CMAKE_CURRENT_LIST_DIR}/symbols/symbol_index.cc)
# libiberty declares a basename of its own.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/symbols/demangle.cc
  PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
target_compile_options(heapcrest_symbols PRIVATE ${SANITIZE_FLAGS})
find_package(Threads REQUIRED)
target_link_libraries(heapcrest_symbols
  PUBLIC heapcrest_core absl::status absl::statusor PkgConfig::LIBDW PkgConfig::LIBELF
  PRIVATE absl::flat_hash_map absl::function_ref absl::strings ZLIB::ZLIB ${LIBIBERTY}
          Threads::Threads)
