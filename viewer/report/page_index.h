// The index of a page: what is told of every process before any of their columns is opened.
//
// JSON: {"warnings": [text], "processes": {NAME: [a value for each process, largest peak first]}};
// viewer/page/profile.js lists the names.
//
// Thread-safe: pure functions.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <vector>

#include "viewer/recording.h"
#include "viewer/summary.h"

namespace heapcrest {

// Where the columns of a process are.
struct ColumnsPlace {
  size_t block;
  size_t offset;
};

// `places` and `tops` (the lines that hold most of its peak, null: the page adds them up) are those
// of each process of `recording`.
nlohmann::json PageIndex(const Recording& recording, const Summary& summary,
                         const std::vector<ColumnsPlace>& places,
                         const std::vector<nlohmann::json>& tops);

}  // namespace heapcrest
