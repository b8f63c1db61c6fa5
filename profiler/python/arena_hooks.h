// pymalloc's arenas, as they are mapped: what tells a free the size class of an object (pools.h).
//
// The interpreter's arena allocator stays what it is, with ours in front of it
// (PyObject_SetArenaAllocator). Only who was there before the first arena knows all of them; else
// objects are counted as they come and not as they go.
//
// Thread-safe where it says so. Called from hooks: yes. Allocates: pages, for the maps of pools.
#pragma once

#include "profiler/python/interpreter.h"

namespace heapcrest {

// A build may take its arenas from malloc, where they are seen, objects and all. REQUIRES: no other
// thread runs Python.
bool MapsArenas(const PythonInterpreter& python);

// From now on objects that are freed are counted. Before main, ahead of the interpreter's first
// object. REQUIRES: MapsArenas.
void WrapArenas(const PythonInterpreter& python);

// Whether all objects are counted as they are freed. Thread-safe.
bool CountsFreedObjects();

// For some were not. Thread-safe.
void DoNotCountFreedObjects();

}  // namespace heapcrest
