"""An installed tree works from wherever it lies, and so does the Debian package."""

import os
import shutil
import subprocess
import unittest

from heapcrest import BUILD, COMMAND, Case, sample


class InstallTest(Case):
    def install(self, prefix):
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True,
                       capture_output=True)

    def assert_works(self, command):
        ran = self.command("run", "-o", "run", "--interval", 1, sample("boxed"), "1000",
                           command=command)
        self.assertEqual(ran.status, 0, str(ran))
        self.assertEqual(ran.stdout, b"sum 499500\n")
        self.assertEqual(self.held(self.summary("run.heapcrest"), "NewInteger"), (28_000, 1_000))
        return ran

    def test_any_prefix_also_moved(self):
        prefix = self.folder / "prefix"
        self.install(prefix)
        files = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}
        self.assertIn("bin/heapcrest", files)
        self.assertTrue(any(name.endswith("/heapcrest/libheapcrest.so") for name in files), files)
        self.assertIn("share/man/man1/heapcrest.1", files)
        self.assertIn("lib/python3/dist-packages/heapcrest.py", files)
        self.assert_works(prefix / "bin" / "heapcrest")
        moved = self.folder / "moved"
        prefix.rename(moved)
        self.assert_works(moved / "bin" / "heapcrest")
        # By a link from elsewhere, as people put commands into PATH.
        link = self.folder / "link"
        link.symlink_to(moved / "bin" / "heapcrest")
        self.assert_works(link)

    def test_library_gone_is_said(self):
        prefix = self.folder / "prefix"
        self.install(prefix)
        next(prefix.rglob("libheapcrest.so")).unlink()
        ran = self.command("run", "true", command=prefix / "bin" / "heapcrest")
        self.assertEqual(ran.status, 2, str(ran))
        self.assertIn("libheapcrest.so", ran.stderr)

    def test_man_page_names_every_command_and_option(self):
        page = (self.find_source() / "docs" / "heapcrest.1").read_text().replace("\\-", "-")
        for word in ("run", "report", "summary", "export", "--interval", "--no-report", "--format",
                     "--view", "--top", "EXIT STATUS"):
            self.assertIn(word, page)

    def find_source(self):
        from heapcrest import SOURCE
        return SOURCE

    def test_debian_package(self):
        done = subprocess.run(["cpack", "-B", self.folder, "--config", BUILD / "CPackConfig.cmake"],
                              capture_output=True, text=True, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        package = next(self.folder.glob("heapcrest_*.deb"))
        fields = subprocess.run(["dpkg-deb", "-f", package, "Depends"], capture_output=True,
                                text=True, check=True).stdout
        for library in ("libc6", "libdw1", "libzstd1", "libabsl"):
            self.assertIn(library, fields)
        unpacked = self.folder / "unpacked"
        subprocess.run(["dpkg-deb", "-x", package, unpacked], check=True)
        self.assert_works(unpacked / "usr" / "bin" / "heapcrest")
        self.check_installed(package)

    def test_no_debian_package_without_its_dependencies(self):
        done = subprocess.run(["cpack", "-B", self.folder, "--config", BUILD / "CPackConfig.cmake",
                               "-D", "CMAKE_IGNORE_PATH=/usr/bin;/bin"],
                              capture_output=True, text=True, cwd=self.folder)
        self.assertNotEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("dpkg-shlibdeps is missing", done.stdout + done.stderr)
        self.assertEqual(list(self.folder.glob("*.deb")), [])

    def check_installed(self, package):
        """Through dpkg itself. Needs root; leaves the machine as it was."""
        self.assertEqual(os.geteuid(), 0, "run as root to install the package")
        self.assertFalse(os.path.exists("/usr/bin/heapcrest"), "heapcrest is installed already")
        subprocess.run(["dpkg", "-i", package], check=True, capture_output=True)
        self.addCleanup(subprocess.run, ["dpkg", "-r", "heapcrest"], capture_output=True)
        self.assert_works("/usr/bin/heapcrest")


if __name__ == "__main__":
    unittest.main()
