//===- ImportActivations.cpp - activation functions -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

#include <cmath>

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

template <UnaryKind kind> static Results unary(Node &node) {
  return {node.unary(kind, node.input(0))};
}

static Value leakyRelu(Node &node, Value x, double alpha) {
  Value scaled = node.scale(x, alpha);
  return alpha <= 1 ? node.build<MaxOp>(x, scaled)
                    : node.build<MinOp>(x, scaled);
}

static Results leakyRelu(Node &node) {
  return {leakyRelu(node, node.input(0), node.number("alpha", 0.01f))};
}

static Results pRelu(Node &node) {
  Value x = node.input(0);
  Value negative = node.build<MinOp>(x, node.scalar(0, x));
  return {node.build<AddOp>(node.unary(UnaryKind::Relu, x),
                            node.build<MulOp>(negative, node.input(1)))};
}

/// x + bias below -lambd, x - bias above lambd, 0 between.
static Results shrink(Node &node) {
  Value x = node.input(0), zero = node.scalar(0, x);
  Value lambd = node.scalar(node.number("lambd", 0.5f), x);
  float bias = node.number("bias", 0);
  Value below =
      node.compare(CompareKind::Lt, x, node.unary(UnaryKind::Neg, lambd));
  Value above = node.compare(CompareKind::Gt, x, lambd);
  Value high = node.select(above, node.shift(x, -bias), zero);
  return {node.select(below, node.shift(x, bias), high)};
}

static Results thresholdedRelu(Node &node) {
  Value x = node.input(0);
  Value alpha = node.scalar(node.number("alpha", 1), x);
  return {node.select(node.compare(CompareKind::Gt, x, alpha), x,
                      node.scalar(0, x))};
}

/// gamma * (x if x > 0, else alpha * (exp(slope * x) - 1))
static Value exponentialUnit(Node &node, double alpha, double gamma,
                             double slope = 1) {
  Value x = node.input(0), zero = node.scalar(0, x);
  Value power =
      node.unary(UnaryKind::Exp, node.scale(node.build<MinOp>(x, zero), slope));
  Value negative = node.scale(node.shift(power, -1), alpha);
  return node.scale(node.build<AddOp>(node.unary(UnaryKind::Relu, x), negative),
                    gamma);
}

static Results elu(Node &node) {
  return {exponentialUnit(node, node.number("alpha", 1.0f), 1)};
}

static Results selu(Node &node) {
  return {exponentialUnit(node, node.number("alpha", 1.67326319f),
                          node.number("gamma", 1.05070102f))};
}

static Results celu(Node &node) {
  float alpha = node.number("alpha", 1.0f);
  return {exponentialUnit(node, alpha, 1, 1 / alpha)};
}

static Value hardSigmoid(Node &node, Value x, double alpha, double beta) {
  Value line = node.shift(node.scale(x, alpha), beta);
  return node.build<MinOp>(node.unary(UnaryKind::Relu, line),
                           node.scalar(1, x));
}

static Results hardSigmoid(Node &node) {
  return {hardSigmoid(node, node.input(0), node.number("alpha", 0.2f),
                      node.number("beta", 0.5f))};
}

static Results hardSwish(Node &node) {
  Value x = node.input(0);
  return {node.build<MulOp>(x, hardSigmoid(node, x, 1.0 / 6, 0.5))};
}

static Results mish(Node &node) {
  Value x = node.input(0);
  Value gate = node.unary(UnaryKind::Tanh, node.unary(UnaryKind::Softplus, x));
  return {node.build<MulOp>(x, gate)};
}

static Results softsign(Node &node) {
  Value x = node.input(0);
  return {node.build<DivOp>(x, node.shift(node.unary(UnaryKind::Abs, x), 1))};
}

static Results gelu(Node &node) {
  std::string approximate = node.text("approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    node.error() << "expected approximate 'none' or 'tanh', found '"
                 << approximate << "'";
  return {
      node.unary(approximate == "tanh" ? UnaryKind::GeluTanh : UnaryKind::Gelu,
                 node.input(0))};
}

Value secformer::frontend::fusedActivation(Node &node, Value x) {
  std::string name = node.text("activation", "");
  // Gemm names its parameters, convolutions list them.
  auto listed = node.numbers("activation_params");
  auto parameter = [&](size_t i, StringRef attribute, float otherwise) {
    return i < listed.size() ? listed[i] : node.number(attribute, otherwise);
  };
  if (name.empty())
    return x;
  if (name == "Relu")
    return node.unary(UnaryKind::Relu, x);
  if (name == "Tanh")
    return node.unary(UnaryKind::Tanh, x);
  if (name == "Sigmoid")
    return node.unary(UnaryKind::Sigmoid, x);
  if (name == "LeakyRelu")
    return leakyRelu(node, x, parameter(0, "activation_alpha", 0.01f));
  if (name == "HardSigmoid")
    return hardSigmoid(node, x, parameter(0, "activation_alpha", 0.2f),
                       parameter(1, "activation_beta", 0.5f));
  if (name == "Clip" && listed.size() == 2) {
    x = node.build<MaxOp>(x, node.scalar(listed[0], x));
    return node.build<MinOp>(x, node.scalar(listed[1], x));
  }
  if (!node.hasFailed())
    node.error() << "expected the activation Relu, Tanh, Sigmoid, LeakyRelu, "
                    "HardSigmoid or Clip, found '"
                 << name << "'";
  return {};
}

/// A GELU of the sum with a bias, if there is one.
template <UnaryKind kind> static Results biasGelu(Node &node) {
  Value x = node.input(0);
  if (node.hasInput(1))
    x = node.build<AddOp>(x, node.input(1));
  return {node.unary(kind, x)};
}

/// x * sigmoid(alpha * x), or the function that has a name of its own.
static Results swish(Node &node, float alpha) {
  Value x = node.input(0);
  if (alpha == 1)
    return {node.unary(UnaryKind::Silu, x)};
  if (std::abs(alpha - 1.702f) < 1e-5f)
    return {node.unary(UnaryKind::QuickGelu, x)};
  Value gate = node.unary(UnaryKind::Sigmoid, node.scale(x, alpha));
  return {node.build<MulOp>(x, gate)};
}

static Results swish(Node &node) {
  return swish(node, node.number("alpha", 1.0f));
}

static Results quickGelu(Node &node) {
  return swish(node, node.number("alpha", 1.702f));
}

ArrayRef<Operator> secformer::frontend::activationOperators() {
  static const Operator table[] = {
      {"", "Relu", 6, 1, unary<UnaryKind::Relu>},
      {"", "Tanh", 6, 1, unary<UnaryKind::Tanh>},
      {"", "Sigmoid", 6, 1, unary<UnaryKind::Sigmoid>},
      {"", "Softplus", 1, 1, unary<UnaryKind::Softplus>},
      {"", "Softsign", 1, 1, softsign},
      {"", "LeakyRelu", 6, 1, leakyRelu},
      {"", "PRelu", 7, 2, pRelu},
      {"", "Elu", 6, 1, elu},
      {"", "Selu", 6, 1, selu},
      {"", "Celu", 12, 1, celu},
      {"", "ThresholdedRelu", 10, 1, thresholdedRelu},
      {"", "Shrink", 9, 1, shrink},
      {"", "HardSigmoid", 6, 1, hardSigmoid},
      {"", "HardSwish", 14, 1, hardSwish},
      {"", "Mish", 18, 1, mish},
      {"", "Swish", 24, 1, swish},
      {"", "Gelu", 20, 1, gelu},
      {"com.microsoft", "Gelu", 1, 1, unary<UnaryKind::Gelu>},
      {"com.microsoft", "BiasGelu", 1, 2, biasGelu<UnaryKind::Gelu>},
      {"com.microsoft", "FastGelu", 1, 1, biasGelu<UnaryKind::GeluTanh>},
      {"com.microsoft", "QuickGelu", 1, 1, quickGelu},
  };
  return table;
}
