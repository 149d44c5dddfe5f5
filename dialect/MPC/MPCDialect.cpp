//===- MPCDialect.cpp - the dialect and its types -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/MPC/MPCOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

#include "dialect/MPC/MPCDialect.cpp.inc"
#include "dialect/MPC/MPCEnums.cpp.inc"
#include "dialect/MPC/MPCOpInterfaces.cpp.inc"
#include "dialect/MPC/MPCTypeInterfaces.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialect/MPC/MPCTypes.cpp.inc"

void MPCDialect::initialize() {
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "dialect/MPC/MPCOps.cpp.inc"
      >();
}

void MPCDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/MPC/MPCTypes.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Formats: <1x128x768, scale 24, ring 48[, by 0]>
//===----------------------------------------------------------------------===//

namespace {
struct Format {
  SmallVector<int64_t> shape;
  unsigned scale = 0;
  unsigned ring = 0;
  unsigned owner = 0;
};
} // namespace

/// `<1x128x768, keyword`; a scalar has no extents: `<keyword`.
static ParseResult parseShape(AsmParser &parser, SmallVector<int64_t> &shape,
                              StringRef keyword) {
  if (parser.parseLess())
    return failure();
  if (succeeded(parser.parseOptionalKeyword(keyword)))
    return success();
  return failure(parser.parseDimensionList(shape, /*allowDynamic=*/false,
                                           /*withTrailingX=*/false) ||
                 parser.parseComma() || parser.parseKeyword(keyword));
}

static void printShape(AsmPrinter &printer, ArrayRef<int64_t> shape) {
  printer << '<';
  if (!shape.empty()) {
    printer.printDimensionList(shape);
    printer << ", ";
  }
}

static LogicalResult verifyExtents(function_ref<InFlightDiagnostic()> emitError,
                                   ArrayRef<int64_t> shape) {
  for (int64_t extent : shape)
    if (extent < 1)
      return emitError() << "expected positive extents, found " << extent;
  return success();
}

static ParseResult parseFormat(AsmParser &parser, Format &format, bool owned) {
  if (parseShape(parser, format.shape, "scale") ||
      parser.parseInteger(format.scale) || parser.parseComma() ||
      parser.parseKeyword("ring") || parser.parseInteger(format.ring))
    return failure();
  if (owned && (parser.parseComma() || parser.parseKeyword("by") ||
                parser.parseInteger(format.owner)))
    return failure();
  return parser.parseGreater();
}

static void printFormat(AsmPrinter &printer, ArrayRef<int64_t> shape,
                        unsigned scale, unsigned ring,
                        std::optional<unsigned> owner) {
  printShape(printer, shape);
  printer << "scale " << scale << ", ring " << ring;
  if (owner)
    printer << ", by " << *owner;
  printer << '>';
}

static LogicalResult verifyFormat(function_ref<InFlightDiagnostic()> emitError,
                                  ArrayRef<int64_t> shape, unsigned scale,
                                  unsigned ring) {
  if (failed(verifyExtents(emitError, shape)))
    return failure();
  if (ring < 1 || ring > 64)
    return emitError() << "expected a ring of 1 to 64 bits, found " << ring;
  if (scale > 63)
    return emitError() << "expected a scale of 0 to 63 bits, found " << scale;
  return success();
}

/// The parts that shared and masked types have alike.
#define SECFORMER_WIRE_TYPE(TYPE)                                              \
  LogicalResult TYPE::verify(function_ref<InFlightDiagnostic()> emitError,     \
                             ArrayRef<int64_t> shape, unsigned scale,          \
                             unsigned ring) {                                  \
    return verifyFormat(emitError, shape, scale, ring);                        \
  }                                                                            \
  Type TYPE::parse(AsmParser &parser) {                                        \
    Format format;                                                             \
    if (parseFormat(parser, format, /*owned=*/false))                          \
      return {};                                                               \
    return parser.getChecked<TYPE>(parser.getContext(), format.shape,          \
                                   format.scale, format.ring);                 \
  }                                                                            \
  void TYPE::print(AsmPrinter &printer) const {                                \
    printFormat(printer, getShape(), getScale(), getRing(), std::nullopt);     \
  }                                                                            \
  Type TYPE::withShape(ArrayRef<int64_t> shape) const {                        \
    return get(getContext(), shape, getScale(), getRing());                    \
  }                                                                            \
  Type TYPE::withFormat(unsigned scale, unsigned ring) const {                 \
    return get(getContext(), getShape(), scale, ring);                         \
  }

SECFORMER_WIRE_TYPE(SharedType)
SECFORMER_WIRE_TYPE(MaskedType)
#undef SECFORMER_WIRE_TYPE

LogicalResult OwnedType::verify(function_ref<InFlightDiagnostic()> emitError,
                                ArrayRef<int64_t> shape, unsigned scale,
                                unsigned ring, unsigned owner) {
  if (owner > 1)
    return emitError() << "expected party 0 or 1 as owner, found " << owner;
  return verifyFormat(emitError, shape, scale, ring);
}

Type OwnedType::parse(AsmParser &parser) {
  Format format;
  if (parseFormat(parser, format, /*owned=*/true))
    return {};
  return parser.getChecked<OwnedType>(parser.getContext(), format.shape,
                                      format.scale, format.ring, format.owner);
}

void OwnedType::print(AsmPrinter &printer) const {
  printFormat(printer, getShape(), getScale(), getRing(), getOwner());
}

Type OwnedType::withShape(ArrayRef<int64_t> shape) const {
  return get(getContext(), shape, getScale(), getRing(), getOwner());
}

Type OwnedType::withFormat(unsigned scale, unsigned ring) const {
  return get(getContext(), getShape(), scale, ring, getOwner());
}

//===----------------------------------------------------------------------===//
// Local numbers: <1x128, by 1>
//===----------------------------------------------------------------------===//

LogicalResult LocalType::verify(function_ref<InFlightDiagnostic()> emitError,
                                ArrayRef<int64_t> shape, unsigned owner) {
  if (owner > 1)
    return emitError() << "expected party 0 or 1 as owner, found " << owner;
  return verifyExtents(emitError, shape);
}

Type LocalType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  unsigned owner = 0;
  if (parseShape(parser, shape, "by") || parser.parseInteger(owner) ||
      parser.parseGreater())
    return {};
  return parser.getChecked<LocalType>(parser.getContext(), shape, owner);
}

void LocalType::print(AsmPrinter &printer) const {
  printShape(printer, getShape());
  printer << "by " << getOwner() << '>';
}

//===----------------------------------------------------------------------===//
// Decisions: <1x128x768, chunks 2, thresholds 1>
//===----------------------------------------------------------------------===//

LogicalResult DecidedType::verify(function_ref<InFlightDiagnostic()> emitError,
                                  ArrayRef<int64_t> shape, unsigned chunks,
                                  unsigned thresholds) {
  if (chunks < 1 || chunks > 4)
    return emitError() << "expected 1 to 4 chunks, found " << chunks;
  if (thresholds < 1)
    return emitError() << "expected at least one threshold";
  return verifyExtents(emitError, shape);
}

Type DecidedType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  unsigned chunks = 0, thresholds = 0;
  if (parseShape(parser, shape, "chunks") || parser.parseInteger(chunks) ||
      parser.parseComma() || parser.parseKeyword("thresholds") ||
      parser.parseInteger(thresholds) || parser.parseGreater())
    return {};
  return parser.getChecked<DecidedType>(parser.getContext(), shape, chunks,
                                        thresholds);
}

void DecidedType::print(AsmPrinter &printer) const {
  printShape(printer, getShape());
  printer << "chunks " << getChunks() << ", thresholds " << getThresholds()
          << '>';
}

int64_t DecidedType::getNumElements() const {
  return ShapedType::getNumElements(getShape());
}
