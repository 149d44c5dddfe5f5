// Messages of the type and the verifiers of comparisons.
// RUN: secformer-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{expected 1 to 4 chunks, found 5}}
func.func private @chunks(!mpc.decided<2, chunks 5, thresholds 1>)

// -----

// expected-error @below {{expected at least one threshold}}
func.func private @thresholds(!mpc.decided<2, chunks 1, thresholds 0>)

// -----

// expected-error @below {{expected positive extents, found 0}}
func.func private @extent(!mpc.decided<2x0, chunks 1, thresholds 1>)

// -----

// expected-error @below {{expected 'chunks'}}
func.func private @nochunks(!mpc.decided<2, thresholds 1>)

// -----

func.func @chunk_bits(%x: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{expected chunks of 1 to 8 bits, found 9}}
  %0 = mpc.compare %x thresholds [0] drop 2 chunks [9, 8] : <2, scale 12, ring 40> -> <2, chunks 2, thresholds 1>
  return
}

// -----

func.func @ring(%x: !mpc.masked<2, scale 12, ring 16>) {
  // expected-error @below {{compares 17 bits of a ring of 16}}
  %0 = mpc.compare %x thresholds [0] drop 2 chunks [8, 7] : <2, scale 12, ring 16> -> <2, chunks 2, thresholds 1>
  return
}

// -----

func.func @count(%x: !mpc.masked<2, scale 12, ring 17>) {
  // expected-error @below {{of 2 thresholds in 2 chunks does not give '!mpc.decided<2, chunks 2, thresholds 1>'}}
  %0 = mpc.compare %x thresholds [0, 1] drop 2 chunks [8, 7] : <2, scale 12, ring 17> -> <2, chunks 2, thresholds 1>
  return
}

// -----

func.func @shape(%x: !mpc.masked<2, scale 12, ring 17>) {
  // expected-error @below {{of 1 thresholds in 2 chunks does not give '!mpc.decided<3, chunks 2, thresholds 1>'}}
  %0 = mpc.compare %x thresholds [0] drop 2 chunks [8, 7] : <2, scale 12, ring 17> -> <3, chunks 2, thresholds 1>
  return
}

// -----

func.func @index(%d: !mpc.decided<2, chunks 2, thresholds 1>) {
  // expected-error @below {{has no threshold 1}}
  %0 = mpc.indicator %d threshold 1 : <2, chunks 2, thresholds 1> -> <2, scale 0, ring 16>
  return
}

// -----

func.func @indicator_scale(%d: !mpc.decided<2, chunks 2, thresholds 1>) {
  // expected-error @below {{expected a result of scale 0, found 12}}
  %0 = mpc.indicator %d threshold 0 : <2, chunks 2, thresholds 1> -> <2, scale 12, ring 16>
  return
}

// -----

func.func @indicator_shape(%d: !mpc.decided<2, chunks 2, thresholds 1>) {
  // expected-error @below {{expected a result of shape [2]}}
  %0 = mpc.indicator %d threshold 0 : <2, chunks 2, thresholds 1> -> <3, scale 0, ring 16>
  return
}

// -----

func.func @select_shape(%d: !mpc.decided<2, chunks 2, thresholds 1>, %x: !mpc.masked<3, scale 12, ring 17>) {
  // expected-error @below {{expected a result of shape [2]}}
  %0 = mpc.select %d threshold 0, %x - 0 : <2, chunks 2, thresholds 1>, <3, scale 12, ring 17> -> <3, scale 12, ring 17>
  return
}

// -----

func.func @select_scale(%d: !mpc.decided<2, chunks 2, thresholds 1>, %x: !mpc.masked<2, scale 12, ring 17>) {
  // expected-error @below {{expected a result of scale 12, found 11}}
  %0 = mpc.select %d threshold 0, %x - 0 : <2, chunks 2, thresholds 1>, <2, scale 12, ring 17> -> <2, scale 11, ring 17>
  return
}

// -----

func.func @select_ring(%d: !mpc.decided<2, chunks 2, thresholds 1>, %x: !mpc.masked<2, scale 12, ring 17>) {
  // expected-error @below {{operand of ring 17 is narrower than the 18 bits that its bound or the result's ring needs}}
  %0 = mpc.select %d threshold 0, %x - 0 : <2, chunks 2, thresholds 1>, <2, scale 12, ring 17> -> <2, scale 12, ring 18>
  return
}
