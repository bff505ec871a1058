"""Runs each file of an export on the same images, and writes how its logits differ into verified.json."""

import json
import sys
from pathlib import Path

import numpy

FOLDER = Path(sys.argv[1])
WORK = Path(sys.argv[2])
TASK = json.loads((WORK / "task.json").read_text())
BATCH = 100


def torch_runner(network):
    import torch

    def run(images):
        with torch.no_grad():
            return network(torch.from_numpy(images)).numpy()

    return run


def pytorch():
    sys.path.insert(0, str(FOLDER))
    import model

    return torch_runner(model.load(FOLDER))


def torchscript():
    import torch

    return torch_runner(torch.jit.load(str(FOLDER / "model.pt")).eval())


def onnx():
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(FOLDER / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )
    return lambda images: session.run(["logits"], {"images": images})[0]


def safetensors():
    import torch

    sys.path.insert(0, str(FOLDER))
    import model

    content = (FOLDER / "weights.safetensors").read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    weights = {
        name: torch.from_numpy(
            numpy.frombuffer(content[8 + length :][slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).copy()
        )
        for name, entry in header.items()
    }
    network = model.Network()
    network.load_state_dict(weights)
    return torch_runner(network.eval())


def check(make, images, expected, labels):
    try:
        run = make()
    except ImportError as error:
        return {"missing": error.name or str(error)}
    logits = numpy.concatenate([run(images[i : i + BATCH]) for i in range(0, len(images), BATCH)])
    compared = expected[: len(logits)]
    difference = numpy.abs(logits[: len(compared)] - compared).max()
    result = {"difference": float(numpy.nan_to_num(difference, nan=1e30, posinf=1e30))}
    if labels is not None:
        result["accuracy"] = float(100 * (logits.argmax(1) == labels).mean())
    return result


def main():
    about = json.loads((FOLDER / "preprocess.json").read_text())
    pixels = numpy.fromfile(WORK / "pixels.bin", numpy.uint8)
    pixels = pixels.reshape(-1, about["channels"], about["height"], about["width"])
    mean, deviation = (
        numpy.float32(about[name]).reshape(1, -1, 1, 1) for name in ("mean", "standard_deviation")
    )
    images = (pixels.astype(numpy.float32) / numpy.float32(255) - mean) / deviation
    expected = numpy.fromfile(WORK / "logits.bin", numpy.float32).reshape(-1, len(about["classes"]))
    labels = numpy.fromfile(WORK / "labels.bin", numpy.uint16) if TASK["labels"] else None
    makers = {"pytorch": pytorch, "torchscript": torchscript, "onnx": onnx, "safetensors": safetensors}
    results = {name: check(makers[name], images, expected, labels) for name in TASK["formats"]}
    largest = float(numpy.abs(expected).max())
    (WORK / "verified.json").write_text(json.dumps({"formats": results, "largest": largest}))


if __name__ == "__main__":
    main()
