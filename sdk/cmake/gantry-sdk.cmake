# gantry::sdk (header-only) and gantry_add_plugin(), for this tree and, through find_package(gantry), for authors.
include_guard(GLOBAL)

# In this tree; an installed gantry brings its targets along.
if(NOT TARGET gantry::sdk)
  get_filename_component(GANTRY_SDK_ROOT ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
  add_library(gantry-sdk INTERFACE)
  add_library(gantry::sdk ALIAS gantry-sdk)
  set_target_properties(gantry-sdk PROPERTIES EXPORT_NAME sdk)
  target_compile_features(gantry-sdk INTERFACE cxx_std_23)
  target_link_libraries(gantry-sdk INTERFACE cereal::cereal)
  target_include_directories(gantry-sdk INTERFACE $<BUILD_INTERFACE:${GANTRY_SDK_ROOT}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
endif()

# gantry_add_plugin(NAME [TARGET target] source…): builds libNAME.so, which exports one symbol, gantry_plugin.
# The target is called NAME unless TARGET says otherwise. Sources in C need enable_language(C).
function(gantry_add_plugin name)
  cmake_parse_arguments(ARG "" "TARGET" "" ${ARGN})
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "gantry_add_plugin: ${name} must be lower-case letters, digits and underscores, a letter first")
  endif()
  if(NOT ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "gantry_add_plugin: ${name} needs at least one source")
  endif()
  if(NOT ARG_TARGET)
    set(ARG_TARGET ${name})
  endif()
  add_library(${ARG_TARGET} MODULE ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${ARG_TARGET} PRIVATE gantry::sdk)
  set_target_properties(${ARG_TARGET} PROPERTIES PREFIX lib OUTPUT_NAME ${name} SUFFIX .so
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/exports.map)
  target_compile_options(${ARG_TARGET} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    target_compile_options(${ARG_TARGET} PRIVATE -O2)
  endif()
  target_link_options(${ARG_TARGET} PRIVATE LINKER:--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/exports.map)
  # Under a sanitizer the run-time library is found in the program, so some symbols stay open.
  string(FIND "${CMAKE_CXX_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS} ${GANTRY_SANITIZE}" "sanitize" sanitized)
  if(sanitized EQUAL -1 AND NOT GANTRY_SANITIZE)
    target_link_options(${ARG_TARGET} PRIVATE LINKER:-z,defs)
  endif()
endfunction()
