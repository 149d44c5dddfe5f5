#!/usr/bin/env python3
"""Makes the operator cases: cases/FAMILY.zip, for every case a model of one node
(NAME.onnx) and its inputs and results (NAME.npz).

    python3 tests/operators/make_cases.py          needs numpy, onnx, onnxruntime

Results are those of ONNX Runtime, or of onnx.reference where ONNX Runtime lacks
the operator or departs from the standard. Both are asked; the script ends with
an error if they differ and the case does not say which one is right.
"""

import io
import pathlib
import sys
import zipfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from case_tables import FAMILIES

FOLDER = pathlib.Path(__file__).resolve().parent / "cases"
MICROSOFT = "com.microsoft"
ELEMENTS = {np.dtype("float32"): TensorProto.FLOAT, np.dtype("int64"): TensorProto.INT64,
            np.dtype("int32"): TensorProto.INT32, np.dtype("bool"): TensorProto.BOOL}


def element(array):
    return ELEMENTS[array.dtype]


def model_of(case):
    """The model; operands in `known` are initializers, None is left out."""
    names = [f"x{i}" if x is not None else "" for i, x in enumerate(case.inputs)]
    outputs = [f"y{i}" if wanted else "" for i, wanted in enumerate(case.outputs)]
    node = helper.make_node(case.op, names, outputs, name=case.op, domain=case.domain,
                            **case.attributes)
    given = [helper.make_tensor_value_info(n, element(x), x.shape)
             for i, (n, x) in enumerate(zip(names, case.inputs))
             if n and i not in case.known]
    known = [numpy_helper.from_array(case.inputs[i], names[i]) for i in case.known]
    graph = helper.make_graph([node], case.op, given,
                              [onnx.ValueInfoProto(name=n) for n in outputs if n], known)
    opsets = [helper.make_opsetid("", case.opset)]
    if case.domain:
        opsets.append(helper.make_opsetid(case.domain, 1))
    return helper.make_model(graph, opset_imports=opsets, ir_version=8 if case.opset < 21 else 10)


def given_of(case):
    return {f"x{i}": x for i, x in enumerate(case.inputs)
            if x is not None and i not in case.known}


def by_runtime(model, given):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])
    return session.run(None, given)


def by_reference(model, given):
    return ReferenceEvaluator(model).run(None, given)


def same(a, b):
    return len(a) == len(b) and all(
        np.shape(x) == np.shape(y) and np.allclose(x, y, rtol=1e-4, atol=1e-5, equal_nan=True)
        for x, y in zip(a, b))


def results_of(case, model, given):
    """What the case says, or what all who know the operator agree on."""
    if case.expected is not None:
        return [np.asarray(x) for x in case.expected]
    found, troubles = {}, []
    for name, run in (("runtime", by_runtime), ("reference", by_reference)):
        if case.by not in (None, name):
            continue
        try:
            found[name] = [np.asarray(x) for x in run(model, given)]
        except Exception as error:  # whatever keeps it from an answer
            troubles.append(f"{name}: {str(error)[:160]}")
    if not found:
        raise ValueError("; ".join(troubles))
    if len(found) == 2 and not same(*found.values()):
        raise ValueError(f"they differ: {found}")
    return next(iter(found.values()))


def npz(arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def add(archive, name, contents):
    # A fixed date, so that the same cases make the same file.
    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), contents,
                     zipfile.ZIP_DEFLATED)


def main():
    FOLDER.mkdir(exist_ok=True)
    failures, total = [], 0
    for family, cases in FAMILIES.items():
        with zipfile.ZipFile(FOLDER / f"{family}.zip", "w") as archive:
            for case in cases:
                model, given = model_of(case), given_of(case)
                try:
                    results = results_of(case, model, given)
                except ValueError as error:
                    failures.append(f"{case.name}: {error}")
                    continue
                names = [f"y{i}" for i, wanted in enumerate(case.outputs) if wanted]
                del model.graph.output[:]
                model.graph.output.extend(
                    helper.make_tensor_value_info(n, element(y), y.shape)
                    for n, y in zip(names, results))
                add(archive, f"{case.name}.onnx", model.SerializeToString())
                add(archive, f"{case.name}.npz", npz(given | dict(zip(names, results))))
                total += 1
    print(f"{total} cases")
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
