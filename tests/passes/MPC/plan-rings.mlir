// Every wire gets the smallest ring that its readers need.
// RUN: secformer-opt %s --secformer-plan-rings | FileCheck %s

// Values up to 7.5 at scale 12 are below 2^15: a reveal needs 15 bits and a
// sign. The narrowing by 12 bits before it needs 28, and so do all linear
// operations and products before that.
// CHECK-LABEL: @backwards
// CHECK-NEXT: mpc.input {{.*}} : !mpc.owned<2x2, scale 12, ring 28, by 1>
// CHECK-NEXT: mpc.mask {{.*}} -> <2x2, scale 12, ring 28>
// CHECK-NEXT: mpc.matmul {{.*}} -> !mpc.shared<2x2, scale 24, ring 28>
// CHECK-NEXT: mpc.add {{.*}} -> !mpc.shared<2x2, scale 24, ring 28>
// CHECK-NEXT: mpc.narrow {{.*}} : <2x2, scale 24, ring 28> -> <2x2, scale 12, ring 16>
// CHECK-NEXT: mpc.reveal {{.*}} : <2x2, scale 12, ring 16> -> <2x2, scale 12, ring 16, by 1>
// CHECK-NEXT: mpc.output "y" {{.*}} : <2x2, scale 12, ring 16, by 1>
func.func @backwards() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2x2, scale 12, ring 64, by 1>
  %1 = mpc.mask %0 : <2x2, scale 12, ring 64, by 1> -> <2x2, scale 12, ring 64>
  %2 = mpc.matmul %1, %1 : (!mpc.masked<2x2, scale 12, ring 64>, !mpc.masked<2x2, scale 12, ring 64>) -> !mpc.shared<2x2, scale 24, ring 64>
  %3 = mpc.add %2, %2 : (!mpc.shared<2x2, scale 24, ring 64>, !mpc.shared<2x2, scale 24, ring 64>) -> !mpc.shared<2x2, scale 24, ring 64>
  %4 = mpc.narrow %3 : <2x2, scale 24, ring 64> -> <2x2, scale 12, ring 52>
  %5 = mpc.reveal %4 bound 7.5 : <2x2, scale 12, ring 52> -> <2x2, scale 12, ring 52, by 1>
  mpc.output "y" %5 : <2x2, scale 12, ring 52, by 1>
  return
}

// A function reads as many bits as its period has; what it is given drops the
// rest, and what it gives is in the ring of its reader: 2^4 at scale 24.
// CHECK-LABEL: @function
// CHECK: %[[O:.*]] = mpc.mask {{.*}} -> <4, scale 12, ring 39>
// CHECK-NEXT: %[[R:.*]] = mpc.reduce %[[O]] : {{.*}} -> !mpc.masked<4, scale 12, ring 15>
// CHECK-NEXT: mpc.univariate @f %[[R]] : <4, scale 12, ring 15> -> <4, scale 24, ring 29>
// CHECK: mpc.mul %[[O]], %[[O]] : {{.*}} -> !mpc.shared<4, scale 24, ring 39>
func.func @function() {
  %0 = mpc.param "w" at 0 : <4, scale 12, ring 64, by 0>
  %1 = mpc.mask %0 : <4, scale 12, ring 64, by 0> -> <4, scale 12, ring 64>
  %2 = mpc.univariate @f %1 : <4, scale 12, ring 64> -> <4, scale 24, ring 64>
  %3 = mpc.reveal %2 bound 15.0 : <4, scale 24, ring 64> -> <4, scale 24, ring 64, by 1>
  mpc.output "f" %3 : <4, scale 24, ring 64, by 1>
  %4 = mpc.mul %1, %1 : (!mpc.masked<4, scale 12, ring 64>, !mpc.masked<4, scale 12, ring 64>) -> !mpc.shared<4, scale 24, ring 64>
  %5 = mpc.reveal %4 bound 16383.0 : <4, scale 24, ring 64> -> <4, scale 24, ring 64, by 1>
  mpc.output "square" %5 : <4, scale 24, ring 64, by 1>
  return
}
mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 14>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}

// A truncation ends a ring: values below 2^5 at scale 12 and two bits make 19
// before it; after it is the ring of what follows. Here it enters a larger one,
// since the reveal of a product below 2^15 at scale 20 needs 36 bits.
// CHECK-LABEL: @truncation_enters
// CHECK-NEXT: mpc.input {{.*}} : !mpc.owned<4, scale 12, ring 19, by 1>
// CHECK-NEXT: mpc.share {{.*}} -> <4, scale 12, ring 19>
// CHECK-NEXT: mpc.truncate {{.*}} : <4, scale 12, ring 19> -> <4, scale 10, ring 36>
// CHECK-NEXT: mpc.open {{.*}} -> <4, scale 10, ring 36>
// CHECK-NEXT: mpc.mul {{.*}} -> !mpc.shared<4, scale 20, ring 36>
// CHECK-NEXT: mpc.reveal
func.func @truncation_enters() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<4, scale 12, ring 64, by 1>
  %1 = mpc.share %0 : <4, scale 12, ring 64, by 1> -> <4, scale 12, ring 64>
  %2 = mpc.truncate %1 bound 31.5 : <4, scale 12, ring 64> -> <4, scale 10, ring 64>
  %3 = mpc.open %2 : <4, scale 10, ring 64> -> <4, scale 10, ring 64>
  %4 = mpc.mul %3, %3 : (!mpc.masked<4, scale 10, ring 64>, !mpc.masked<4, scale 10, ring 64>) -> !mpc.shared<4, scale 20, ring 64>
  %5 = mpc.reveal %4 bound 32767.0 : <4, scale 20, ring 64> -> <4, scale 20, ring 64, by 1>
  mpc.output "y" %5 : <4, scale 20, ring 64, by 1>
  return
}

// Nothing of the carry is left in the ring of the result: no message.
// CHECK-LABEL: @truncation_narrows
// CHECK-NOT: mpc.truncate
// CHECK: mpc.narrow {{.*}} : <4, scale 24, ring 26> -> <4, scale 12, ring 14>
// CHECK-NOT: mpc.truncate
func.func @truncation_narrows() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<4, scale 24, ring 64, by 1>
  %1 = mpc.share %0 : <4, scale 24, ring 64, by 1> -> <4, scale 24, ring 64>
  %2 = mpc.truncate %1 bound 1.0 : <4, scale 24, ring 64> -> <4, scale 12, ring 64>
  %3 = mpc.reveal %2 bound 1.0 : <4, scale 12, ring 64> -> <4, scale 12, ring 64, by 1>
  mpc.output "y" %3 : <4, scale 12, ring 64, by 1>
  return
}

// Of few elements a wider ring before costs less than a round, if there is one:
// 36 bits of the product and 28 that are dropped are 64. With 29 they are not.
// CHECK-LABEL: @narrowable
// CHECK: mpc.share {{.*}} -> <1, scale 38, ring 64>
// CHECK-NEXT: mpc.narrow {{.*}} : <1, scale 38, ring 64> -> <1, scale 10, ring 36>
// CHECK: mpc.truncate {{.*}} narrowable : <1, scale 39, ring 42> -> <1, scale 10, ring 36>
func.func @narrowable() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<1, scale 38, ring 64, by 1>
  %1 = mpc.share %0 : <1, scale 38, ring 64, by 1> -> <1, scale 38, ring 64>
  %2 = mpc.truncate %1 bound 1.0 narrowable : <1, scale 38, ring 64> -> <1, scale 10, ring 64>
  %3 = mpc.open %2 : <1, scale 10, ring 64> -> <1, scale 10, ring 64>
  %4 = mpc.mul %3, %3 : (!mpc.masked<1, scale 10, ring 64>, !mpc.masked<1, scale 10, ring 64>) -> !mpc.shared<1, scale 20, ring 64>
  %5 = mpc.reveal %4 bound 32767.0 : <1, scale 20, ring 64> -> <1, scale 20, ring 64, by 1>
  mpc.output "y" %5 : <1, scale 20, ring 64, by 1>
  %6 = mpc.relabel %1 : !mpc.shared<1, scale 38, ring 64> -> !mpc.shared<1, scale 39, ring 64>
  %7 = mpc.truncate %6 bound 1.0 narrowable : <1, scale 39, ring 64> -> <1, scale 10, ring 64>
  %8 = mpc.open %7 : <1, scale 10, ring 64> -> <1, scale 10, ring 64>
  %9 = mpc.mul %8, %8 : (!mpc.masked<1, scale 10, ring 64>, !mpc.masked<1, scale 10, ring 64>) -> !mpc.shared<1, scale 20, ring 64>
  %10 = mpc.reveal %9 bound 32767.0 : <1, scale 20, ring 64> -> <1, scale 20, ring 64, by 1>
  mpc.output "z" %10 : <1, scale 20, ring 64, by 1>
  return
}

// Readers in two rings: the wire has the larger, the other reader a reduced
// one. A product takes a wider operand as it is.
// CHECK-LABEL: @two_readers
// CHECK: %[[X:.*]] = mpc.share {{.*}} -> <4, scale 12, ring 30>
// CHECK-NEXT: mpc.reveal %[[X]] {{.*}} : <4, scale 12, ring 30>
// CHECK-NEXT: mpc.output
// CHECK-NEXT: %[[R:.*]] = mpc.reduce %[[X]] : {{.*}} -> !mpc.shared<4, scale 12, ring 20>
// CHECK-NEXT: mpc.reveal %[[R]] {{.*}} : <4, scale 12, ring 20>
// CHECK: %[[W:.*]] = mpc.mask {{.*}} -> <4, scale 12, ring 40>
// CHECK-NOT: mpc.reduce
// CHECK: mpc.mul %[[W]], %[[W]] : {{.*}} -> !mpc.shared<4, scale 24, ring 40>
// CHECK-NEXT: mpc.mul %[[W]], %[[W]] : {{.*}} -> !mpc.shared<4, scale 24, ring 35>
func.func @two_readers() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<4, scale 12, ring 64, by 1>
  %1 = mpc.share %0 : <4, scale 12, ring 64, by 1> -> <4, scale 12, ring 64>
  %2 = mpc.reveal %1 bound 131071.0 : <4, scale 12, ring 64> -> <4, scale 12, ring 64, by 1>
  mpc.output "wide" %2 : <4, scale 12, ring 64, by 1>
  %3 = mpc.reveal %1 bound 127.0 : <4, scale 12, ring 64> -> <4, scale 12, ring 64, by 1>
  mpc.output "narrow" %3 : <4, scale 12, ring 64, by 1>
  %4 = mpc.param "w" at 0 : <4, scale 12, ring 64, by 0>
  %5 = mpc.mask %4 : <4, scale 12, ring 64, by 0> -> <4, scale 12, ring 64>
  %6 = mpc.mul %5, %5 : (!mpc.masked<4, scale 12, ring 64>, !mpc.masked<4, scale 12, ring 64>) -> !mpc.shared<4, scale 24, ring 64>
  %7 = mpc.mul %5, %5 : (!mpc.masked<4, scale 12, ring 64>, !mpc.masked<4, scale 12, ring 64>) -> !mpc.shared<4, scale 24, ring 64>
  %8 = mpc.reveal %6 bound 32767.0 : <4, scale 24, ring 64> -> <4, scale 24, ring 64, by 1>
  mpc.output "product" %8 : <4, scale 24, ring 64, by 1>
  %9 = mpc.reveal %7 bound 1023.0 : <4, scale 24, ring 64> -> <4, scale 24, ring 64, by 1>
  mpc.output "small product" %9 : <4, scale 24, ring 64, by 1>
  return
}
