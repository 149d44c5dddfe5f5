# Language, warnings, optimisation and output folders for every room.
# SPDX-License-Identifier: Apache-2.0

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)

find_program(SECFORMER_CCACHE ccache)
if(SECFORMER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${SECFORMER_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SECFORMER_CCACHE})
endif()

if(SECFORMER_ASSERTIONS)
  foreach(build_type RELEASE RELWITHDEBINFO MINSIZEREL)
    string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_${build_type}
                   "${CMAKE_CXX_FLAGS_${build_type}}")
  endforeach()
endif()

add_compile_options(-Wall -Wextra)
if(SECFORMER_WERROR)
  add_compile_options(-Werror)
endif()
if(SECFORMER_SANITIZE)
  add_compile_options(-fsanitize=${SECFORMER_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SECFORMER_SANITIZE})
endif()

# Includes start at the repository root. What is generated (TableGen, protobuf)
# is not ours to keep free of warnings: SYSTEM.
include_directories(${PROJECT_SOURCE_DIR})
include_directories(SYSTEM ${PROJECT_BINARY_DIR})
