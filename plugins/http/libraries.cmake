pkg_check_modules(libcurl REQUIRED IMPORTED_TARGET libcurl>=7.85)
target_link_libraries(${plugin} PRIVATE PkgConfig::libcurl)
