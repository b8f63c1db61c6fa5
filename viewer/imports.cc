#include "viewer/imports.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "viewer/interpreter_frames.h"

namespace heapcrest {
namespace {

constexpr std::string_view kModule = "<module>";
constexpr std::string_view kImportOfImportlib = "_find_and_load";

// Behind the folder that holds the modules of a library, where the path has one.
std::string_view BelowLibrary(std::string_view path) {
  constexpr std::string_view kRoots[] = {"/site-packages/", "/dist-packages/", "/lib/python3."};
  for (const std::string_view root : kRoots) {
    const size_t found = path.rfind(root);
    if (found == path.npos) continue;
    const size_t begin = path.find('/', found + root.size() - 1);
    if (begin != path.npos) return path.substr(begin + 1);
  }
  return path.substr(path.rfind('/') + 1);
}

// "django.core.mail" of "/usr/lib/python3/dist-packages/django/core/mail/__init__.py", "app" of
// "/home/me/project/app.py": where that one's package begins nobody knows.
std::string ModuleOfFile(std::string_view file) {
  constexpr std::string_view kInit = "/__init__.py", kEnd = ".py", kFrozen = "<frozen ";
  if (file.ends_with(kInit)) {
    file.remove_suffix(kInit.size());
  } else if (file.ends_with(kEnd)) {
    file.remove_suffix(kEnd.size());
  } else if (file.starts_with(kFrozen) && file.ends_with(">")) {
    return std::string(file.substr(kFrozen.size(), file.size() - kFrozen.size() - 1));
  }
  std::string module(BelowLibrary(file));
  std::replace(module.begin(), module.end(), '/', '.');
  return module;
}

class ImportFinder {
 public:
  ImportFinder(const Recording& recording, const CallTree& tree)
      : recording_(recording), tree_(tree) {}

  bool IsImport(uint32_t node) const {
    const Frame* frame = FrameOf(node);
    return frame != nullptr && recording_.strings[frame->file].starts_with("<frozen importlib") &&
           (NameOf(*frame) == kImport || NameOf(*frame) == kImportOfImportlib);
  }

  // The one whose code held most, of those that the import at `node` ran first.
  std::string ModuleOf(uint32_t node) const {
    const uint32_t end = tree_.nodes[node].subtree_end;
    for (uint32_t i = node + 1; i < end; ++i) {
      const Frame* frame = FrameOf(i);
      if (frame != nullptr && NameOf(*frame) == kModule) {
        return ModuleOfFile(recording_.strings[frame->file]);
      }
    }
    return "";
  }

 private:
  const Frame* FrameOf(uint32_t node) const {
    const uint32_t frame = tree_.nodes[node].frame;
    return frame == kNone ? nullptr : &recording_.frames[frame];
  }

  std::string_view NameOf(const Frame& frame) const { return recording_.strings[frame.function]; }

  const Recording& recording_;
  const CallTree& tree_;
};

}  // namespace

Imports FindImports(const Recording& recording, const CallTree& tree) {
  const ImportFinder finder(recording, tree);
  Imports imports;
  std::map<std::string, Amount> held;
  for (uint32_t i = 1; i < tree.nodes.size();) {
    if (!finder.IsImport(i)) {
      ++i;
      continue;
    }
    const Amount& amount = tree.nodes[i].total[0];
    imports.held += amount;
    held[finder.ModuleOf(i)] += amount;
    i = tree.nodes[i].subtree_end;
  }
  for (auto& [module, amount] : held) imports.modules.push_back({module, amount});
  std::stable_sort(imports.modules.begin(), imports.modules.end(),
                   [](const Import& a, const Import& b) { return a.held.bytes > b.held.bytes; });
  return imports;
}

}  // namespace heapcrest
