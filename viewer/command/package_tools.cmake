# Read by cpack. Without these it would make a package that names no dependencies, and say nothing.
foreach(tool dpkg-shlibdeps file)
  find_program(PACKAGE_TOOL_${tool} ${tool})
  if(NOT PACKAGE_TOOL_${tool})
    message(FATAL_ERROR "${tool} is missing, which reads the dependencies of the package off its "
                        "binaries. Install it: tests/install-packages build")
  endif()
endforeach()
