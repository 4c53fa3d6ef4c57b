# What `cmake --install` gives to authors of plugins: the headers, and a package for find_package(gantry).
include(CMakePackageConfigHelpers)
set(GANTRY_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/gantry)
install(TARGETS gantry-sdk EXPORT gantry-targets COMPONENT sdk)
install(EXPORT gantry-targets NAMESPACE gantry:: DESTINATION ${GANTRY_PACKAGE} COMPONENT sdk)
install(DIRECTORY ${CMAKE_CURRENT_LIST_DIR}/../include/gantry DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT sdk)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/gantry-config.cmake.in ${CMAKE_BINARY_DIR}/gantry-config.cmake
  INSTALL_DESTINATION ${GANTRY_PACKAGE})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/gantry-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/gantry-config.cmake ${CMAKE_BINARY_DIR}/gantry-config-version.cmake
  ${CMAKE_CURRENT_LIST_DIR}/gantry-sdk.cmake ${CMAKE_CURRENT_LIST_DIR}/exports.map DESTINATION ${GANTRY_PACKAGE} COMPONENT sdk)
