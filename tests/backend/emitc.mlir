// One readable C++ statement per operation, under the name of its ONNX node.
// RUN: secformer-opt %s --secformer-to-emitc | secformer-translate --mlir-to-cpp | FileCheck %s --strict-whitespace --match-full-lines

//      CHECK:#include "runtime/Program.h"
// CHECK-NEXT:using namespace secformer::runtime;
//      CHECK:template <class... Wires>
// CHECK-NEXT:static std::vector<Wire> wires(Wires... list) { return {list...}; }
//      CHECK:// sin on [-2, 2.5]
// CHECK-NEXT:static const Univariate sine{15, 3, 2, 10, 30, -5, {14, 9}, {0, 7}, {1073741824, 0}, -8192, 10240};

//      CHECK:static const WireType type_2x2_12_30{{[{][{]}}2, 2}, 12, 30};
// CHECK-NEXT:static const WireType type_2x2_12_40{{[{][{]}}2, 2}, 12, 40};

//      CHECK:static void setup(Role & [[ROLE:v[0-9]+]]) {
// CHECK-NEXT:  Role &role = [[ROLE]];
// CHECK-NEXT:  Wire [[W:v[0-9]+]] = role.param("w \"1\"\\\303\2511", type_2x2_12_40, 0);
// CHECK-NEXT:  role.beginRound();
// CHECK-NEXT:  Wire [[MW:v[0-9]+]] = role.mask([[W]]);
// CHECK-NEXT:  role.endRound();
// CHECK-NEXT:  role.keep(0, [[W]]);
// CHECK-NEXT:  role.keep(1, [[MW]]);
// CHECK-NEXT:  return;
// CHECK-NEXT:}

// CHECK-NEXT:static void infer(Role & {{v[0-9]+}}) {
// CHECK-NEXT:  Role &role = {{v[0-9]+}};
// CHECK-NEXT:  Wire [[OW:v[0-9]+]] = role.kept(0);
// CHECK-NEXT:  Wire [[KW:v[0-9]+]] = role.kept(1);
// CHECK-NEXT:  Wire [[X:v[0-9]+]] = role.input("x", type_2x2_12_40, 1);
// CHECK-NEXT:  Wire [[C:v[0-9]+]] = role.constant({2}, {1, -0.25});
// CHECK-NEXT:  Wire [[D:v[0-9]+]] = role.constant({1, 2}, {0.5});
// CHECK-NEXT:  role.beginRound();
// CHECK-NEXT:  Wire [[P:v[0-9]+]] = role.publicInput("m", {2, 1}, 1);
// CHECK-NEXT:  Wire [[M:v[0-9]+]] = role.mask([[X]]);
// CHECK-NEXT:  role.endRound();
// CHECK-NEXT:  Wire [[E:v[0-9]+]] = role.plain(PlainOp::Div, [[C]], [[P]]);
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.plain(PlainOp::NotZero, [[E]]);
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.reshape([[E]], {4});
// CHECK-NEXT:  role.at("/layer.0/MatMul");
// CHECK-NEXT:  Wire [[A:v[0-9]+]] = role.matmul([[M]], [[KW]], type_2x2_24_40);
// CHECK-NEXT:  Wire [[T0:v[0-9]+]] = role.mulPublic([[A]], [[E]], 0);
// CHECK-NEXT:  Wire [[T1:v[0-9]+]] = role.addPublic([[T0]], [[D]]);
// CHECK-NEXT:  role.free([[A]]);
// CHECK-NEXT:  role.free([[T0]]);
// CHECK-NEXT:  role.beginRound();
// CHECK-NEXT:  role.at("/layer.0/Sin");
// CHECK-NEXT:  Wire [[T:v[0-9]+]] = role.truncate([[T1]], type_2x2_12_30);
// CHECK-NEXT:  role.endRound();
// CHECK-NEXT:  role.beginRound();
// CHECK-NEXT:  Wire [[O:v[0-9]+]] = role.open([[T]]);
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.truncateOpen([[T1]], type_2x2_12_30, {26, false});
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.truncateOpen([[T1]], type_2x2_13_64, {27, true});
// CHECK-NEXT:  role.endRound();
// CHECK-NEXT:  Wire [[U:v[0-9]+]] = role.univariate([[O]], sine, type_2x2_24_40);
// CHECK-NEXT:  Wire [[S:v[0-9]+]] = role.slice([[U]], {1, 0}, {1, 2}, {1, 1});
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.take([[U]], {1, 0, 1}, 1);
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.pad([[S]], {0, 1}, {2, 0});
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.matmulPublic([[S]], [[E]], 3);
// CHECK-NEXT:  Wire [[L:v[0-9]+]] = role.sumLast([[S]]);
// CHECK-NEXT:  Wire [[B:v[0-9]+]] = role.broadcast([[L]], {1, 3});
// CHECK-NEXT:  std::vector<Wire> [[ALL:v[0-9]+]] = wires([[S]], [[B]]);
// CHECK-NEXT:  Wire [[G:v[0-9]+]] = role.concat([[ALL]], 1);
// CHECK-NEXT:  Wire [[H:v[0-9]+]] = role.transpose([[G]], {1, 0});
// CHECK-NEXT:  Wire [[I:v[0-9]+]] = role.scaleBy([[H]], -8);
// CHECK-NEXT:  Wire [[J:v[0-9]+]] = role.relabel([[I]], 27);
// CHECK-NEXT:  Wire [[K:v[0-9]+]] = role.reduce([[J]], 39);
// CHECK-NEXT:  Wire [[N:v[0-9]+]] = role.narrow([[K]], type_5x1_12_20);
// CHECK-NEXT:  Wire [[Q:v[0-9]+]] = role.share([[OW]]);
// CHECK-NEXT:  Wire [[R:v[0-9]+]] = role.unmask([[M]]);
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.add([[Q]], [[R]]);
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.sub([[M]], [[KW]]);
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.mul([[M]], [[M]], type_2x2_24_40);
// CHECK-NEXT:  Wire {{v[0-9]+}} = role.mul3([[M]], [[KW]], [[M]], type_2x2_36_40);
// CHECK-NEXT:  role.beginRound();
// CHECK-NEXT:  Wire [[Y:v[0-9]+]] = role.reveal([[N]], 1);
// CHECK-NEXT:  role.endRound();
// CHECK-NEXT:  role.output("y", [[Y]]);
// CHECK-NEXT:  return;
// CHECK-NEXT:}
// CHECK-NEXT:int main(int argc, char **argv) {
// CHECK-NEXT:  return programMain(argc, argv,
// CHECK-NEXT:                     {SECFORMER_PROGRAM_HASH, setup, infer});
// CHECK-NEXT:}
func.func @infer() {
  %w:2 = mpc.setup -> (!mpc.owned<2x2, scale 12, ring 40, by 0>, !mpc.masked<2x2, scale 12, ring 40>) {
    %0 = mpc.param "w \221\22\\\C3\A91" at 0 : <2x2, scale 12, ring 40, by 0>
    %1 = mpc.round -> (!mpc.masked<2x2, scale 12, ring 40>) {
      %2 = mpc.mask %0 : <2x2, scale 12, ring 40, by 0> -> <2x2, scale 12, ring 40>
      mpc.yield %2 : !mpc.masked<2x2, scale 12, ring 40>
    }
    mpc.yield %0, %1 : !mpc.owned<2x2, scale 12, ring 40, by 0>, !mpc.masked<2x2, scale 12, ring 40>
  }
  %x = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2x2, scale 12, ring 40, by 1>
  %c = mpc.constant dense<[1.0, -0.25]> : tensor<2xf32>
  %d = mpc.constant dense<0.5> : tensor<1x2xf32>
  %m:2 = mpc.round -> (tensor<2x1xf32>, !mpc.masked<2x2, scale 12, ring 40>) {
    %0 = mpc.public_input "m" dtype "int64" by 1 : tensor<2x1xf32>
    %1 = mpc.mask %x : <2x2, scale 12, ring 40, by 1> -> <2x2, scale 12, ring 40>
    mpc.yield %0, %1 : tensor<2x1xf32>, !mpc.masked<2x2, scale 12, ring 40>
  }
  %e = mpc.plain div %c, %m#0 : (tensor<2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %z = mpc.plain not_zero %e : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %v = mpc.plain reshape %e : (tensor<2x2xf32>) -> tensor<4xf32>
  %a = mpc.matmul %m#1, %w#1 : (!mpc.masked<2x2, scale 12, ring 40>, !mpc.masked<2x2, scale 12, ring 40>) -> !mpc.shared<2x2, scale 24, ring 40> loc("/layer.0/MatMul")
  %t0 = mpc.mul_public %a, %e fraction_bits 0 : (!mpc.shared<2x2, scale 24, ring 40>, tensor<2x2xf32>) -> !mpc.shared<2x2, scale 24, ring 40> loc("/layer.0/MatMul")
  %t1 = mpc.add_public %t0, %d : (!mpc.shared<2x2, scale 24, ring 40>, tensor<1x2xf32>) -> !mpc.shared<2x2, scale 24, ring 40>
  mpc.free %a, %t0 : !mpc.shared<2x2, scale 24, ring 40>, !mpc.shared<2x2, scale 24, ring 40>
  %t = mpc.round -> (!mpc.shared<2x2, scale 12, ring 30>) {
    %0 = mpc.truncate %t1 bound 3.0 : <2x2, scale 24, ring 40> -> <2x2, scale 12, ring 30> loc("/layer.0/Sin")
    mpc.yield %0 : !mpc.shared<2x2, scale 12, ring 30>
  }
  %o = mpc.round -> (!mpc.masked<2x2, scale 12, ring 30>) {
    %0 = mpc.open %t : <2x2, scale 12, ring 30> -> <2x2, scale 12, ring 30> loc("/layer.0/Sin")
    %1 = mpc.truncate_open %t1 bound 3.0 : <2x2, scale 24, ring 40> -> <2x2, scale 12, ring 30> loc("/layer.0/Sin")
    %2 = mpc.truncate_open %t1 bound 4.0 statistical : <2x2, scale 24, ring 40> -> <2x2, scale 13, ring 64> loc("/layer.0/Sin")
    mpc.yield %0 : !mpc.masked<2x2, scale 12, ring 30>
  }
  %u = mpc.univariate @sine %o : <2x2, scale 12, ring 30> -> <2x2, scale 24, ring 40>
  %s = mpc.slice %u from [1, 0] by [1, 1] : !mpc.shared<2x2, scale 24, ring 40> -> !mpc.shared<1x2, scale 24, ring 40>
  %ta = mpc.take %u [1, 0, 1] axis 1 : !mpc.shared<2x2, scale 24, ring 40> -> !mpc.shared<2x3, scale 24, ring 40>
  %pa = mpc.pad %s low [0, 1] high [2, 0] : !mpc.shared<1x2, scale 24, ring 40> -> !mpc.shared<3x3, scale 24, ring 40>
  %mp = mpc.matmul_public %s, %e fraction_bits 3 : (!mpc.shared<1x2, scale 24, ring 40>, tensor<2x2xf32>) -> !mpc.shared<1x2, scale 27, ring 40>
  %l = mpc.sum_last %s : !mpc.shared<1x2, scale 24, ring 40> -> !mpc.shared<1x1, scale 24, ring 40>
  %b = mpc.broadcast %l : !mpc.shared<1x1, scale 24, ring 40> -> !mpc.shared<1x3, scale 24, ring 40>
  %g = mpc.concat %s, %b axis 1 : (!mpc.shared<1x2, scale 24, ring 40>, !mpc.shared<1x3, scale 24, ring 40>) -> !mpc.shared<1x5, scale 24, ring 40>
  %h = mpc.transpose %g [1, 0] : !mpc.shared<1x5, scale 24, ring 40> -> !mpc.shared<5x1, scale 24, ring 40>
  %i = mpc.scale_by %h, -8 : !mpc.shared<5x1, scale 24, ring 40> -> !mpc.shared<5x1, scale 24, ring 40>
  %j = mpc.relabel %i : !mpc.shared<5x1, scale 24, ring 40> -> !mpc.shared<5x1, scale 27, ring 40>
  %k = mpc.reduce %j : !mpc.shared<5x1, scale 27, ring 40> -> !mpc.shared<5x1, scale 27, ring 39>
  %n = mpc.narrow %k : <5x1, scale 27, ring 39> -> <5x1, scale 12, ring 20>
  %q = mpc.share %w#0 : <2x2, scale 12, ring 40, by 0> -> <2x2, scale 12, ring 40>
  %r = mpc.unmask %m#1 : <2x2, scale 12, ring 40> -> <2x2, scale 12, ring 40>
  %qr = mpc.add %q, %r : (!mpc.shared<2x2, scale 12, ring 40>, !mpc.shared<2x2, scale 12, ring 40>) -> !mpc.shared<2x2, scale 12, ring 40>
  %mw = mpc.sub %m#1, %w#1 : (!mpc.masked<2x2, scale 12, ring 40>, !mpc.masked<2x2, scale 12, ring 40>) -> !mpc.masked<2x2, scale 12, ring 40>
  %mm = mpc.mul %m#1, %m#1 : (!mpc.masked<2x2, scale 12, ring 40>, !mpc.masked<2x2, scale 12, ring 40>) -> !mpc.shared<2x2, scale 24, ring 40>
  %m3 = mpc.mul3 %m#1, %w#1, %m#1 : (!mpc.masked<2x2, scale 12, ring 40>, !mpc.masked<2x2, scale 12, ring 40>, !mpc.masked<2x2, scale 12, ring 40>) -> !mpc.shared<2x2, scale 36, ring 40>
  %y = mpc.round -> (!mpc.owned<5x1, scale 12, ring 20, by 1>) {
    %0 = mpc.reveal %n bound 3.0 : <5x1, scale 12, ring 20> -> <5x1, scale 12, ring 20, by 1>
    mpc.yield %0 : !mpc.owned<5x1, scale 12, ring 20, by 1>
  }
  mpc.output "y" %y : <5x1, scale 12, ring 20, by 1>
  return
}
mpc.fit @sine "sin" on [-2.0, 2.5] error 0.001 attributes {coefficient_bits = 30 : i32, constant = -5 : i64, cosine = array<i64: 0, 7>, dealt_bits = array<i32: 14, 9>, factor_bits = 10 : i32, first_frequency = 3 : i32, frequency_step = 2 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1073741824, 0>}
