//===- ProgramDirectory.cpp - source, manifest, weights and program -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Everything is made in a folder beside the wanted one, which takes its place
// only when complete.
//
//===----------------------------------------------------------------------===//

#include "backend/Backend.h"
#include "mlir/Target/Cpp/CppEmitter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace secformer;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

FailureOr<std::string> secformer::cppOf(ModuleOp emitc) {
  std::string text;
  llvm::raw_string_ostream out(text);
  if (failed(emitc::translateToCpp(emitc, out)))
    return failure();
  return text;
}

static const char kBuildFile[] =
    R"(# Builds this program: cmake -S . -B build && cmake --build build
cmake_minimum_required(VERSION 3.25)
project(program LANGUAGES CXX)
find_package(SecFormerRuntime CONFIG REQUIRED)
add_executable(program program.cpp)
target_compile_definitions(program PRIVATE SECFORMER_PROGRAM_HASH="@HASH@")
# Straight-line calls into the runtime: nothing to gain from optimisation, and
# that of a function this long takes minutes.
target_compile_options(program PRIVATE -Og)
target_link_libraries(program PRIVATE SecFormer::Runtime)
)";

namespace {
/// A folder in the making.
class Directory {
public:
  Directory(ModuleOp module, StringRef final) : module(module), final(final) {}

  LogicalResult create();
  LogicalResult write(StringRef name, StringRef text);
  std::string file(StringRef name) const {
    SmallString<256> full(temporary);
    path::append(full, name);
    return full.str().str();
  }
  /// Copies the public weights out of weights.bin.
  LogicalResult writePublicWeights();
  LogicalResult build(StringRef runtimePath);
  LogicalResult moveIntoPlace();
  ~Directory() {
    if (!temporary.empty())
      fs::remove_directories(temporary);
  }

private:
  LogicalResult run(ArrayRef<StringRef> command, StringRef log);
  InFlightDiagnostic error() {
    return mlir::emitError(UnknownLoc::get(module.getContext()))
           << "cannot write the program directory '" << final << "': ";
  }

  ModuleOp module;
  std::string final;
  SmallString<256> temporary;
};
} // namespace

LogicalResult Directory::create() {
  if (fs::exists(final) && !fs::exists(final + "/manifest.json"))
    return error() << "it exists and is no program directory; choose another "
                      "with -o";
  SmallString<256> absolute(final);
  fs::make_absolute(absolute);
  while (absolute.size() > 1 && path::is_separator(absolute.back()))
    absolute.pop_back();
  final = absolute.str().str();
  if (std::error_code code = fs::create_directories(path::parent_path(final)))
    return error() << code.message();
  fs::createUniquePath(final + ".making-%%%%%%", temporary,
                       /*MakeAbsolute=*/false);
  if (std::error_code code = fs::create_directory(temporary))
    return error() << code.message();
  return success();
}

LogicalResult Directory::write(StringRef name, StringRef text) {
  std::error_code code;
  llvm::raw_fd_ostream out(file(name), code);
  if (!code) {
    out << text;
    out.close();
    code = out.error();
  }
  return code ? error() << name << ": " << code.message() : success();
}

LogicalResult Directory::writePublicWeights() {
  std::vector<PublicWeight> weights = publicWeightsOf(module);
  if (weights.empty())
    return success();
  auto all = llvm::MemoryBuffer::getFile(file("weights.bin"));
  if (!all)
    return error() << "weights.bin: " << all.getError().message();
  std::string bytes;
  for (PublicWeight &weight : weights) {
    size_t offset = weight.param.getOffset();
    size_t size =
        size_t(weight.param.getType().getNumElements()) * sizeof(float);
    if (offset + size > (*all)->getBufferSize())
      return error() << "weights.bin ends before the weight '"
                     << weight.param.getName() << "'";
    bytes += (*all)->getBuffer().substr(offset, size);
  }
  return write("public.bin", bytes);
}

/// Runs a program; what it prints goes to the log and is shown if it fails.
LogicalResult Directory::run(ArrayRef<StringRef> command, StringRef log) {
  auto program = llvm::sys::findProgramByName(command.front());
  if (!program)
    return error() << "'" << command.front()
                   << "' is not installed; install it, or use --no-build";
  std::string logFile = file(log), message;
  std::optional<StringRef> redirects[] = {std::nullopt, StringRef(logFile),
                                          StringRef(logFile)};
  if (llvm::sys::ExecuteAndWait(*program, command, std::nullopt, redirects,
                                /*SecondsToWait=*/0, /*MemoryLimit=*/0,
                                &message) == 0)
    return success();
  std::string tail = message;
  if (auto buffer = llvm::MemoryBuffer::getFile(logFile))
    tail += (*buffer)->getBuffer().take_back(4000);
  return error() << "building the program failed:\n" << tail;
}

LogicalResult Directory::build(StringRef runtimePath) {
  std::string buildFolder = file("build");
  std::string runtime = ("-DSecFormerRuntime_DIR=" + runtimePath).str();
  SmallVector<StringRef> configure{"cmake",
                                   "-S",
                                   temporary,
                                   "-B",
                                   buildFolder,
                                   runtime,
                                   "-DCMAKE_BUILD_TYPE=None"};
  if (llvm::sys::findProgramByName("ninja"))
    configure.append({"-G", "Ninja"});
  if (failed(run(configure, "configure.log")) ||
      failed(run({"cmake", "--build", buildFolder}, "build.log")))
    return failure();
  if (std::error_code code =
          fs::rename(buildFolder + "/program", file("program")))
    return error() << "program: " << code.message();
  fs::remove_directories(buildFolder);
  fs::remove(file("configure.log"));
  fs::remove(file("build.log"));
  return success();
}

LogicalResult Directory::moveIntoPlace() {
  if (fs::exists(final))
    fs::remove_directories(final);
  if (std::error_code code = fs::rename(temporary, final))
    return error() << code.message();
  temporary.clear();
  return success();
}

LogicalResult secformer::writeProgram(const ProgramDirectory &program,
                                      TimingScope &timing) {
  std::string plain = manifestOf(program.rounds, program.name, "");
  std::string hash = programHash(program.source, plain);
  std::string buildFile = kBuildFile;
  buildFile.replace(buildFile.find("@HASH@"), 6, hash);

  Directory directory(program.rounds, program.path);
  if (failed(directory.create()) ||
      failed(directory.write("program.cpp", program.source)) ||
      failed(directory.write("CMakeLists.txt", buildFile)) ||
      failed(directory.write("manifest.json",
                             manifestOf(program.rounds, program.name, hash))) ||
      failed(program.writeWeights(directory.file("weights.bin"))) ||
      failed(directory.writePublicWeights()))
    return failure();
  if (program.build) {
    TimingScope scope = timing.nest("C++ compiler");
    if (failed(directory.build(program.runtimePath)))
      return failure();
  }
  return directory.moveIntoPlace();
}
