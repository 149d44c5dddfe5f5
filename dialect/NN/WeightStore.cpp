//===- WeightStore.cpp - the weights beside an nn module ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/WeightStore.h"

#include "llvm/Support/Alignment.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <bit>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;
using namespace secformer::nn;

static_assert(std::endian::native == std::endian::little,
              "weight files are written and mapped as little endian");

static int64_t bytesOf(WeightOp weight) {
  return cast<ShapedType>(weight.getType()).getNumElements() * sizeof(float);
}

static int64_t endOf(WeightOp weight) {
  return llvm::alignTo(weight.getOffset() + bytesOf(weight),
                       WeightStore::alignment);
}

int64_t secformer::nn::weightBytes(ModuleOp module) {
  int64_t end = 0;
  for (auto weight : module.getOps<WeightOp>())
    end = std::max(end, endOf(weight));
  return end;
}

const Tensor *WeightStore::lookup(StringRef name) const {
  auto found = tensors.find(name);
  return found == tensors.end() ? nullptr : &found->second;
}

void WeightStore::setAside(StringRef name) const {
#ifdef MADV_PAGEOUT
  const Tensor *weight = lookup(name);
  if (!weight)
    return;
  // Whole pages; a hint, so what becomes of it does not matter.
  const auto page = uint64_t(sysconf(_SC_PAGESIZE));
  const char *data = static_cast<const char *>(weight->raw());
  const uint64_t skipped = llvm::offsetToAlignment(
                     reinterpret_cast<uintptr_t>(data), llvm::Align(page)),
                 bytes = weight->bytes();
  if (skipped + page <= bytes)
    (void)madvise(const_cast<char *>(data) + skipped,
                  (bytes - skipped) / page * page, MADV_PAGEOUT);
#else
  (void)name;
#endif
}

WeightStore::Tail WeightStore::tailOf(ModuleOp module) {
  Tail tail;
  tail.module = module;
  for (Operation &op : *module.getBody())
    if (auto name = SymbolTable::getSymbolName(&op))
      tail.symbols.insert(name.getValue());
  for (auto weight : module.getOps<WeightOp>())
    tail.last = weight;
  tail.end = weightBytes(module);
  return tail;
}

WeightOp WeightStore::add(ModuleOp module, StringRef name, Tensor value) {
  assert(value.getElement() == Element::F32 && "weights are float32");
  if (tail.module != module)
    tail = tailOf(module);
  std::string unique = name.str();
  for (unsigned &suffix = tail.suffixes[name];
       tensors.contains(unique) || tail.symbols.contains(unique);)
    unique = (name + "_" + Twine(++suffix)).str();

  auto builder = OpBuilder::atBlockBegin(module.getBody());
  if (tail.last)
    builder.setInsertionPointAfter(tail.last);
  auto weight = WeightOp::create(builder, module.getLoc(), unique, tail.end,
                                 value.getType(module.getContext()));
  tail.last = weight;
  tail.end = endOf(weight);
  tail.symbols.insert(unique);
  tensors[unique] = std::move(value);
  return weight;
}

void WeightStore::compact(ModuleOp module) {
  tail = {};
  llvm::StringSet<> used;
  module.walk([&](ParamOp param) { used.insert(param.getWeight()); });
  int64_t offset = 0;
  for (auto weight : llvm::make_early_inc_range(module.getOps<WeightOp>())) {
    if (!used.contains(weight.getSymName())) {
      tensors.erase(weight.getSymName());
      weight.erase();
      continue;
    }
    weight.setOffset(offset);
    offset = endOf(weight);
  }
}

LogicalResult WeightStore::write(ModuleOp module, StringRef file) const {
  std::error_code error;
  llvm::raw_fd_ostream stream(file, error);
  if (error)
    return module.emitError("cannot write the weight file '")
           << file << "': " << error.message();
  auto weights = llvm::to_vector(module.getOps<WeightOp>());
  llvm::sort(weights, [](WeightOp a, WeightOp b) {
    return a.getOffset() < b.getOffset();
  });
  for (WeightOp weight : weights) {
    const Tensor *tensor = lookup(weight.getSymName());
    if (!tensor || tensor->getType(module.getContext()) != weight.getType())
      return weight.emitError("no values of this type for the weight: load the "
                              "weight file before writing it");
    if (stream.tell() > weight.getOffset())
      return weight.emitError("overlaps the weight before it");
    stream.write_zeros(weight.getOffset() - stream.tell());
    stream.write(static_cast<const char *>(tensor->raw()), tensor->bytes());
  }
  stream.close();
  if (!stream.has_error())
    return success();
  error = stream.error();
  stream.clear_error();
  return module.emitError("cannot write the weight file '")
         << file << "': " << error.message();
}

LogicalResult WeightStore::load(ModuleOp module, StringRef directory) {
  if (module.getOps<WeightOp>().empty())
    return success();
  auto name = module->getAttrOfType<StringAttr>(NNDialect::weightFileAttr);
  if (!name)
    return module.emitError("expected the attribute ")
           << NNDialect::weightFileAttr << " with the name of the weight file";
  SmallString<128> path(directory);
  llvm::sys::path::append(path, name.getValue());
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return module.emitError("cannot read the weight file '")
           << path << "': " << buffer.getError().message();
  std::shared_ptr<llvm::MemoryBuffer> file = std::move(*buffer);
  for (auto weight : module.getOps<WeightOp>()) {
    uint64_t offset = weight.getOffset(), bytes = bytesOf(weight);
    if (offset % alignof(float))
      return weight.emitError("expected an offset that is a multiple of ")
             << alignof(float) << ", found " << offset;
    if (offset > file->getBufferSize() ||
        bytes > file->getBufferSize() - offset)
      return weight.emitError("ends at byte ")
             << offset + bytes << " of '" << path << "', which has "
             << file->getBufferSize() << " bytes";
    auto shape = cast<ShapedType>(weight.getType()).getShape();
    tensors[weight.getSymName()] = Tensor(
        Element::F32, shape,
        std::shared_ptr<const void>(file, file->getBufferStart() + offset));
  }
  return success();
}
