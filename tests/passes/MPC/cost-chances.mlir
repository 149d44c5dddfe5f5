// How rarely a program fails and how well it hides, by hand.
// RUN: secformer-opt %s -split-input-file --secformer-cost -o /dev/null | FileCheck %s
// RUN: secformer-opt %s -split-input-file --secformer-cost=json=true -o /dev/null | FileCheck %s --check-prefix=JSON

// Values up to 2^4 at scale 24 wrap in a ring of 64 for 2^28 of 2^64 masks: 64
// of them fail with 2^(6 - 36). In a ring of 64 less 12 no wrap is seen. Twice
// 512 bytes of 64 bits, 480 of 60 and 416 of 52 dealt.
// CHECK: one inference                                1          1024          1024           896
// CHECK: truncate_open                                         1024          1024           896
// CHECK: a truncation fails with probability at most 2^-30.0 per inference
// CHECK-NOT: apart
// JSON: "failure_bound": 9.31322574615478{{[0-9]*[eE]}}-10,
// JSON: "hiding_bound": 0,
func.func @merged(%x: !mpc.shared<64, scale 24, ring 64>) {
  mpc.round {
    %0 = mpc.truncate_open %x bound 16.0 : <64, scale 24, ring 64> -> <64, scale 12, ring 60>
    %1 = mpc.truncate_open %x bound 16.0 : <64, scale 24, ring 64> -> <64, scale 12, ring 52>
  }
  return
}

// -----

// Masks of 2^62 each: values 2^29 apart differ by 2^-33, 64 of them by 2^-27,
// and as much again.
// CHECK: truncations never fail
// CHECK-NEXT: what the parties see for two inputs is at most 2^-26.0 apart
// JSON: "failure_bound": 0,
// JSON: "hiding_bound": 1.49011611938476{{[0-9]*[eE]}}-08,
func.func @statistical(%x: !mpc.shared<64, scale 24, ring 64>) {
  mpc.round {
    %0 = mpc.truncate_open %x bound 16.0 statistical : <64, scale 24, ring 64> -> <64, scale 12, ring 40>
    %1 = mpc.truncate_open %x bound 16.0 statistical : <64, scale 24, ring 64> -> <64, scale 13, ring 64>
  }
  return
}

// -----

// CHECK: truncations never fail
// CHECK-NOT: apart
// JSON: "hiding_bound": 0,
func.func @exact(%x: !mpc.shared<64, scale 24, ring 64>) {
  mpc.round {
    %0 = mpc.truncate %x bound 16.0 : <64, scale 24, ring 64> -> <64, scale 12, ring 53>
  }
  return
}
