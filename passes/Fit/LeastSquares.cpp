//===- LeastSquares.cpp - bounded minimax fit of a Fourier series ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/Fit/LeastSquares.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>
#include <complex>
#include <limits>

using namespace secformer::fit;

class SeriesSolver::Backend {
public:
  virtual ~Backend() = default;
  virtual Series solve(double penalty, double target) const = 0;
  virtual double smallestPenalty() const = 0;
};

namespace {

/// Few harmonics are cheap enough for long double, whose finer arithmetic lets
/// the ill-conditioned normal equations resolve eleven more bits.
constexpr unsigned longDoubleHarmonics = 256;
constexpr unsigned lawsonIterations = 24;
/// Lawson's iteration gains less than this factor over least squares; a fit
/// further from its target is given up at once.
constexpr double lawsonGain = 8;
/// Iterations without a gain of one hundredth after which it has converged.
constexpr unsigned lawsonPatience = 4;

template <class Real> class NormalEquations : public SeriesSolver::Backend {
  using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

public:
  NormalEquations(const Samples &samples, unsigned harmonics, bool even)
      : harmonics(harmonics), even(even),
        value(Eigen::Map<const Eigen::VectorXd>(samples.value.data(),
                                                samples.value.size())
                  .cast<Real>()),
        weight(Eigen::Map<const Eigen::VectorXd>(samples.weight.data(),
                                                 samples.weight.size())
                   .cast<Real>()),
        cosines(samples.angle.size(), 2 * harmonics + 1),
        sines(even ? 0 : samples.angle.size(), 2 * harmonics + 1) {
    for (Eigen::Index i = 0; i < value.size(); ++i) {
      auto step = std::polar(1.0L, samples.angle[i]);
      std::complex<long double> power = 1;
      for (unsigned j = 0; j <= 2 * harmonics; ++j, power *= step) {
        cosines(i, j) = power.real();
        if (!even)
          sines(i, j) = power.imag();
      }
    }
  }

  double smallestPenalty() const override {
    return 64 * double(std::numeric_limits<Real>::epsilon());
  }

  Series solve(double penalty, double target) const override {
    Vector lawson = Vector::Ones(value.size());
    Series best;
    best.error = std::numeric_limits<double>::infinity();
    double milestone = best.error;
    for (unsigned iteration = 0, idle = 0;
         iteration < lawsonIterations && idle < lawsonPatience; ++iteration) {
      Vector rowWeight = lawson.cwiseProduct(weight.cwiseAbs2());
      rowWeight /= rowWeight.sum();
      Eigen::LLT<Matrix> factor(gram(rowWeight, Real(penalty)));
      if (factor.info() != Eigen::Success)
        break;
      // The second pass, on the residual of the first, takes back most of the
      // penalty's bias and of the rounding in the Gram matrix.
      Vector solution = factor.solve(project(rowWeight.cwiseProduct(value)));
      Vector residual = value - apply(solution);
      solution += factor.solve(project(rowWeight.cwiseProduct(residual)));
      Vector error =
          (value - apply(solution)).cwiseAbs().cwiseProduct(weight).eval();
      double largest = double(error.maxCoeff());
      if (!(largest >= best.error))
        best = series(solution, largest);
      if (largest < 0.99 * milestone) {
        milestone = largest;
        idle = 0;
      } else {
        ++idle;
      }
      if (!(largest > target) || !(largest < lawsonGain * target))
        break;
      // The floor keeps a point that once fitted well from vanishing.
      lawson.array() *= error.array() / Real(largest) + Real(1e-3);
      lawson /= lawson.maxCoeff();
    }
    return best;
  }

private:
  /// Products of cosines and sines are sums of two: the Gram matrix follows
  /// from the moments of 2K harmonics.
  Matrix gram(const Vector &rowWeight, Real penalty) const {
    Vector c = cosines.transpose() * rowWeight;
    Vector s = even ? Vector() : Vector(sines.transpose() * rowWeight);
    int count = harmonics;
    Matrix result(unknowns(), unknowns());
    for (int j = 0; j <= count; ++j)
      for (int k = 0; k <= count; ++k)
        result(j, k) = (c(std::abs(j - k)) + c(j + k)) / 2;
    if (!even)
      for (int j = 1; j <= count; ++j) {
        for (int k = 1; k <= count; ++k)
          result(count + j, count + k) = (c(std::abs(j - k)) - c(j + k)) / 2;
        for (int k = 0; k <= count; ++k) {
          Real difference = j >= k ? s(j - k) : -s(k - j);
          result(count + j, k) = result(k, count + j) =
              (s(j + k) + difference) / 2;
        }
      }
    result.diagonal().array() += penalty;
    return result;
  }

  Vector project(const Vector &rows) const {
    Vector result(unknowns());
    result.head(harmonics + 1) =
        cosines.leftCols(harmonics + 1).transpose() * rows;
    if (!even)
      result.tail(harmonics) =
          sines.middleCols(1, harmonics).transpose() * rows;
    return result;
  }

  Vector apply(const Vector &solution) const {
    Vector result =
        cosines.leftCols(harmonics + 1) * solution.head(harmonics + 1);
    if (!even)
      result += sines.middleCols(1, harmonics) * solution.tail(harmonics);
    return result;
  }

  Series series(const Vector &solution, double error) const {
    Series result;
    result.constant = double(solution(0));
    result.sine.resize(harmonics);
    for (unsigned j = 1; j <= harmonics; ++j) {
      result.cosine.push_back(double(solution(j)));
      if (!even)
        result.sine[j - 1] = double(solution(harmonics + j));
    }
    result.error = error;
    return result;
  }

  Eigen::Index unknowns() const {
    return even ? harmonics + 1 : 2 * harmonics + 1;
  }

  unsigned harmonics;
  bool even;
  Vector value, weight;
  Matrix cosines, sines; ///< one row per sample, one column per 0..2K
};

} // namespace

SeriesSolver::SeriesSolver(const Samples &samples, unsigned harmonics,
                           bool even) {
  if (harmonics <= longDoubleHarmonics)
    backend = std::make_unique<NormalEquations<long double>>(samples, harmonics,
                                                             even);
  else
    backend =
        std::make_unique<NormalEquations<double>>(samples, harmonics, even);
}

SeriesSolver::~SeriesSolver() = default;

Series SeriesSolver::solve(double penalty, double target) const {
  return backend->solve(penalty, target);
}

double SeriesSolver::smallestPenalty() const {
  return backend->smallestPenalty();
}
