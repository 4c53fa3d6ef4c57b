# gantry::sdk (header-only) and gantry_add_plugin(), for this tree and, through find_package(gantry), for authors.
get_filename_component(GANTRY_SDK_ROOT ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)

if(NOT TARGET gantry-sdk)
  add_library(gantry-sdk INTERFACE)
  add_library(gantry::sdk ALIAS gantry-sdk)
  target_include_directories(gantry-sdk INTERFACE ${GANTRY_SDK_ROOT}/include)
endif()

# gantry_add_plugin(NAME source…): builds libNAME.so, which exports one symbol.
function(gantry_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE gantry::sdk)
endfunction()
