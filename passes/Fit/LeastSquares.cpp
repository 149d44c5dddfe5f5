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
  NormalEquations(const Samples &samples, unsigned harmonics, bool even,
                  bool odd)
      : harmonics(harmonics), even(even), odd(odd),
        value(Eigen::Map<const Eigen::VectorXd>(samples.value.data(),
                                                samples.value.size())
                  .cast<Real>()),
        weight(Eigen::Map<const Eigen::VectorXd>(samples.weight.data(),
                                                 samples.weight.size())
                   .cast<Real>()),
        cosines(samples.angle.size(), 2 * frequency(harmonics) + 1),
        sines(even ? 0 : samples.angle.size(), 2 * frequency(harmonics) + 1) {
    for (Eigen::Index i = 0; i < value.size(); ++i) {
      auto step = std::polar(1.0L, samples.angle[i]);
      std::complex<long double> power = 1;
      for (int j = 0; j < cosines.cols(); ++j, power *= step) {
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
  /// Of unknown j; 0 is the constant.
  int frequency(int j) const { return odd && j > 0 ? 2 * j - 1 : j; }

  /// The columns of the harmonics' frequencies.
  auto columns(const Matrix &of) const {
    return Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>(
        of.col(1).data(), of.rows(), harmonics,
        Eigen::OuterStride<>((odd ? 2 : 1) * of.rows()));
  }

  /// Products of cosines and sines are sums of two: the Gram matrix follows
  /// from the moments of twice the frequencies.
  Matrix gram(const Vector &rowWeight, Real penalty) const {
    Vector c = cosines.transpose() * rowWeight;
    Vector s = even ? Vector() : Vector(sines.transpose() * rowWeight);
    int count = harmonics;
    Matrix result(unknowns(), unknowns());
    for (int j = 0; j <= count; ++j)
      for (int k = 0; k <= count; ++k) {
        const int f = frequency(j), g = frequency(k);
        result(j, k) = (c(std::abs(f - g)) + c(f + g)) / 2;
        if (even || j == 0)
          continue;
        if (k > 0)
          result(count + j, count + k) = (c(std::abs(f - g)) - c(f + g)) / 2;
        const Real difference = f >= g ? s(f - g) : -s(g - f);
        result(count + j, k) = result(k, count + j) =
            (s(f + g) + difference) / 2;
      }
    result.diagonal().array() += penalty;
    return result;
  }

  Vector project(const Vector &rows) const {
    Vector result(unknowns());
    result(0) = rows.sum();
    result.segment(1, harmonics) = columns(cosines).transpose() * rows;
    if (!even)
      result.tail(harmonics) = columns(sines).transpose() * rows;
    return result;
  }

  Vector apply(const Vector &solution) const {
    Vector result = columns(cosines) * solution.segment(1, harmonics);
    result.array() += solution(0);
    if (!even)
      result += columns(sines) * solution.tail(harmonics);
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
  bool even, odd;
  Vector value, weight;
  Matrix cosines, sines; ///< a row per sample, a column per frequency
};

} // namespace

SeriesSolver::SeriesSolver(const Samples &samples, unsigned harmonics,
                           bool even, bool odd) {
  if (harmonics <= longDoubleHarmonics)
    backend = std::make_unique<NormalEquations<long double>>(samples, harmonics,
                                                             even, odd);
  else
    backend = std::make_unique<NormalEquations<double>>(samples, harmonics,
                                                        even, odd);
}

SeriesSolver::~SeriesSolver() = default;

Series SeriesSolver::solve(double penalty, double target) const {
  return backend->solve(penalty, target);
}

double SeriesSolver::smallestPenalty() const {
  return backend->smallestPenalty();
}
