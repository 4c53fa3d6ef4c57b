pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3>=3.33)
target_link_libraries(${plugin} PRIVATE PkgConfig::sqlite3)
