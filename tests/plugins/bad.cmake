# bad.c, once for each way in which a library can be no plugin, or a plugin wrong: libwell.so and libbad_WAY.so.
function(gantry_bad_plugin name way)
  add_library(${name} MODULE bad.c)
  target_compile_definitions(${name} PRIVATE BAD=${way})
  target_link_libraries(${name} PRIVATE gantry::sdk gantry-warnings)
  set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/plugins
    C_VISIBILITY_PRESET hidden)
  add_dependencies(gantry-bad-plugins ${name})
endfunction()

add_custom_target(gantry-bad-plugins)
add_dependencies(gantry-tests gantry-bad-plugins)
gantry_bad_plugin(well GOOD)
foreach(way NO_SYMBOL MAGIC MAJOR WIRE SHORT NAME ENDLESS COUNT NOWHERE NULL_ENTRY SHORT_ENTRY ENTRY_NAME NO_RUN
        NO_SIGNATURE SPELL SIGNATURE DEFAULT TWICE RUN_MANY UNDEFINED NEEDED ABORTS EXITS HANGS PIN_MANY
        BEGIN_PIN BEGIN_FILE)
  string(TOLOWER bad_${way} name)
  gantry_bad_plugin(${name} ${way})
endforeach()

# The library that bad_needed was linked with, and that nobody finds when it is loaded.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/absent.c "int absent(void);\nint absent(void) { return 1; }\n")
add_library(gantry_absent SHARED ${CMAKE_CURRENT_BINARY_DIR}/absent.c)
target_link_libraries(bad_needed PRIVATE gantry_absent)
set_target_properties(bad_needed PROPERTIES SKIP_BUILD_RPATH ON)
