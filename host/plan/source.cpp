#include "plan/source.hpp"

namespace gantry::plan {

Wide count_range(Wide from, Wide to, Wide step) {
  if (step > 0) return to <= from ? 0 : (to - from + step - 1) / step;
  return to >= from ? 0 : (from - to - step - 1) / -step;
}

}  // namespace gantry::plan
