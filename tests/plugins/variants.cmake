# Plugins that are built several times from one source.

# As by hand, with g++ and none of the flags that gantry_add_plugin gives: what a header defines is exported.
function(gantry_plain_plugin name source)
  add_library(${name} MODULE ${source})
  target_compile_definitions(${name} PRIVATE ${ARGN})
  target_link_libraries(${name} PRIVATE gantry::sdk gantry-warnings)
  set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/plugins)
  add_dependencies(gantry-tests ${name})
endfunction()

gantry_plain_plugin(area_one variants/area.cpp NAME="area_one" LAYOUT=1)
gantry_plain_plugin(area_same variants/area.cpp NAME="area_same" LAYOUT=1)
gantry_plain_plugin(area_other variants/area.cpp NAME="area_other" LAYOUT=2)
# The same two, with the flag that makes the question vanish.
gantry_plain_plugin(area_own variants/area.cpp NAME="area_own" LAYOUT=1)
gantry_plain_plugin(area_alone variants/area.cpp NAME="area_alone" LAYOUT=2)
foreach(name area_own area_alone)
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
endforeach()

gantry_plain_plugin(edition_1 variants/edition.cpp NUMBER=1)
gantry_plain_plugin(edition_2 variants/edition.cpp NUMBER=2)
