#include "profiler/launch/oom_watch.h"

#include <gtest/gtest.h>

#include "tests/launch/scratch_folder.h"

namespace heapcrest {
namespace {

TEST(OomWatchTest, CountsKillsInACgroupOfVersion1) {
  const ScratchFolder root;
  const std::string counter = "sys/fs/cgroup/memory/job/memory.oom_control";
  root.Write("proc/self/cgroup", "9:name=systemd:/\n4:memory:/job\n0::/\n");
  root.Write(counter, "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
  const OomWatch watch(root.path());
  EXPECT_FALSE(watch.KilledSomething());
  root.Write(counter, "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n");
  EXPECT_TRUE(watch.KilledSomething());
}

TEST(OomWatchTest, CountsKillsInACgroupOfVersion2) {
  const ScratchFolder root;
  const std::string counter = "sys/fs/cgroup/user.slice/job/memory.events";
  root.Write("proc/self/cgroup", "0::/user.slice/job\n");
  root.Write(counter, "low 0\nhigh 0\nmax 7\noom 0\noom_kill 0\n");
  const OomWatch watch(root.path());
  EXPECT_FALSE(watch.KilledSomething());
  root.Write(counter, "low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n");
  EXPECT_TRUE(watch.KilledSomething());
}

TEST(OomWatchTest, ContainerSeesItsGroupAtTheTop) {
  const ScratchFolder root;
  root.Write("proc/self/cgroup", "0::/../../made/by/the/host\n");
  root.Write("sys/fs/cgroup/memory.events", "oom_kill 0\n");
  const OomWatch watch(root.path());
  root.Write("sys/fs/cgroup/memory.events", "oom_kill 1\n");
  EXPECT_TRUE(watch.KilledSomething());
}

TEST(OomWatchTest, KillsElsewhereCountForTheLastSecondsOnly) {
  const ScratchFolder root;
  root.Write("proc/vmstat", "nr_free_pages 12\noom_kill 5\n");
  OomWatch watch(root.path());
  root.Write("proc/vmstat", "nr_free_pages 12\noom_kill 6\n");
  EXPECT_TRUE(watch.KilledSomething());
  watch.Poll();
  EXPECT_TRUE(watch.KilledSomething());
  watch.Poll();
  EXPECT_FALSE(watch.KilledSomething());
}

TEST(OomWatchTest, NothingToReadIsNoKill) {
  const ScratchFolder root;
  EXPECT_FALSE(OomWatch(root.path()).KilledSomething());
  root.Write("proc/self/cgroup", "garbage\n4:memory\n::::\n");
  root.Write("proc/vmstat", "oom_kill");
  EXPECT_FALSE(OomWatch(root.path()).KilledSomething());
}

}  // namespace
}  // namespace heapcrest
