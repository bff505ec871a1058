"""Classifies pictures: python3 predict.py PICTURE... (needs torch and pillow)"""

import json
import sys
from pathlib import Path

import torch
from PIL import Image, ImageOps

import model

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
    pixels = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8).view(shape).permute(2, 0, 1)
    mean = torch.tensor(about["mean"]).view(-1, 1, 1)
    deviation = torch.tensor(about["standard_deviation"]).view(-1, 1, 1)
    return (pixels / 255 - mean) / deviation


def main():
    about = json.loads((FOLDER / "preprocess.json").read_text())
    network = model.load(FOLDER)
    for path in sys.argv[1:]:
        with torch.no_grad():
            probabilities = network(prepared(path, about)[None]).softmax(1)[0]
        best = int(probabilities.argmax())
        print(f"{path}: {about['classes'][best]} ({100 * float(probabilities[best]):.1f} %)")


if __name__ == "__main__":
    main()
