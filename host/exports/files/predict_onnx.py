"""The same with ONNX Runtime, without PyTorch: python3 predict_onnx.py PICTURE... (needs onnxruntime and pillow)"""

import json
import sys
from pathlib import Path

import numpy
import onnxruntime
from PIL import Image, ImageOps

FOLDER = Path(__file__).parent


def prepared(path, about):
    """A picture as [channels, height, width], as the network saw its training images."""
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert(about["color"])
    scale = min(picture.width / about["width"], picture.height / about["height"])
    width, height = scale * about["width"], scale * about["height"]
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    picture = picture.resize(
        (about["width"], about["height"]), Image.BILINEAR, (left, top, left + width, top + height)
    )
    shape = about["height"], about["width"], about["channels"]
    pixels = numpy.asarray(picture, numpy.float32).reshape(shape) / 255
    mean, deviation = numpy.float32(about["mean"]), numpy.float32(about["standard_deviation"])
    return ((pixels - mean) / deviation).transpose(2, 0, 1)


def main():
    about = json.loads((FOLDER / "preprocess.json").read_text())
    session = onnxruntime.InferenceSession(str(FOLDER / "model.onnx"), providers=["CPUExecutionProvider"])
    for path in sys.argv[1:]:
        logits = session.run(["logits"], {"images": prepared(path, about)[None]})[0][0]
        probabilities = numpy.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        best = int(probabilities.argmax())
        print(f"{path}: {about['classes'][best]} ({100 * float(probabilities[best]):.1f} %)")


if __name__ == "__main__":
    main()
