//===- MPCToEmitC.cpp - one C++ statement per operation -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Methods of runtime/Role.h and runtime/Party.h are named like the operations;
// this file only says in which order their arguments stand.
//
//===----------------------------------------------------------------------===//

#include "backend/Backend.h"
#include "backend/CppLiterals.h"
#include "backend/RuntimeValues.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Format.h"

namespace secformer {
#define GEN_PASS_DEF_MPCTOEMITC
#include "backend/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

namespace {

class FunctionEmitter {
public:
  FunctionEmitter(OpBuilder &builder, Location location, WireTypes &types)
      : builder(builder), location(location), types(types) {}

  /// Emits a region's operations; what a region yields stands for its results.
  LogicalResult emitBlock(Block &block);
  /// Opens `static void name(Role &role)`.
  void begin(StringRef name);
  void end() { emitc::ReturnOp::create(builder, location, Value()); }

  void verbatim(const Twine &text) {
    emitc::VerbatimOp::create(builder, location, text.str());
  }
  /// role.method([first,] operands..., literals...)
  Value call(StringRef method, ValueRange operands, ArrayRef<std::string> rest,
             StringRef resultType = "Wire", StringRef first = "");
  Value &operator[](Value value) { return map[value]; }

  LogicalResult emitOp(Operation *op);

private:
  Value emitConcat(ValueRange operands, int64_t axis);
  void emitPlain(PlainOp op);
  Value emitConstant(ConstantOp op);

  OpBuilder &builder;
  Location location;
  WireTypes &types;
  StringRef node;
  DenseMap<Value, Value> map;
};

} // namespace

void FunctionEmitter::begin(StringRef name) {
  auto role = emitc::OpaqueType::get(builder.getContext(), "Role &");
  auto function = emitc::FuncOp::create(builder, location, name,
                                        builder.getFunctionType({role}, {}));
  function.setSpecifiersAttr(builder.getStrArrayAttr({"static"}));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  // EmitC numbers its variables; a name makes the statements readable.
  emitc::VerbatimOp::create(builder, location, "Role &role = {};",
                            ValueRange{body->getArgument(0)});
}

Value FunctionEmitter::call(StringRef method, ValueRange operands,
                            ArrayRef<std::string> rest, StringRef resultType,
                            StringRef first) {
  SmallVector<Attribute> arguments;
  SmallVector<Value> values;
  if (!first.empty())
    arguments.push_back(emitc::OpaqueAttr::get(builder.getContext(), first));
  for (Value operand : operands) {
    arguments.push_back(builder.getIndexAttr(values.size()));
    values.push_back(map.lookup(operand));
  }
  for (const std::string &text : rest)
    arguments.push_back(emitc::OpaqueAttr::get(builder.getContext(), text));
  SmallVector<Type> results;
  if (!resultType.empty())
    results.push_back(emitc::OpaqueType::get(builder.getContext(), resultType));
  auto call = emitc::CallOpaqueOp::create(builder, location, results,
                                          ("role." + method).str(), values,
                                          builder.getArrayAttr(arguments));
  return results.empty() ? Value() : call.getResult(0);
}

Value FunctionEmitter::emitConcat(ValueRange operands, int64_t axis) {
  SmallVector<Value> values;
  for (Value operand : operands)
    values.push_back(map.lookup(operand));
  auto list = emitc::CallOpaqueOp::create(
      builder, location,
      TypeRange{
          emitc::OpaqueType::get(builder.getContext(), "std::vector<Wire>")},
      "wires", values);
  Value wire = list.getResult(0);
  auto result = emitc::CallOpaqueOp::create(
      builder, location,
      TypeRange{emitc::OpaqueType::get(builder.getContext(), "Wire")},
      "role.concat", ValueRange{wire},
      builder.getArrayAttr({builder.getIndexAttr(0),
                            emitc::OpaqueAttr::get(builder.getContext(),
                                                   std::to_string(axis))}));
  return result.getResult(0);
}

Value FunctionEmitter::emitConstant(ConstantOp op) {
  SmallVector<std::string> values;
  for (double value : valuesOf(op))
    values.push_back(decimal(value));
  return call("constant", {}, {literal(op.getType()), braced(values)});
}

/// The enumerators of both enumerations have the same names.
static std::string plainEnumerator(PlainKind kind) {
  return "PlainOp::" +
         llvm::convertToCamelFromSnakeCase(stringifyPlainKind(kind),
                                           /*capitalizeFirst=*/true);
}

/// Rearrangements and what has more than operands are methods of their own.
void FunctionEmitter::emitPlain(PlainOp op) {
  ArrayRef<int64_t> params = op.getParams().value_or(ArrayRef<int64_t>());
  std::string shape = braced(plainShape(op.getResult()));
  const size_t rank = params.size() / 2;
  Value &result = map[op.getResult()];
  switch (op.getKind()) {
  case PlainKind::Reshape:
  case PlainKind::Broadcast:
    result = call(stringifyPlainKind(op.getKind()), op.getOperands(), {shape});
    return;
  case PlainKind::Transpose:
    result = call("transpose", op.getOperands(), {braced(params)});
    return;
  case PlainKind::Slice:
    result = call("slice", op.getOperands(),
                  {braced(params.take_front(rank)), shape,
                   braced(params.drop_front(rank))});
    return;
  case PlainKind::Concat:
    result = emitConcat(op.getOperands(), params.front());
    return;
  case PlainKind::OneHot:
    result = call("oneHot", op.getOperands(),
                  {std::to_string(plainShape(op.getResult()).back())});
    return;
  case PlainKind::Select:
    result = call("plainSelect", op.getOperands(), {});
    return;
  case PlainKind::Gather:
    result = call("gather", op.getOperands(), {});
    return;
  default:
    result = call("plain", op.getOperands(), {}, "Wire",
                  plainEnumerator(op.getKind()));
    return;
  }
}

LogicalResult FunctionEmitter::emitBlock(Block &block) {
  for (Operation &op : block)
    if (failed(emitOp(&op)))
      return failure();
  return success();
}

LogicalResult FunctionEmitter::emitOp(Operation *op) {
  location = op->getLoc();
  if (failed(checkScheduled(op)))
    return failure();
  if (StringRef name = sourceName(location); !name.empty() && name != node) {
    node = name;
    verbatim("role.at(" + quoted(name) + ");");
  }
  auto bind = [&](Value result, Value value) { map[result] = value; };
  // Methods that take the operands and then the type of the result.
  auto typed = [&](StringRef method) {
    Value result = op->getResult(0);
    bind(result, call(method, op->getOperands(), {types[result]}));
  };
  auto simple = [&](StringRef method, ArrayRef<std::string> rest = {}) {
    bind(op->getResult(0), call(method, op->getOperands(), rest));
  };
  auto shape = [&](Value value) { return braced(shapeOf(value)); };
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](RoundOp round) {
        call("beginRound", {}, {}, "");
        if (failed(emitBlock(round.getBody().front())))
          return failure();
        call("endRound", {}, {}, "");
        for (auto [result, value] :
             llvm::zip(round.getResults(),
                       round.getBody().front().getTerminator()->getOperands()))
          bind(result, map.lookup(value));
        return success();
      })
      .Case([&](ParamOp param) {
        bind(param.getResult(),
             call("param", {},
                  {quoted(param.getName()), types[param.getResult()],
                   std::to_string(param.getType().getOwner())}));
        return success();
      })
      .Case([&](PublicParamOp param) {
        bind(param.getResult(), call("publicParam", {},
                                     {quoted(param.getName()),
                                      braced(plainShape(param.getResult()))}));
        return success();
      })
      .Case([&](EncodeOp encode) {
        bind(encode.getResult(),
             call("encode", encode.getInput(),
                  {types[encode.getResult()],
                   std::to_string(encode.getType().getOwner())}));
        return success();
      })
      .Case([&](InputOp input) {
        std::string name = quoted(input.getName()),
                    owner = std::to_string(input.getOwner());
        bind(input.getResult(),
             isa<LocalType>(input.getType())
                 ? call("localInput", {},
                        {name, braced(input.getShape()), owner})
                 : call("input", {}, {name, types[input.getResult()], owner}));
        return success();
      })
      .Case([&](PublicInputOp input) {
        bind(input.getResult(),
             call("publicInput", {},
                  {quoted(input.getName()), literal(input.getType()),
                   std::to_string(input.getOwner())}));
        return success();
      })
      .Case([&](ConstantOp constant) {
        bind(constant.getResult(), emitConstant(constant));
        return success();
      })
      .Case([&](PlainOp plain) {
        emitPlain(plain);
        return success();
      })
      .Case([&](OutputOp output) {
        SmallVector<std::string> type;
        if (output.getDtype() != "float32")
          type.push_back(("DType::" + output.getDtype().take_front().upper() +
                          output.getDtype().drop_front())
                             .str());
        call("output", output.getInput(), type, "", quoted(output.getName()));
        return success();
      })
      .Case([&](RevealOp reveal) {
        simple("reveal", {std::to_string(reveal.getType().getOwner())});
        return success();
      })
      .Case([&](ReduceOp reduce) {
        auto type = cast<WireTypeInterface>(reduce.getResult().getType());
        simple("reduce", {std::to_string(type.getRing())});
        return success();
      })
      .Case([&](RelabelOp relabel) {
        auto type = cast<WireTypeInterface>(relabel.getResult().getType());
        simple("relabel", {std::to_string(type.getScale())});
        return success();
      })
      .Case([&](ScaleByOp scale) {
        simple("scaleBy", {std::to_string(int64_t(scale.getFactor()))});
        return success();
      })
      .Case([&](MulPublicOp mul) {
        simple("mulPublic", {std::to_string(mul.getFractionBits())});
        return success();
      })
      .Case([&](MatmulPublicOp product) {
        simple("matmulPublic", {std::to_string(product.getFractionBits())});
        return success();
      })
      .Case([&](TransposeOp transpose) {
        simple("transpose", {braced(transpose.getPermutation())});
        return success();
      })
      .Case([&](SliceOp slice) {
        simple("slice", {braced(slice.getStarts()), shape(slice.getResult()),
                         braced(slice.getStrides())});
        return success();
      })
      .Case([&](TakeOp take) {
        simple("take",
               {braced(take.getIndices()), std::to_string(take.getAxis())});
        return success();
      })
      .Case([&](PadOp pad) {
        simple("pad", {braced(pad.getLow()), braced(pad.getHigh())});
        return success();
      })
      .Case<ReshapeOp, BroadcastOp>([&](auto view) {
        simple(view->getName().stripDialect(), {shape(view.getResult())});
        return success();
      })
      .Case([&](ConcatOp concat) {
        bind(concat.getResult(),
             emitConcat(concat.getInputs(), concat.getAxis()));
        return success();
      })
      .Case([&](UnivariateOp function) {
        bind(function.getResult(),
             call("univariate", op->getOperands(),
                  {function.getFit().str(), types[function.getResult()]}));
        return success();
      })
      .Case([&](CompareOp compare) {
        simple("compare", {("{" + Twine(braced(compare.getThresholds())) +
                            ", " + Twine(compare.getDrop()) + ", " +
                            braced(compare.getChunks()) + "}")
                               .str()});
        return success();
      })
      .Case([&](IndicatorOp indicator) {
        simple("indicator", {std::to_string(indicator.getIndex()),
                             types[indicator.getResult()]});
        return success();
      })
      .Case([&](SelectOp select) {
        simple("select", {std::to_string(select.getIndex()),
                          std::to_string(int64_t(select.getOffset())),
                          types[select.getResult()]});
        return success();
      })
      .Case([&](TruncateOp truncate) {
        // Where no carry is left, nothing is sent.
        typed(truncate.getCost().communicates() ? "truncate" : "narrow");
        return success();
      })
      .Case([&](TruncateOpenOp truncate) {
        runtime::OpenTruncation how = openTruncationOf(truncate);
        simple("truncateOpen", {types[truncate.getResult()],
                                ("{" + Twine(how.bits) + ", " +
                                 (how.statistical ? "true" : "false") + "}")
                                    .str()});
        return success();
      })
      .Case<NarrowOp, MatmulOp, MulOp, Mul3Op>([&](auto) {
        typed(op->getName().stripDialect());
        return success();
      })
      .Case<ShareOp, MaskOp, OpenOp, UnmaskOp, AddOp, SubOp>([&](auto) {
        simple(op->getName().stripDialect());
        return success();
      })
      .Case([&](AddPublicOp) {
        simple("addPublic");
        return success();
      })
      .Case([&](SumLastOp) {
        simple("sumLast");
        return success();
      })
      .Case([&](FreeOp free) {
        for (Value value : free.getOperands())
          call("free", value, {}, "");
        return success();
      })
      .Case<YieldOp, ProbeOp, func::ReturnOp>([](auto) { return success(); })
      .Default([](Operation *other) {
        return other->emitError("'")
               << other->getName()
               << "' cannot be emitted: expected a scheduled mpc program "
                  "(secformer-schedule-rounds)";
      });
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {
struct MPCToEmitC : secformer::impl::MPCToEmitCBase<MPCToEmitC> {
  void runOnOperation() override {
    if (failed(convert()))
      signalPassFailure();
  }

private:
  LogicalResult convert() {
    ModuleOp module = getOperation();
    FailureOr<func::FuncOp> found = programOf(module);
    if (failed(found))
      return failure();
    func::FuncOp program = *found;
    auto fits = llvm::to_vector(module.getOps<FitOp>());
    auto setups = llvm::to_vector(program.getOps<SetupOp>());

    OpBuilder builder(&getContext());
    builder.setInsertionPointToStart(module.getBody());
    Location location = module.getLoc();
    auto verbatim = [&](const Twine &text) {
      emitc::VerbatimOp::create(builder, location, text.str());
    };
    emitc::IncludeOp::create(builder, location, "runtime/Program.h",
                             /*is_standard_include=*/false);
    verbatim("using namespace secformer::runtime;\n");
    bool concatenates = false;
    program.walk([&](Operation *op) {
      auto plain = dyn_cast<PlainOp>(op);
      concatenates |=
          isa<ConcatOp>(op) || (plain && plain.getKind() == PlainKind::Concat);
    });
    if (concatenates)
      verbatim("template <class... Wires>\nstatic std::vector<Wire> "
               "wires(Wires... list) { return {list...}; }\n");
    for (FitOp fit : fits)
      verbatim(fitDefinition(fit));

    WireTypes types;
    emitc::VerbatimOp typeText =
        emitc::VerbatimOp::create(builder, location, "");
    FunctionEmitter setup(builder, location, types);
    setup.begin("setup");
    SmallVector<Value> kept;
    for (SetupOp op : setups) {
      if (failed(setup.emitBlock(op.getBody().front())))
        return failure();
      for (auto [result, value] :
           llvm::zip(op.getResults(),
                     op.getBody().front().getTerminator()->getOperands())) {
        emitc::CallOpaqueOp::create(
            builder, location, TypeRange{}, "role.keep",
            ValueRange{setup[value]},
            builder.getArrayAttr(
                {emitc::OpaqueAttr::get(&getContext(),
                                        std::to_string(kept.size())),
                 builder.getIndexAttr(0)}));
        kept.push_back(result);
      }
    }
    setup.end();

    builder.setInsertionPointToEnd(module.getBody());
    FunctionEmitter infer(builder, location, types);
    infer.begin("infer");
    for (auto [index, value] : llvm::enumerate(kept))
      infer[value] = infer.call("kept", {}, {std::to_string(index)});
    for (Operation &op : program.getBody().front())
      if (!isa<SetupOp>(op) && failed(infer.emitOp(&op)))
        return failure();
    infer.end();
    typeText.setValue(types.definitions());
    builder.setInsertionPointToEnd(module.getBody());
    verbatim(
        "int main(int argc, char **argv) {\n"
        "  return programMain(argc, argv,\n"
        "                     {SECFORMER_PROGRAM_HASH, setup, infer" +
        Twine(isSharedFromOutside(program) ? ", /*hasOutsider=*/true" : "") +
        "});\n}");
    program.erase();
    for (FitOp fit : fits)
      fit.erase();
    return success();
  }
};
} // namespace
