# The core: files to model, model to peak, call tree, numbers and text. Knows neither ELF nor HTML.
find_package(absl REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(zstd REQUIRED)

add_library(heapcrest_core STATIC
  ${CMAKE_CURRENT_LIST_DIR}/address_names.cc
  ${CMAKE_CURRENT_LIST_DIR}/allocator_frames.cc
  ${CMAKE_CURRENT_LIST_DIR}/allocator_wrappers.cc
  ${CMAKE_CURRENT_LIST_DIR}/calibration.cc
  ${CMAKE_CURRENT_LIST_DIR}/call_tree.cc
  ${CMAKE_CURRENT_LIST_DIR}/callers.cc
  ${CMAKE_CURRENT_LIST_DIR}/capture_reader.cc
  ${CMAKE_CURRENT_LIST_DIR}/child_exits.cc
  ${CMAKE_CURRENT_LIST_DIR}/copies.cc
  ${CMAKE_CURRENT_LIST_DIR}/counts_folder.cc
  ${CMAKE_CURRENT_LIST_DIR}/credit.cc
  ${CMAKE_CURRENT_LIST_DIR}/event_order.cc
  ${CMAKE_CURRENT_LIST_DIR}/explanation.cc
  ${CMAKE_CURRENT_LIST_DIR}/explanation_text.cc
  ${CMAKE_CURRENT_LIST_DIR}/folded.cc
  ${CMAKE_CURRENT_LIST_DIR}/function_name.cc
  ${CMAKE_CURRENT_LIST_DIR}/growth.cc
  ${CMAKE_CURRENT_LIST_DIR}/hints.cc
  ${CMAKE_CURRENT_LIST_DIR}/imports.cc
  ${CMAKE_CURRENT_LIST_DIR}/input_file.cc
  ${CMAKE_CURRENT_LIST_DIR}/interpreter_frames.cc
  ${CMAKE_CURRENT_LIST_DIR}/lifetimes.cc
  ${CMAKE_CURRENT_LIST_DIR}/line_types.cc
  ${CMAKE_CURRENT_LIST_DIR}/object_folder.cc
  ${CMAKE_CURRENT_LIST_DIR}/object_precision.cc
  ${CMAKE_CURRENT_LIST_DIR}/object_types.cc
  ${CMAKE_CURRENT_LIST_DIR}/output_file.cc
  ${CMAKE_CURRENT_LIST_DIR}/path_prefix.cc
  ${CMAKE_CURRENT_LIST_DIR}/peak.cc
  ${CMAKE_CURRENT_LIST_DIR}/printable.cc
  ${CMAKE_CURRENT_LIST_DIR}/profile_block.cc
  ${CMAKE_CURRENT_LIST_DIR}/profile_events.cc
  ${CMAKE_CURRENT_LIST_DIR}/profile_facts.cc
  ${CMAKE_CURRENT_LIST_DIR}/profile_reader.cc
  ${CMAKE_CURRENT_LIST_DIR}/profile_resident.cc
  ${CMAKE_CURRENT_LIST_DIR}/profile_tables.cc
  ${CMAKE_CURRENT_LIST_DIR}/profile_writer.cc
  ${CMAKE_CURRENT_LIST_DIR}/python_code.cc
  ${CMAKE_CURRENT_LIST_DIR}/reader.cc
  ${CMAKE_CURRENT_LIST_DIR}/reconciliation.cc
  ${CMAKE_CURRENT_LIST_DIR}/record_decoder.cc
  ${CMAKE_CURRENT_LIST_DIR}/recording.cc
  ${CMAKE_CURRENT_LIST_DIR}/regression.cc
  ${CMAKE_CURRENT_LIST_DIR}/sample_sums.cc
  ${CMAKE_CURRENT_LIST_DIR}/sample_weights.cc
  ${CMAKE_CURRENT_LIST_DIR}/source_text.cc
  ${CMAKE_CURRENT_LIST_DIR}/stack_chain.cc
  ${CMAKE_CURRENT_LIST_DIR}/stack_tree.cc
  ${CMAKE_CURRENT_LIST_DIR}/standard_library.cc
  ${CMAKE_CURRENT_LIST_DIR}/command_line.cc
  ${CMAKE_CURRENT_LIST_DIR}/summary.cc
  ${CMAKE_CURRENT_LIST_DIR}/summary_json.cc
  ${CMAKE_CURRENT_LIST_DIR}/summary_markdown.cc
  ${CMAKE_CURRENT_LIST_DIR}/summary_text.cc
  ${CMAKE_CURRENT_LIST_DIR}/tree_grower.cc
  ${CMAKE_CURRENT_LIST_DIR}/units.cc
  ${CMAKE_CURRENT_LIST_DIR}/views.cc
  ${CMAKE_CURRENT_LIST_DIR}/weight.cc)
# Each says the same things in its own form, and names its functions alike.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/summary_markdown.cc
  ${CMAKE_CURRENT_LIST_DIR}/summary_text.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
target_compile_options(heapcrest_core PRIVATE ${SANITIZE_FLAGS} $<$<BOOL:${HEAPCREST_FUZZ}>:-fsanitize=fuzzer-no-link>)
target_link_libraries(heapcrest_core
  PUBLIC heapcrest_format absl::status absl::statusor
  PRIVATE absl::flat_hash_map absl::strings nlohmann_json::nlohmann_json zstd::libzstd_shared)
