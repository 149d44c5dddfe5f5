//===- EvaluateElementwise.cpp - functions of single elements -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Evaluate.h"
#include "dialect/NN/StridedLoop.h"

#include <cmath>

using namespace mlir;
using namespace secformer::nn;

/// out = f(a, b), broadcasting; both of element type In.
template <class Out, class In, class F>
static Tensor mapPairs(const Tensor &a, const Tensor &b, F &&f) {
  auto shape = *broadcastShapes(a.getShape(), b.getShape());
  auto lhs = a.values<In>(), rhs = b.values<In>();
  return Tensor::build<Out>(shape, [&](MutableArrayRef<Out> out) {
    auto *next = out.begin();
    StridedLoop<2>(shape, {broadcastStrides(a.getShape(), shape),
                           broadcastStrides(b.getShape(), shape)})
        .rows({}, [&](auto at, auto step, int64_t length) {
          for (int64_t i = 0; i < length; ++i)
            *next++ = f(lhs[at[0] + i * step[0]], rhs[at[1] + i * step[1]]);
        });
  });
}

template <class Out, class In, class F>
static Tensor mapElements(const Tensor &x, F &&f) {
  return Tensor::build<Out>(x.getShape(), [&](MutableArrayRef<Out> out) {
    llvm::transform(x.values<In>(), out.begin(), f);
  });
}

/// Calls \p f with a zero of the element type, which is not bool.
template <class F> static Tensor visitNumber(const Tensor &x, F &&f) {
  return visitElement(x.getElement(), [&](auto zero) -> Tensor {
    if constexpr (std::is_same_v<decltype(zero), bool>)
      llvm_unreachable("arithmetic on booleans");
    else
      return f(zero);
  });
}

/// Calls \p f with a zero of the element type, which is not float.
template <class F> static Tensor visitBits(const Tensor &x, F &&f) {
  return visitElement(x.getElement(), [&](auto zero) -> Tensor {
    if constexpr (std::is_same_v<decltype(zero), float>)
      llvm_unreachable("bits of floats");
    else
      return f(zero);
  });
}

/// Applies \p f to pairs of numbers of one type, which it takes as template.
template <class F> static Tensor arithmetic(Operands operands, F &&f) {
  return visitNumber(operands[0], [&](auto zero) {
    using T = decltype(zero);
    return mapPairs<T, T>(operands[0], operands[1],
                          [&](T a, T b) -> T { return f(a, b); });
  });
}

Evaluated secformer::nn::evaluate(AddOp, Operands operands) {
  return arithmetic(operands, []<class T>(T a, T b) {
    return T(Modular<T>(a) + Modular<T>(b));
  });
}

Evaluated secformer::nn::evaluate(SubOp, Operands operands) {
  return arithmetic(operands, []<class T>(T a, T b) {
    return T(Modular<T>(a) - Modular<T>(b));
  });
}

Evaluated secformer::nn::evaluate(MulOp, Operands operands) {
  return arithmetic(operands, []<class T>(T a, T b) {
    return T(Modular<T>(a) * Modular<T>(b));
  });
}

static llvm::Error checkDivisor(const Tensor &divisor) {
  if (divisor.getElement() != Element::F32 &&
      llvm::is_contained(divisor.integers(), 0))
    return evaluationError("integer division by 0");
  return llvm::Error::success();
}

Evaluated secformer::nn::evaluate(DivOp, Operands operands) {
  if (auto error = checkDivisor(operands[1]))
    return error;
  return arithmetic(operands, []<class T>(T a, T b) {
    if (std::is_integral_v<T> && b == T(-1))
      return T(-Modular<T>(a));
    return T(a / b);
  });
}

Evaluated secformer::nn::evaluate(ModOp, Operands operands) {
  if (auto error = checkDivisor(operands[1]))
    return error;
  return arithmetic(operands, []<class T>(T a, T b) {
    if constexpr (std::is_same_v<T, float>) {
      return std::fmod(a, b);
    } else {
      T rest = b == -1 ? 0 : a % b;
      return rest && (rest < 0) != (b < 0) ? rest + b : rest;
    }
  });
}

template <class T> static T integerPower(T base, T exponent) {
  if (exponent < 0)
    return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;
  Modular<T> power = 1, square = base;
  for (; exponent; exponent >>= 1, square *= square)
    if (exponent & 1)
      power *= square;
  return power;
}

Evaluated secformer::nn::evaluate(PowOp, Operands operands) {
  return arithmetic(operands, []<class T>(T a, T b) {
    if constexpr (std::is_same_v<T, float>)
      return std::pow(a, b);
    else
      return integerPower(a, b);
  });
}

Evaluated secformer::nn::evaluate(MaxOp, Operands operands) {
  return arithmetic(operands, [](auto a, auto b) { return larger(a, b); });
}

Evaluated secformer::nn::evaluate(MinOp, Operands operands) {
  return arithmetic(operands, [](auto a, auto b) { return smaller(a, b); });
}

Evaluated secformer::nn::evaluate(CompareOp op, Operands operands) {
  auto with = [&](auto holds) -> Tensor {
    return visitElement(operands[0].getElement(), [&](auto zero) {
      return mapPairs<bool, decltype(zero)>(operands[0], operands[1], holds);
    });
  };
  switch (op.getKind()) {
  case CompareKind::Eq:
    return with(std::equal_to());
  case CompareKind::Lt:
    return with(std::less());
  case CompareKind::Le:
    return with(std::less_equal());
  case CompareKind::Gt:
    return with(std::greater());
  case CompareKind::Ge:
    return with(std::greater_equal());
  }
  llvm_unreachable("unknown comparison");
}

Evaluated secformer::nn::evaluate(LogicalOp op, Operands operands) {
  LogicalKind kind = op.getKind();
  return visitBits(operands[0], [&](auto zero) {
    using T = decltype(zero);
    return mapPairs<T, T>(operands[0], operands[1], [&](T a, T b) -> T {
      return kind == LogicalKind::And  ? a & b
             : kind == LogicalKind::Or ? a | b
                                       : a ^ b;
    });
  });
}

Evaluated secformer::nn::evaluate(NotOp, Operands operands) {
  return visitBits(operands[0], [&](auto zero) {
    using T = decltype(zero);
    return mapElements<T, T>(operands[0], [](T a) -> T {
      return std::is_same_v<T, bool> ? !a : a ^ T(-1);
    });
  });
}

Evaluated secformer::nn::evaluate(SelectOp op, Operands operands) {
  auto shape = op.getType().getShape();
  auto condition = operands[0].values<bool>();
  return visitElement(operands[1].getElement(), [&](auto zero) {
    using T = decltype(zero);
    auto lhs = operands[1].values<T>(), rhs = operands[2].values<T>();
    return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
      auto *next = out.begin();
      StridedLoop<3>(shape, {broadcastStrides(operands[0].getShape(), shape),
                             broadcastStrides(operands[1].getShape(), shape),
                             broadcastStrides(operands[2].getShape(), shape)})
          .elements({}, [&](auto at) {
            *next++ = condition[at[0]] ? lhs[at[1]] : rhs[at[2]];
          });
    });
  });
}

/// The kinds that also integers have.
static Tensor evaluateSigned(UnaryKind kind, const Tensor &x) {
  return visitNumber(x, [&](auto zero) {
    using T = decltype(zero);
    return mapElements<T, T>(x, [&](T a) -> T {
      if (kind == UnaryKind::Relu)
        return std::max(a, T(0));
      if (kind == UnaryKind::Sign)
        return T(a > T(0)) - T(a < T(0));
      bool negates = kind == UnaryKind::Neg || a < T(0);
      return negates ? T(-Modular<T>(a)) : a;
    });
  });
}

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

static double applyUnary(UnaryKind kind, double x) {
  switch (kind) {
  case UnaryKind::Floor:
    return std::floor(x);
  case UnaryKind::Ceil:
    return std::ceil(x);
  case UnaryKind::Round:
    return std::nearbyint(x);
  case UnaryKind::Sqrt:
    return std::sqrt(x);
  case UnaryKind::Rsqrt:
    return 1 / std::sqrt(x);
  case UnaryKind::Reciprocal:
    return 1 / x;
  case UnaryKind::Exp:
    return std::exp(x);
  case UnaryKind::Log:
    return std::log(x);
  case UnaryKind::Sin:
    return std::sin(x);
  case UnaryKind::Cos:
    return std::cos(x);
  case UnaryKind::Tan:
    return std::tan(x);
  case UnaryKind::Asin:
    return std::asin(x);
  case UnaryKind::Acos:
    return std::acos(x);
  case UnaryKind::Atan:
    return std::atan(x);
  case UnaryKind::Sinh:
    return std::sinh(x);
  case UnaryKind::Cosh:
    return std::cosh(x);
  case UnaryKind::Asinh:
    return std::asinh(x);
  case UnaryKind::Acosh:
    return std::acosh(x);
  case UnaryKind::Atanh:
    return std::atanh(x);
  case UnaryKind::Erf:
    return std::erf(x);
  case UnaryKind::Tanh:
    return std::tanh(x);
  case UnaryKind::Sigmoid:
    return sigmoid(x);
  case UnaryKind::Softplus:
    return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
  case UnaryKind::Gelu:
    return x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
  case UnaryKind::GeluTanh:
    return x / 2 *
           (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  case UnaryKind::QuickGelu:
    return x * sigmoid(1.702 * x);
  case UnaryKind::Silu:
    return x * sigmoid(x);
  case UnaryKind::QuadGelu:
    return 0.125 * x * x + 0.25 * x + 0.5;
  case UnaryKind::Neg:
  case UnaryKind::Abs:
  case UnaryKind::Sign:
  case UnaryKind::Relu:
    break;
  }
  llvm_unreachable("kinds that integers have are elsewhere");
}

Evaluated secformer::nn::evaluate(UnaryOp op, Operands operands) {
  UnaryKind kind = op.getKind();
  if (kind == UnaryKind::Neg || kind == UnaryKind::Abs ||
      kind == UnaryKind::Sign || kind == UnaryKind::Relu)
    return evaluateSigned(kind, operands[0]);
  return mapElements<float, float>(
      operands[0], [&](float x) -> float { return applyUnary(kind, x); });
}

Evaluated secformer::nn::evaluate(CastOp op, Operands operands) {
  return operands[0].cast(elementOf(op.getType().getElementType()));
}
