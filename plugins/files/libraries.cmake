pkg_check_modules(libcrypto REQUIRED IMPORTED_TARGET libcrypto)
target_link_libraries(${plugin} PRIVATE PkgConfig::libcrypto)
