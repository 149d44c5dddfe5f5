# Installs headers (to include/secformer) and the compiler's libraries. The tools
# and the runtime, a package that compiled programs find, install themselves.
# SPDX-License-Identifier: Apache-2.0

foreach(room runtime dialect frontend passes backend tools)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room}
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/secformer
          FILES_MATCHING PATTERN "*.h" PATTERN "*.inc" PATTERN "*.td")
  install(DIRECTORY ${PROJECT_BINARY_DIR}/${room}
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/secformer
          FILES_MATCHING PATTERN "*.inc"
          PATTERN "CMakeFiles" EXCLUDE)
endforeach()

install(TARGETS SecFormerNN SecFormerMPC SecFormerFrontend SecFormerFit
                SecFormerNNPasses SecFormerPasses SecFormerBackend)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
