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
// Owners
//===----------------------------------------------------------------------===//

static constexpr StringLiteral kOwnerNames[] = {"party0", "party1", "client",
                                                "provider"};

StringRef mpc::ownerName(unsigned owner) { return kOwnerNames[owner]; }

std::optional<unsigned> mpc::ownerNamed(StringRef name) {
  const auto *found = llvm::find(kOwnerNames, name);
  if (found == std::end(kOwnerNames))
    return std::nullopt;
  return unsigned(found - std::begin(kOwnerNames));
}

unsigned mpc::resultsOwner(Operation *op) {
  for (; op; op = op->getParentOp())
    if (auto name = op->getAttrOfType<StringAttr>(kResultsTo))
      return ownerNamed(name.getValue()).value_or(kParty1);
  return kParty1;
}

LogicalResult MPCDialect::verifyOperationAttribute(Operation *op,
                                                   NamedAttribute attribute) {
  if (attribute.getName() != kResultsTo)
    return success();
  auto name = dyn_cast<StringAttr>(attribute.getValue());
  if (name && name.getValue() != ownerName(kProvider) &&
      ownerNamed(name.getValue()))
    return success();
  return op->emitError("'")
         << kResultsTo << "': expected \"party0\", \"party1\" or \"client\", "
         << "found " << attribute.getValue();
}

/// A party by its number, who is outside by name.
static ParseResult parseOwnerName(AsmParser &parser, unsigned &owner) {
  OptionalParseResult number = parser.parseOptionalInteger(owner);
  if (number.has_value())
    return *number;
  StringRef name;
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseKeyword(&name))
    return failure();
  std::optional<unsigned> named = ownerNamed(name);
  if (!named || !isOutside(*named))
    return parser.emitError(place)
           << "expected 0, 1, client or provider, found '" << name << "'";
  owner = *named;
  return success();
}

static void printOwnerName(AsmPrinter &printer, unsigned owner) {
  if (isOutside(owner))
    printer << ownerName(owner);
  else
    printer << owner;
}

ParseResult mpc::parseOwner(OpAsmParser &parser, IntegerAttr &owner) {
  unsigned number = 0;
  if (parseOwnerName(parser, number))
    return failure();
  owner = parser.getBuilder().getI32IntegerAttr(int32_t(number));
  return success();
}

void mpc::printOwner(OpAsmPrinter &printer, Operation *, IntegerAttr owner) {
  printOwnerName(printer, unsigned(owner.getInt()));
}

static LogicalResult verifyOwner(function_ref<InFlightDiagnostic()> emitError,
                                 unsigned owner) {
  if (owner > kProvider)
    return emitError()
           << "expected party 0 or 1, client or provider as owner, found "
           << owner;
  return success();
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
                parseOwnerName(parser, format.owner)))
    return failure();
  return parser.parseGreater();
}

static void printFormat(AsmPrinter &printer, ArrayRef<int64_t> shape,
                        unsigned scale, unsigned ring,
                        std::optional<unsigned> owner) {
  printShape(printer, shape);
  printer << "scale " << scale << ", ring " << ring;
  if (owner) {
    printer << ", by ";
    printOwnerName(printer, *owner);
  }
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
  if (failed(verifyOwner(emitError, owner)))
    return failure();
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
  if (failed(verifyOwner(emitError, owner)))
    return failure();
  return verifyExtents(emitError, shape);
}

Type LocalType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  unsigned owner = 0;
  if (parseShape(parser, shape, "by") || parseOwnerName(parser, owner) ||
      parser.parseGreater())
    return {};
  return parser.getChecked<LocalType>(parser.getContext(), shape, owner);
}

void LocalType::print(AsmPrinter &printer) const {
  printShape(printer, getShape());
  printer << "by ";
  printOwnerName(printer, getOwner());
  printer << '>';
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
