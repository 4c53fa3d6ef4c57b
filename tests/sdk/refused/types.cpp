// clang-format off
// One bad function a line: each gives the error that stands above it, and no other.
#include <array>
#include <atomic>
#include <complex>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string_view>
#include <thread>

#include <gantry/plugin.hpp>

namespace bad {
struct Plain { int x; };
enum Loose { loose_one };
enum class Far : int { far = 5000 };
union Either { int a; float b; };
struct NoDefault { explicit NoDefault(int); template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); } int x; };
struct SaveOnly { int x; template <class A> void save(A& a) const { a(CEREAL_NVP(x)); } };
struct LoadOnly { int x; template <class A> void load(A& a) { a(CEREAL_NVP(x)); } };
struct Split { int x; template <class A> void save(A& a) const { a(CEREAL_NVP(x)); } template <class A> void load(A& a) { a(CEREAL_NVP(x)); } };
struct Versioned { int x; template <class A> void serialize(A& a, std::uint32_t) { a(CEREAL_NVP(x)); } };
struct Base { int x; template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); } };
struct Inherits : Base { int y; };
struct Abstract { virtual void f() = 0; int x; template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); } };
class Hidden { template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); } int x; };
inline auto lambda = [](int x) { return x; };

// error: parameter 2 of bad::pointer, const int*, cannot be sent to another process: a pointer means nothing in another process. Pass the value itself, or a std::vector or std::optional of it.
void pointer(int, const int*);
// error: parameter 1 of bad::text_pointer, const char*, cannot be sent to another process: a pointer means nothing in another process. Use std::string.
void text_pointer(const char*);
// error: parameter 1 of bad::both, std::unique_ptr<int>, cannot be sent to another process: it owns memory of this process. Pass the value itself, or std::optional of it; or keep it in its worker as gantry::Pinned<std::unique_ptr<int>>, and take gantry::Ref<std::unique_ptr<int>>.
// error: parameter 2 of bad::both, std::mutex, cannot be sent to another process: locks and threads live in one process. Leave it out: each task has its own arguments, and nothing to lock; or keep it in its worker as gantry::Pinned<std::mutex>, and take gantry::Ref<std::mutex>.
// error: parameter 3 of bad::both, const char*, cannot be sent to another process: a pointer means nothing in another process. Use std::string.
void both(std::unique_ptr<int>, std::mutex, const char*);
// error: parameter 1 of bad::reference, std::string&, cannot be sent to another process: what is changed through a reference here is never seen there. Take it by value or const&, and return what changed.
void reference(std::string&);
// error: parameter 1 of bad::view, std::string_view, cannot be sent to another process: it only looks at memory that the other process does not have. Use std::string.
void view(std::string_view);
// error: parameter 1 of bad::span, std::span<const int>, cannot be sent to another process: it only looks at memory that the other process does not have. Use std::vector or std::array.
void span(std::span<const int>);
// error: parameter 1 of bad::callable, std::function<void(int)>, cannot be sent to another process: code is not a value. Pass an enum or a std::string that says which function to use.
void callable(const std::function<void(int)>&);
// error: parameter 1 of bad::function_pointer, void (*)(int), cannot be sent to another process: code is not a value. Pass an enum or a std::string that says which function to use.
void function_pointer(void (*)(int));
// error: parameter 1 of bad::closure, bad::<lambda(int)>, cannot be sent to another process: a lambda is code, not a value. Pass its captures as parameters, and an enum that says what to do with them.
void closure(decltype(lambda));
// error: parameter 1 of bad::mutex, std::mutex&, cannot be sent to another process: locks and threads live in one process. Leave it out: each task has its own arguments, and nothing to lock; or keep it in its worker as gantry::Pinned<std::mutex>, and take gantry::Ref<std::mutex>.
void mutex(std::mutex&);
// error: parameter 1 of bad::thread, std::thread, cannot be sent to another process: locks and threads live in one process. Leave it out: each task has its own arguments, and nothing to lock; or keep it in its worker as gantry::Pinned<std::thread>, and take gantry::Ref<std::thread>.
void thread(std::thread);
// error: parameter 1 of bad::atomic, std::atomic<int>, cannot be sent to another process: it is shared memory of one process. Pass the plain value, and return what changed.
void atomic(const std::atomic<int>&);
// error: parameter 1 of bad::file, std::basic_ofstream<char>, cannot be sent to another process: an open file belongs to one process. Pass its path as std::string, and open it in the function; or keep it in its worker as gantry::Pinned<std::basic_ofstream<char>>, and take gantry::Ref<std::basic_ofstream<char>>.
void file(const std::ofstream&);
// error: parameter 1 of bad::unique, std::unique_ptr<int>, cannot be sent to another process: it owns memory of this process. Pass the value itself, or std::optional of it; or keep it in its worker as gantry::Pinned<std::unique_ptr<int>>, and take gantry::Ref<std::unique_ptr<int>>.
void unique(std::unique_ptr<int>);
// error: parameter 1 of bad::shared, std::vector<std::shared_ptr<int> >, cannot be sent to another process: inside it, std::shared_ptr<int>: sharing ends at the edge of a process. Pass the value itself, or std::optional of it; or keep it in its worker as gantry::Pinned<std::vector<std::shared_ptr<int> >>, and take gantry::Ref<std::vector<std::shared_ptr<int> >>.
void shared(const std::vector<std::shared_ptr<int>>&);
// error: parameter 1 of bad::weak, std::weak_ptr<int>, cannot be sent to another process: it watches memory of this process. Pass the value itself, or std::optional of it.
void weak(std::weak_ptr<int>);
// error: parameter 1 of bad::long_double, long double, cannot be sent to another process: its size and bytes differ between machines. Use double.
void long_double(long double);
// error: parameter 1 of bad::wide, __int128, cannot be sent to another process: its bytes have no common meaning; integers have at most 64 bits. Use std::uint64_t, or a std::array of them.
void wide(__int128);
// error: parameter 1 of bad::character, char, cannot be sent to another process: a character type is neither a number nor a text. Use std::uint8_t or another integer of fixed size, or std::string.
void character(char);
// error: parameter 1 of bad::key, std::map<int, int>, cannot be sent to another process: the keys of a map must be text in byte order. Use std::map<std::string, T>, or a std::vector of std::pair.
void key(const std::map<int, int>&);
// error: parameter 1 of bad::set, std::set<int>, cannot be sent to another process: signatures have no sets. Use std::vector, sorted.
void set(const std::set<int>&);
// error: parameter 1 of bad::loose, bad::Loose, cannot be sent to another process: the compiler chooses how large it is. Give the enum a fixed type, as in enum class Colour : std::uint8_t.
void loose(Loose);
// error: parameter 1 of bad::far, bad::Far, cannot be sent to another process: it has no enumerator from -8 to 127. Specialise gantry::names for it.
void far(Far);
// error: parameter 1 of bad::either, bad::Either, cannot be sent to another process: nobody knows which member of a union is alive. Use a struct of std::optional members.
void either(Either);
// error: parameter 1 of bad::plain, bad::Plain, cannot be sent to another process: its fields are not known. Give it a serialize: template <class A> void serialize(A& a) { a(CEREAL_NVP(x), CEREAL_NVP(y)); }, or pass its parts; or keep it in its worker as gantry::Pinned<bad::Plain>, and take gantry::Ref<bad::Plain>.
void plain(const Plain&);
// error: parameter 1 of bad::hidden, bad::Hidden, cannot be sent to another process: its fields are not known. Give it a serialize: template <class A> void serialize(A& a) { a(CEREAL_NVP(x), CEREAL_NVP(y)); }, or pass its parts; or keep it in its worker as gantry::Pinned<bad::Hidden>, and take gantry::Ref<bad::Hidden>.
void hidden(const Hidden&);
// error: parameter 1 of bad::no_default, bad::NoDefault, cannot be sent to another process: it is built first and filled in then, but has no default constructor. Give it one; or keep it in its worker as gantry::Pinned<bad::NoDefault>, and take gantry::Ref<bad::NoDefault>.
void no_default(const NoDefault&);
// error: parameter 1 of bad::save_only, bad::SaveOnly, cannot be sent to another process: it has save, but no load. Replace both by one serialize with CEREAL_NVP for each field.
void save_only(const SaveOnly&);
// error: parameter 1 of bad::load_only, bad::LoadOnly, cannot be sent to another process: it has load, but no save. Replace both by one serialize with CEREAL_NVP for each field.
void load_only(const LoadOnly&);
// error: parameter 1 of bad::split, bad::Split, cannot be sent to another process: save and load may disagree about its fields. Replace them by one serialize with CEREAL_NVP for each field.
void split(const Split&);
// error: parameter 1 of bad::versioned, bad::Versioned, cannot be sent to another process: its serialize takes a version, and there is only one. Give it a serialize without the version.
void versioned(const Versioned&);
// error: parameter 1 of bad::inherits, bad::Inherits, cannot be sent to another process: it only inherits serialize, which does not know the fields that it adds. Give it a serialize of its own, with cereal::base_class first.
void inherits(const Inherits&);
// error: parameter 1 of bad::abstract, bad::Abstract, cannot be sent to another process: an abstract class has no values of its own. Use the concrete class; or keep it in its worker as gantry::Pinned<std::unique_ptr<bad::Abstract>>, and take gantry::Ref<std::unique_ptr<bad::Abstract>>.
void abstract(const Abstract&);
// error: parameter 1 of bad::complex, std::complex<double>, cannot be sent to another process: its fields are not known. Give it a serialize: template <class A> void serialize(A& a) { a(CEREAL_NVP(x), CEREAL_NVP(y)); }, or pass its parts; or keep it in its worker as gantry::Pinned<std::complex<double>>, and take gantry::Ref<std::complex<double>>.
void complex(const std::complex<double>&);
// error: parameter 1 of bad::empty_tuple, std::tuple<>, cannot be sent to another process: an empty tuple has no value to send. Leave it out, or return void.
void empty_tuple(std::tuple<>);
// error: parameter 1 of bad::empty_array, std::array<int, 0>, cannot be sent to another process: an array of no elements has no value to send. Leave it out.
void empty_array(std::array<int, 0>);
// error: parameter 1 of bad::nested_optional, std::optional<std::optional<int> >, cannot be sent to another process: its two kinds of nothing look alike. Use one std::optional, or an enum beside it.
void nested_optional(std::optional<std::optional<int>>);
// error: parameter 1 of bad::deep, std::map<std::string, std::vector<std::pair<int, char> > >, cannot be sent to another process: inside it, char: a character type is neither a number nor a text. Use std::uint8_t or another integer of fixed size, or std::string.
void deep(const std::map<std::string, std::vector<std::pair<int, char>>>&);
// error: the result of bad::result, int*, cannot be sent to another process: a pointer means nothing in another process. Pass the value itself, or a std::vector or std::optional of it.
int* result();
// error: the result of bad::view_result, std::string_view, cannot be sent to another process: it only looks at memory that the other process does not have. Use std::string.
gantry::Result<std::string_view> view_result();
}  // namespace bad

#define ONE(NAME) gantry::function<bad::NAME>(#NAME, {"a"})
GANTRY_PLUGIN("bad", "1", gantry::function<bad::pointer>("pointer", {"a", "b"}), gantry::function<bad::both>("both", {"a", "b", "c"}), ONE(text_pointer), ONE(reference), ONE(view),
              ONE(span), ONE(callable), ONE(function_pointer), ONE(closure), ONE(mutex), ONE(thread), ONE(atomic), ONE(file),
              ONE(unique), ONE(shared), ONE(weak), ONE(long_double), ONE(wide), ONE(character), ONE(key), ONE(set), ONE(loose),
              ONE(far), ONE(either), ONE(plain), ONE(hidden), ONE(no_default), ONE(save_only), ONE(load_only), ONE(split),
              ONE(versioned), ONE(inherits), ONE(abstract), ONE(complex), ONE(empty_tuple), ONE(empty_array),
              ONE(nested_optional), ONE(deep), gantry::function<bad::result>("result"),
              gantry::function<bad::view_result>("view_result"));
