// The closed table of error codes: what each says in one line. Numbers are never reused; a new error gets the next free
// one of its section, a named constant here, and its place in `all` (codes.cpp).
#pragma once

#include <span>
#include <string_view>

namespace gantry::config {

struct Code {
  std::string_view number;   ///< "E0105"
  std::string_view meaning;  ///< one line, without a full stop
};

namespace codes {

// E01xx: the text as YAML (config room).
inline constexpr Code not_text{"E0101", "the file is not UTF-8 text, or holds control characters"};
inline constexpr Code too_large{"E0102", "the file is larger than 16 MiB"};
inline constexpr Code tab_indentation{"E0103", "a line is indented with a tab"};
inline constexpr Code syntax{"E0104", "the text is not valid YAML"};
inline constexpr Code unclosed{"E0105", "a bracket, brace or quote is opened and never closed"};
inline constexpr Code duplicate_key{"E0106", "a key stands twice in one map"};
inline constexpr Code not_supported_yaml{"E0107", "anchors, aliases, merge keys and tags are not part of a pipeline"};
inline constexpr Code second_document{"E0108", "the file holds more than one YAML document"};
inline constexpr Code key_form{"E0109", "a key is not a plain word"};
inline constexpr Code too_deep{"E0110", "values are nested deeper than 64 levels"};
inline constexpr Code no_pipeline{"E0111", "the file holds no pipeline"};

// E02xx: keys and values of the file (config room).
inline constexpr Code unknown_key{"E0201", "the key is not known here"};
inline constexpr Code later_version{"E0202", "the key belongs to a later version of gantry"};
inline constexpr Code missing_key{"E0203", "a required key is missing"};
inline constexpr Code wrong_shape{"E0204", "a value is a list, a map or a scalar where another is wanted"};
inline constexpr Code format_version{"E0205", "the format version is not 1"};
inline constexpr Code not_a_number{"E0206", "a setting is not a whole number in its range"};
inline constexpr Code not_a_duration{"E0207", "a setting is not a duration above zero with a unit"};
inline constexpr Code not_a_word{"E0208", "a setting is none of the words allowed here"};
inline constexpr Code exclusive_keys{"E0209", "two keys exclude each other"};
inline constexpr Code not_a_source{"E0210", "what a bound name gets its values from is not a source"};
inline constexpr Code reference_here{"E0211", "references are not allowed here"};
inline constexpr Code plugin_form{"E0212", "an entry of plugins is neither a name, a path, nor a map of both"};
inline constexpr Code shared_form{"E0230", "an entry of shared is no queue, counter or array"};

// E03xx: names and references. E0301–E0319: the plan room; E0320–E0339: the config room.
inline constexpr Code no_such_reference{"E0301", "a reference names nothing that exists"};
inline constexpr Code no_such_part{"E0302", "a reference asks for a part that the value does not have"};
inline constexpr Code index_without_each{"E0303", "$index is used in a step without each"};
inline constexpr Code cycle{"E0304", "steps wait for each other in a circle"};
inline constexpr Code unused_bound_name{"E0305", "a bound name is used by nothing"};
inline constexpr Code bound_name_in_source{"E0306", "a source depends on a bound name or on $index"};
inline constexpr Code unused_shared{"E0310", "a shared object is used by no step"};
inline constexpr Code shared_here{"E0311", "a shared object stands where only a value may"};

inline constexpr Code name_form{"E0320", "an id or name does not match [a-z][a-z0-9_]*"};
/// Reported by read() for every scalar in args and sources: the plan passes over scalars that parse_scalar refuses.
inline constexpr Code dollar{"E0321", "a $ begins no reference"};
inline constexpr Code reserved_name{"E0322", "an id or name is reserved"};
inline constexpr Code duplicate_id{"E0323", "two steps have the same id, or a plugin is listed twice"};
inline constexpr Code bound_name_is_step{"E0324", "a bound name is also the id of a step"};
inline constexpr Code call_form{"E0325", "call is not of the form plugin.function"};
inline constexpr Code plugin_not_listed{"E0326", "call names a plugin that is not listed under plugins"};
inline constexpr Code no_such_param{"E0327", "--set names no param of the file"};

// E04xx: types and arguments (plan room).
inline constexpr Code value_type{"E0401", "a value does not fit the type that uses it"};
inline constexpr Code result_type{"E0402",
                                  "a result or an element does not convert to the type that uses it without loss"};
inline constexpr Code missing_argument{"E0403", "a parameter without default gets no argument"};
inline constexpr Code no_such_parameter{"E0404", "an argument names no parameter of the function"};
inline constexpr Code no_overload{"E0405", "none of a function's signatures takes the arguments"};
inline constexpr Code source_bound{"E0406", "a bound, step or size of a source is not a whole number in its range"};
inline constexpr Code source_not_a_list{"E0407", "a source is not a list"};
inline constexpr Code unequal_zip{"E0408", "sources that are walked together differ in length"};
inline constexpr Code too_many_tasks{"E0409", "a step has more than 2^63 tasks"};
inline constexpr Code not_in_a_text{"E0410", "what is put into a text is not a scalar"};
inline constexpr Code shared_type{"E0411", "a shared object is not what the parameter takes"};
inline constexpr Code shared_content{"E0412", "the content of a shared object does not fit it"};
inline constexpr Code shared_chunk{"E0413", "tasks that share are leased one by one"};

// E0420–E0429: files that a source finds (plan room).
inline constexpr Code file_pattern{"E0420", "what files looks for is not a pattern, or not known before the run"};
inline constexpr Code no_file{"E0421", "no file matches a pattern"};
inline constexpr Code unusable_file{"E0422", "a folder cannot be read, or a file's path is not UTF-8"};

// E0430–E0439: what cannot be sent as bytes: pinned values and open files (plan room).
inline constexpr Code resident_here{"E0430", "a pinned value or an open file stands where only bytes can"};
inline constexpr Code two_homes{"E0431", "a task needs pinned values that may be in two workers"};
inline constexpr Code resident_output{"E0432", "a pinned value or an open file is to be printed"};
inline constexpr Code resident_setting{"E0433",
                                       "a step that makes or changes pinned values has a setting that it cannot have"};

// E05xx: plugins (plan room).
inline constexpr Code no_such_plugin{"E0501", "no loaded plugin has the name"};
inline constexpr Code no_such_function{"E0502", "the plugin has no function of the name"};
inline constexpr Code two_plugins_of_one_name{"E0503", "two files give plugins of the same name"};
inline constexpr Code default_value{"E0504", "a parameter's default does not fit its type"};
inline constexpr Code no_configuration{"E0505", "a plugin that takes no configuration is given one"};
inline constexpr Code not_thread_safe{"E0506", "a function that is not declared thread-safe is called in thread mode"};

// E0510–E0519: plugins as files (the library's front door).
inline constexpr Code plugin_missing{"E0510", "a plugin is not on the plugin path"};
inline constexpr Code plugin_refused{"E0511", "a plugin's file cannot be loaded"};
inline constexpr Code plugin_changed{"E0512", "a plugin's file is not the one whose SHA-256 the pipeline gives"};

}  // namespace codes

/// Every code, in ascending order.
[[nodiscard]] std::span<const Code> all_codes();

/// The code of that number ("E0105"), or nothing.
[[nodiscard]] const Code* find_code(std::string_view number);

}  // namespace gantry::config
