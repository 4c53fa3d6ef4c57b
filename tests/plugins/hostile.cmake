# hostile.c, once for each place where a plugin's text is shown: libhostile.so and libhostile_WAY.so.
function(gantry_hostile_plugin name way)
  add_library(${name} MODULE hostile.c)
  target_compile_definitions(${name} PRIVATE HOSTILE=${way})
  target_link_libraries(${name} PRIVATE gantry::sdk gantry-warnings)
  set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/plugins
    C_VISIBILITY_PRESET hidden)
  add_dependencies(gantry-tests ${name})
endfunction()

gantry_hostile_plugin(hostile LOADS)
foreach(way NAME FUNCTION SIGNATURE LONG SPELL DIES)
  string(TOLOWER hostile_${way} name)
  gantry_hostile_plugin(${name} ${way})
endforeach()
