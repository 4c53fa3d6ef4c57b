#include "config/codes.hpp"

#include <algorithm>
#include <array>

namespace gantry::config {
namespace {

constexpr std::array all{
    // E01xx
    codes::not_text,
    codes::too_large,
    codes::tab_indentation,
    codes::syntax,
    codes::unclosed,
    codes::duplicate_key,
    codes::not_supported_yaml,
    codes::second_document,
    codes::key_form,
    codes::too_deep,
    codes::no_pipeline,
    // E02xx
    codes::unknown_key,
    codes::later_version,
    codes::missing_key,
    codes::wrong_shape,
    codes::format_version,
    codes::not_a_number,
    codes::not_a_duration,
    codes::not_a_word,
    codes::exclusive_keys,
    codes::not_a_source,
    codes::reference_here,
    codes::plugin_form,
    codes::shared_form,
    // E0301–E0319
    codes::no_such_reference,
    codes::no_such_part,
    codes::index_without_each,
    codes::cycle,
    codes::unused_bound_name,
    codes::bound_name_in_source,
    codes::unused_shared,
    codes::shared_here,
    // E0320–E0339
    codes::name_form,
    codes::dollar,
    codes::reserved_name,
    codes::duplicate_id,
    codes::bound_name_is_step,
    codes::call_form,
    codes::plugin_not_listed,
    codes::no_such_param,
    // E04xx
    codes::value_type,
    codes::result_type,
    codes::missing_argument,
    codes::no_such_parameter,
    codes::no_overload,
    codes::source_bound,
    codes::source_not_a_list,
    codes::unequal_zip,
    codes::too_many_tasks,
    codes::not_in_a_text,
    codes::shared_type,
    codes::shared_content,
    codes::shared_chunk,
    codes::file_pattern,
    codes::no_file,
    codes::unusable_file,
    codes::resident_here,
    codes::two_homes,
    codes::resident_output,
    codes::resident_setting,
    // E05xx
    codes::no_such_plugin,
    codes::no_such_function,
    codes::two_plugins_of_one_name,
    codes::default_value,
    codes::no_configuration,
    codes::not_thread_safe,
    codes::plugin_missing,
    codes::plugin_refused,
    codes::plugin_changed,
};

// Ascending, hence also unique.
static_assert(std::ranges::adjacent_find(all, std::ranges::greater_equal{}, &Code::number) == all.end());

}  // namespace

std::span<const Code> all_codes() {
  return all;
}

const Code* find_code(std::string_view number) {
  const auto found = std::ranges::lower_bound(all, number, {}, &Code::number);
  return found != all.end() && found->number == number ? &*found : nullptr;
}

}  // namespace gantry::config
