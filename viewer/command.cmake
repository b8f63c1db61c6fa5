# The command: one file for each subcommand, and a thin main.
find_package(CLI11 REQUIRED)
find_package(Boost REQUIRED)  # Stacktrace, header-only

add_library(heapcrest_command STATIC
  ${CMAKE_CURRENT_LIST_DIR}/command/captures_folder.cc
  ${CMAKE_CURRENT_LIST_DIR}/command/crash_handler.cc
  ${CMAKE_CURRENT_LIST_DIR}/command/export_command.cc
  ${CMAKE_CURRENT_LIST_DIR}/command/gather.cc
  ${CMAKE_CURRENT_LIST_DIR}/command/help.cc
  ${CMAKE_CURRENT_LIST_DIR}/command/report_command.cc
  ${CMAKE_CURRENT_LIST_DIR}/command/run_command.cc
  ${CMAKE_CURRENT_LIST_DIR}/command/standard_streams.cc
  ${CMAKE_CURRENT_LIST_DIR}/command/summary_command.cc)
target_compile_options(heapcrest_command PRIVATE ${SANITIZE_FLAGS})
target_compile_definitions(heapcrest_command PRIVATE HEAPCREST_VERSION="${PROJECT_VERSION}")
target_link_libraries(heapcrest_command
  PUBLIC heapcrest_core heapcrest_launch heapcrest_report heapcrest_symbols CLI11::CLI11
  PRIVATE Boost::headers ${CMAKE_DL_LIBS})

add_executable(heapcrest ${CMAKE_CURRENT_LIST_DIR}/main.cc)
target_compile_options(heapcrest PRIVATE ${SANITIZE_FLAGS})
target_compile_definitions(heapcrest PRIVATE HEAPCREST_VERSION="${PROJECT_VERSION}")
target_link_options(heapcrest PRIVATE ${SANITIZE_FLAGS})
target_link_libraries(heapcrest PRIVATE heapcrest_command)
set_target_properties(heapcrest PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin
  ENABLE_EXPORTS ON)  # names for the stack of a crash
if(TARGET heapcrest_preload)  # none under a sanitizer
  add_dependencies(heapcrest heapcrest_preload)
endif()

install(TARGETS heapcrest RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${PROJECT_SOURCE_DIR}/docs/heapcrest.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Under /usr Debian's python3 imports it from there; under another prefix it is run by its path.
install(FILES ${PROJECT_SOURCE_DIR}/viewer/jupyter/heapcrest.py
        DESTINATION lib/python3/dist-packages)
include(${CMAKE_CURRENT_LIST_DIR}/command/package.cmake)
