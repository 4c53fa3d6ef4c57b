# What `cmake --install` installs: the programs, the plugins (plugins/CMakeLists.txt), pipelines and pages to start from, and
# for authors of plugins the headers and a package for find_package(gantry), which the build folder is too.
include(CMakePackageConfigHelpers)
set(GANTRY_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/gantry)
if(GANTRY_PROGRAMS)
  install(TARGETS gantry gantry-worker RUNTIME COMPONENT programs)
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs DESTINATION ${CMAKE_INSTALL_DATADIR}/gantry COMPONENT programs)
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT programs)
install(FILES ${PROJECT_SOURCE_DIR}/sdk/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/sdk COMPONENT sdk)

install(TARGETS gantry-sdk EXPORT gantry-targets COMPONENT sdk)
install(EXPORT gantry-targets NAMESPACE gantry:: DESTINATION ${GANTRY_PACKAGE} COMPONENT sdk)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/sdk/include/gantry DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT sdk)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/gantry-config.cmake.in ${PROJECT_BINARY_DIR}/gantry-config.cmake
  INSTALL_DESTINATION ${GANTRY_PACKAGE})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/gantry-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gantry-config.cmake ${PROJECT_BINARY_DIR}/gantry-config-version.cmake
  ${CMAKE_CURRENT_LIST_DIR}/gantry-sdk.cmake ${CMAKE_CURRENT_LIST_DIR}/exports.map DESTINATION ${GANTRY_PACKAGE} COMPONENT sdk)

export(EXPORT gantry-targets NAMESPACE gantry:: FILE ${PROJECT_BINARY_DIR}/gantry-targets.cmake)
foreach(file gantry-sdk.cmake exports.map)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${file} ${PROJECT_BINARY_DIR}/${file} COPYONLY)
endforeach()
