# The report: viewer/page/ (script, style, markup) joined and embedded into a library that writes it.
find_package(absl REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)

set(PAGE_SOURCES ${CMAKE_CURRENT_LIST_DIR}/page)
set(PAGE_BUILT ${CMAKE_CURRENT_BINARY_DIR}/page)
file(MAKE_DIRECTORY ${PAGE_BUILT})

# In this order: a module may import earlier ones only.
set(PAGE_MODULES bisect remembered decode texts tree samples sums totals names units rows layout search
    lines merge state shape curve colors dom theme threads profile canvas labels details flamegraph
    controls outline menu stack_text frame_menu address finder status curve_view table toolbar
    picker pickers histogram side verdict pane page describe main)
list(TRANSFORM PAGE_MODULES PREPEND ${PAGE_SOURCES}/)
list(TRANSFORM PAGE_MODULES APPEND .js)

# esbuild joins and shortens them best. Without it page_bundle joins them: pages work as well, and are
# some 40 KB larger.
find_program(ESBUILD esbuild)
add_executable(page_bundle ${PAGE_SOURCES}/bundle.cc ${PAGE_SOURCES}/squeeze.cc)
set(SHORTEN ${ESBUILD} --log-level=warning --minify --target=es2022 --charset=utf8 --allow-overwrite)
# Properties that neither the browser nor the data nor an address names may be shortened too.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PAGE_SOURCES}/own_names.txt)
file(READ ${PAGE_SOURCES}/own_names.txt OWN_NAMES)
string(STRIP "${OWN_NAMES}" OWN_NAMES)
string(REGEX REPLACE "[ \n]+" "|" OWN_NAMES "${OWN_NAMES}")
if(ESBUILD)
  set(JOIN_SCRIPT ${SHORTEN} --bundle --format=iife
      "--mangle-props=^(${OWN_NAMES})$" ${PAGE_SOURCES}/main.js --outfile=${PAGE_BUILT}/page.js)
  set(JOIN_STYLE ${SHORTEN} ${PAGE_SOURCES}/page.css --outfile=${PAGE_BUILT}/page.css)
else()
  set(JOIN_SCRIPT page_bundle script ${PAGE_BUILT}/page.js ${PAGE_MODULES})
  set(JOIN_STYLE page_bundle style ${PAGE_BUILT}/page.css ${PAGE_SOURCES}/page.css)
endif()
add_custom_command(OUTPUT ${PAGE_BUILT}/page.js
  COMMAND ${JOIN_SCRIPT} DEPENDS page_bundle ${PAGE_MODULES} VERBATIM)
add_custom_command(OUTPUT ${PAGE_BUILT}/page.css
  COMMAND ${JOIN_STYLE} DEPENDS page_bundle ${PAGE_SOURCES}/page.css)
add_custom_command(OUTPUT ${PAGE_BUILT}/page_text.cc
  COMMAND ${CMAKE_COMMAND} -DSCRIPT=${PAGE_BUILT}/page.js -DSTYLE=${PAGE_BUILT}/page.css
          -DHEAD=${PAGE_SOURCES}/head.html -DAPP=${PAGE_SOURCES}/app.html
          -DOUT=${PAGE_BUILT}/page_text.cc -P ${PAGE_SOURCES}/embed.cmake
  DEPENDS ${PAGE_BUILT}/page.js ${PAGE_BUILT}/page.css ${PAGE_SOURCES}/head.html
          ${PAGE_SOURCES}/app.html ${PAGE_SOURCES}/embed.cmake)
# A script is longer than the string literals that the standard promises; both compilers take it.
set_source_files_properties(${PAGE_BUILT}/page_text.cc PROPERTIES COMPILE_OPTIONS
  -Wno-overlength-strings)

add_library(heapcrest_report STATIC
  ${CMAKE_CURRENT_LIST_DIR}/report.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/frame_table.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/moment_scales.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/module_ranks.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/packer.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/page_data.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/page_index.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/page_tree.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/preview.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/process_columns.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/sample_groups.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/static_body.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/static_curve.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/static_flamegraph.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/text.cc
  ${CMAKE_CURRENT_LIST_DIR}/report/timeline.cc
  ${PAGE_BUILT}/page_text.cc)
# Pictures of different width.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/report/static_curve.cc
  PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
target_compile_options(heapcrest_report PRIVATE ${SANITIZE_FLAGS})
target_link_libraries(heapcrest_report
  PUBLIC heapcrest_core
  PRIVATE absl::flat_hash_map absl::strings absl::str_format nlohmann_json::nlohmann_json ZLIB::ZLIB)
