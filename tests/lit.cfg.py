# The lit suite: every .mlir and .test file under tests/ runs its RUN lines.
# SPDX-License-Identifier: Apache-2.0
import os
import sys

import lit.formats

config.name = "SecFormer"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.join(config.source_root, "tests")
config.test_exec_root = os.path.join(config.build_root, "tests")

# Our tools before LLVM's (FileCheck, not, split-file) before the system's.
tools = [os.path.join(config.build_root, "bin"), config.llvm_tools]
config.environment["PATH"] = os.pathsep.join(tools + [os.environ["PATH"]])
config.environment["SECFORMER_BUILD"] = config.build_root
for name in ("HOME", "CCACHE_DIR"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

config.substitutions += [
    ("%examples", os.path.join(config.source_root, "examples")),
    ("%e2e", os.path.join(config.source_root, "tests", "e2e")),
    ("%models", os.path.join(config.source_root, "tests", "models")),
    # Compiled programs are shared between tests and kept between runs.
    ("%programs", os.path.join(config.test_exec_root, "programs")),
    ("%python", sys.executable),
]
