//===- Interpreter.cpp - a scheduled module as a program ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What MPCToEmitC prints, this does. Several threads read the module at once,
// so nothing here may make a type, an attribute or a diagnostic.
//
//===----------------------------------------------------------------------===//

#include "backend/Interpreter.h"
#include "llvm/ADT/TypeSwitch.h"
#include <stdexcept>

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;
using runtime::Wire;

static runtime::PlainOp plainOp(PlainKind kind) {
  switch (kind) {
  case PlainKind::Add:
    return runtime::PlainOp::Add;
  case PlainKind::Sub:
    return runtime::PlainOp::Sub;
  case PlainKind::Mul:
    return runtime::PlainOp::Mul;
  case PlainKind::Div:
    return runtime::PlainOp::Div;
  case PlainKind::Max:
    return runtime::PlainOp::Max;
  case PlainKind::Min:
    return runtime::PlainOp::Min;
  case PlainKind::Equal:
    return runtime::PlainOp::Equal;
  case PlainKind::Less:
    return runtime::PlainOp::Less;
  case PlainKind::LessEqual:
    return runtime::PlainOp::LessEqual;
  case PlainKind::NotZero:
    return runtime::PlainOp::NotZero;
  case PlainKind::Not:
    return runtime::PlainOp::Not;
  case PlainKind::Abs:
    return runtime::PlainOp::Abs;
  case PlainKind::Floor:
    return runtime::PlainOp::Floor;
  case PlainKind::Ceil:
    return runtime::PlainOp::Ceil;
  case PlainKind::Round:
    return runtime::PlainOp::Round;
  case PlainKind::Trunc:
    return runtime::PlainOp::Trunc;
  case PlainKind::Sqrt:
    return runtime::PlainOp::Sqrt;
  case PlainKind::SumLast:
    return runtime::PlainOp::SumLast;
  case PlainKind::MaxLast:
    return runtime::PlainOp::MaxLast;
  case PlainKind::CumsumLast:
    return runtime::PlainOp::CumsumLast;
  default:
    llvm_unreachable("a method of its own");
  }
}

static runtime::Shape list(ArrayRef<int64_t> values) {
  return {values.begin(), values.end()};
}

/// One phase on one role.
class Interpreter::Run {
public:
  Run(const Interpreter &program, runtime::Role &role,
      const WireObserver *observer)
      : program(program), function(program.function), role(role),
        observer(observer) {}

  void setup() {
    if (encodesLate)
      return;
    unsigned kept = 0;
    for (SetupOp setup : function.getOps<SetupOp>()) {
      Block &body = setup.getBody().front();
      run(body);
      for (Value value : body.getTerminator()->getOperands())
        role.keep(kept++, wires.at(value));
    }
  }

  void infer() {
    unsigned kept = 0;
    if (!encodesLate)
      for (SetupOp setup : function.getOps<SetupOp>())
        for (Value result : setup.getResults())
          wires[result] = role.kept(kept++);
    for (Operation &op : function.getBody().front()) {
      if (isa<SetupOp>(op))
        continue;
      const std::vector<Wire> made = encodeFor(op);
      run(op);
      for (Wire wire : made)
        role.free(wire);
    }
  }

private:
  /// The value of an operation of the setup, or of a result of the setup. Adds
  /// what was made to \p made.
  Wire encoded(Value value, std::vector<Wire> &made);
  /// Makes the results of the setup that an operation needs, if that is now.
  std::vector<Wire> encodeFor(Operation &op);
  void run(Block &block) {
    for (Operation &op : block)
      run(op);
  }
  void run(Operation &op);
  void run(RoundOp round);
  /// The value of an operation with one result.
  Wire compute(Operation *op);
  Wire plain(PlainOp op);
  std::vector<Wire> list(ValueRange values) const {
    std::vector<Wire> result;
    for (Value value : values)
      result.push_back(wires.at(value));
    return result;
  }
  void observe(Operation &op) {
    if (!observer || !*observer)
      return;
    if (isa<ProbeOp>(op))
      (*observer)(&op, role, list(op.getOperands()));
    else if (op.getNumResults() == 1)
      (*observer)(&op, role, list(op.getResults()));
  }

  const Interpreter &program;
  func::FuncOp function;
  runtime::Role &role;
  const WireObserver *observer;
  /// Reference keeps nothing between phases but weights in the clear: each of
  /// them is encoded when it is needed, as all together take twice the memory
  /// of the model.
  const bool encodesLate = dynamic_cast<runtime::Reference *>(&role);
  DenseMap<Value, Wire> wires;
};

Wire Interpreter::Run::encoded(Value value, std::vector<Wire> &made) {
  Operation *op = value.getDefiningOp();
  if (isa<SetupOp, RoundOp>(op)) {
    Operation *yield = op->getRegion(0).front().getTerminator();
    return encoded(yield->getOperand(cast<OpResult>(value).getResultNumber()),
                   made);
  }
  for (Value operand : op->getOperands()) {
    Wire wire = encoded(operand, made);
    wires[operand] = wire;
  }
  if (StringRef name = sourceName(op->getLoc()); !name.empty())
    role.at(name.data());
  const bool inRound = isa<RoundOp>(op->getParentOp());
  if (inRound)
    role.beginRound();
  made.push_back(compute(op));
  if (inRound)
    role.endRound();
  return made.back();
}

std::vector<Wire> Interpreter::Run::encodeFor(Operation &op) {
  std::vector<Wire> made;
  if (encodesLate)
    op.walk([&](Operation *user) {
      for (Value operand : user->getOperands())
        if (operand.getDefiningOp<SetupOp>()) {
          Wire wire = encoded(operand, made);
          wires[operand] = wire;
        }
    });
  return made;
}

void Interpreter::Run::run(RoundOp round) {
  Block &body = round.getBody().front();
  role.beginRound();
  run(body);
  role.endRound();
  for (auto [result, value] :
       llvm::zip(round.getResults(), body.getTerminator()->getOperands())) {
    Wire wire = wires.at(value); // A reference may not outlive an insertion.
    wires[result] = wire;
  }
  for (Operation &op : body)
    observe(op);
}

void Interpreter::Run::run(Operation &op) {
  if (StringRef name = sourceName(op.getLoc()); !name.empty())
    role.at(name.data()); // Names in the context end with a zero.
  if (auto round = dyn_cast<RoundOp>(op))
    return run(round);
  if (auto free = dyn_cast<FreeOp>(op)) {
    for (Value value : free.getOperands()) {
      role.free(wires.at(value));
      wires.erase(value);
    }
  } else if (auto output = dyn_cast<OutputOp>(op)) {
    runtime::DType dtype = runtime::DType::Float32;
    runtime::parseDType(output.getDtype(), dtype); // The verifier knows it.
    role.output(output.getName().data(), wires.at(output.getInput()), dtype);
  } else if (isa<ProbeOp>(op)) {
    observe(op);
  } else if (op.getNumResults() == 1) {
    wires[op.getResult(0)] = compute(&op);
    if (!isa<RoundOp>(op.getParentOp()))
      observe(op);
  }
}

Wire Interpreter::Run::plain(PlainOp op) {
  std::vector<Wire> x = list(op.getOperands());
  const runtime::Shape shape = shapeOf(op.getResult());
  const runtime::Shape params =
      ::list(op.getParams().value_or(ArrayRef<int64_t>()));
  const auto middle = params.begin() + ptrdiff_t(params.size() / 2);
  switch (op.getKind()) {
  case PlainKind::Reshape:
    return role.reshape(x[0], shape);
  case PlainKind::Broadcast:
    return role.broadcast(x[0], shape);
  case PlainKind::Transpose:
    return role.transpose(x[0], params);
  case PlainKind::Slice:
    return role.slice(x[0], {params.begin(), middle}, shape,
                      {middle, params.end()});
  case PlainKind::Concat:
    return role.concat(x, params[0]);
  case PlainKind::Select:
    return role.plainSelect(x[0], x[1], x[2]);
  case PlainKind::OneHot:
    return role.oneHot(x[0], shape.back());
  case PlainKind::Gather:
    return role.gather(x[0], x[1]);
  default:
    break;
  }
  return x.size() == 1 ? role.plain(plainOp(op.getKind()), x[0])
                       : role.plain(plainOp(op.getKind()), x[0], x[1]);
}

Wire Interpreter::Run::compute(Operation *op) {
  const std::vector<Wire> x = list(op->getOperands());
  const Value result = op->getResult(0);
  return llvm::TypeSwitch<Operation *, Wire>(op)
      .Case([&](ParamOp param) {
        return role.param(param.getName().data(), wireTypeOf(result),
                          int(param.getType().getOwner()));
      })
      .Case([&](InputOp input) {
        const int owner = int(input.getOwner());
        return isa<LocalType>(input.getType())
                   ? role.localInput(input.getName().data(), shapeOf(result),
                                     owner)
                   : role.input(input.getName().data(), wireTypeOf(result),
                                owner);
      })
      .Case([&](EncodeOp encode) {
        return role.encode(x[0], wireTypeOf(result),
                           int(encode.getType().getOwner()));
      })
      .Case([&](PublicParamOp param) {
        return role.publicParam(param.getName().data(), shapeOf(result));
      })
      .Case([&](PublicInputOp input) {
        return role.publicInput(input.getName().data(), shapeOf(result),
                                int(input.getOwner()));
      })
      .Case([&](ConstantOp constant) {
        return role.constant(shapeOf(result), valuesOf(constant));
      })
      .Case([&](PlainOp op) { return plain(op); })
      .Case([&](RevealOp reveal) {
        return role.reveal(x[0], int(reveal.getType().getOwner()));
      })
      .Case([&](ShareOp) { return role.share(x[0]); })
      .Case([&](MaskOp) { return role.mask(x[0]); })
      .Case([&](OpenOp) { return role.open(x[0]); })
      .Case([&](UnmaskOp) { return role.unmask(x[0]); })
      .Case([&](TruncateOp truncate) {
        return truncate.getCost().communicates()
                   ? role.truncate(x[0], wireTypeOf(result))
                   : role.narrow(x[0], wireTypeOf(result));
      })
      .Case([&](TruncateOpenOp truncate) {
        return role.truncateOpen(x[0], wireTypeOf(result),
                                 openTruncationOf(truncate));
      })
      .Case([&](NarrowOp) { return role.narrow(x[0], wireTypeOf(result)); })
      .Case(
          [&](ReduceOp) { return role.reduce(x[0], wireTypeOf(result).ring); })
      .Case([&](RelabelOp) {
        return role.relabel(x[0], wireTypeOf(result).scale);
      })
      .Case([&](AddOp) { return role.add(x[0], x[1]); })
      .Case([&](SubOp) { return role.sub(x[0], x[1]); })
      .Case([&](ScaleByOp scale) {
        return role.scaleBy(x[0], int64_t(scale.getFactor()));
      })
      .Case([&](MatmulPublicOp product) {
        return role.matmulPublic(x[0], x[1], product.getFractionBits());
      })
      .Case([&](MulPublicOp mul) {
        return role.mulPublic(x[0], x[1], mul.getFractionBits());
      })
      .Case([&](AddPublicOp) { return role.addPublic(x[0], x[1]); })
      .Case([&](SumLastOp) { return role.sumLast(x[0]); })
      .Case([&](ReshapeOp) { return role.reshape(x[0], shapeOf(result)); })
      .Case([&](TransposeOp transpose) {
        return role.transpose(x[0], ::list(transpose.getPermutation()));
      })
      .Case([&](BroadcastOp) { return role.broadcast(x[0], shapeOf(result)); })
      .Case([&](SliceOp slice) {
        return role.slice(x[0], ::list(slice.getStarts()), shapeOf(result),
                          ::list(slice.getStrides()));
      })
      .Case([&](TakeOp take) {
        return role.take(x[0], ::list(take.getIndices()),
                         int64_t(take.getAxis()));
      })
      .Case([&](PadOp pad) {
        return role.pad(x[0], ::list(pad.getLow()), ::list(pad.getHigh()));
      })
      .Case([&](ConcatOp concat) {
        return role.concat(x, int64_t(concat.getAxis()));
      })
      .Case(
          [&](MatmulOp) { return role.matmul(x[0], x[1], wireTypeOf(result)); })
      .Case([&](MulOp) { return role.mul(x[0], x[1], wireTypeOf(result)); })
      .Case([&](Mul3Op) {
        return role.mul3(x[0], x[1], x[2], wireTypeOf(result));
      })
      .Case([&](UnivariateOp function) {
        return role.univariate(x[0],
                               program.fits.find(function.getFit())->second,
                               wireTypeOf(result));
      })
      .Case([&](CompareOp compare) {
        return role.compare(x[0], comparisonOf(compare));
      })
      .Case([&](IndicatorOp indicator) {
        return role.indicator(x[0], indicator.getIndex(), wireTypeOf(result));
      })
      .Case([&](SelectOp select) {
        return role.select(x[0], x[1], select.getIndex(),
                           int64_t(select.getOffset()), wireTypeOf(result));
      })
      .Default([](Operation *other) -> Wire {
        throw std::logic_error("the interpreter does not know '" +
                               other->getName().getStringRef().str() + "'");
      });
}

FailureOr<Interpreter> Interpreter::create(ModuleOp rounds) {
  FailureOr<func::FuncOp> function = programOf(rounds);
  if (failed(function))
    return failure();
  WalkResult checked = function->walk([&](Operation *op) {
    if (!isa<MPCDialect>(op->getDialect()) &&
        !isa<func::FuncOp, func::ReturnOp>(op)) {
      op->emitError("'") << op->getName()
                         << "' cannot be run: expected a scheduled mpc program";
      return WalkResult::interrupt();
    }
    return WalkResult(checkScheduled(op));
  });
  if (checked.wasInterrupted())
    return failure();
  Interpreter result;
  result.function = *function;
  for (FitOp fit : rounds.getOps<FitOp>())
    result.fits[fit.getSymName()] = univariateOf(fit);
  return result;
}

runtime::Program Interpreter::program(const char *hash,
                                      WireObserver observer) const {
  return {hash,
          [this](runtime::Role &role) { Run(*this, role, nullptr).setup(); },
          [this, observer = std::move(observer)](runtime::Role &role) {
            Run(*this, role, &observer).infer();
          },
          isSharedFromOutside(function)};
}
