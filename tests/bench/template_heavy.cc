// What clang++ -O1 compiles in docs/performance.md: about 5 million allocations in the compiler.
// compiler.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

template <int N>
struct Shape {
  std::map<std::string, std::tuple<std::vector<int>, std::optional<double>, char[N + 1]>> parts;
  std::unordered_map<int, std::shared_ptr<Shape<N - 1>>> children;
  std::variant<int, std::string, std::vector<std::string>, std::set<std::pair<int, char>>> tag;

  int Sum() const {
    int sum = N;
    for (const auto& [name, part] : parts)
      sum += static_cast<int>(name.size() + std::get<0>(part).size());
    for (const auto& [key, child] : children) sum += key + child->Sum();
    return sum + static_cast<int>(tag.index());
  }
  std::string Describe() const {
    std::ostringstream out;
    out << N << ' ' << Sum();
    for (const auto& [key, child] : children) out << key << ':' << child->Describe();
    return std::regex_replace(out.str(), std::regex("[0-9]+" + std::string(N % 3, 'x')), "#");
  }
};
template <>
struct Shape<0> {
  int Sum() const { return 0; }
  std::string Describe() const { return {}; }
};

template <size_t... I>
int Combine(std::index_sequence<I...>) {
  int total = 0;
  (void)std::initializer_list<int>{
      (total += std::function<int(int)>([](int x) {
         std::vector<std::tuple<int, char, std::array<int, I + 1>>> rows(x);
         std::sort(rows.begin(), rows.end());
         return std::accumulate(rows.begin(), rows.end(), 0,
                                [](int a, const auto& row) { return a + std::get<0>(row); });
       })(static_cast<int>(I)),
       0)...};
  return total;
}

int main() {
  Shape<10> shape;
  return shape.Sum() + static_cast<int>(shape.Describe().size()) +
         Combine(std::make_index_sequence<10>());
}
