"""Times networks in ONNX Runtime: answers each line of JSON on its standard input with one, until that ends.

    python3 onnx_helper.py [FOLDER]    FOLDER is removed in the end: where the search was killed, nobody else does so

It begins with a line that says its versions, or why ONNX Runtime is missing.
"""

import gc
import json
import os
import platform
import shutil
import sys
import time

# What libraries print is no answer.
ANSWERS = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

CLOCKS = {"cpu": time.thread_time_ns, "wall": time.perf_counter_ns}


def answer(**values):
    print(json.dumps(values), file=ANSWERS, flush=True)


class Networks:
    def __init__(self, numpy, onnxruntime):
        self.numpy = numpy
        self.onnxruntime = onnxruntime
        self.loaded = {}

    def load(self, network, file, images, threads):
        options = self.onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.execution_mode = self.onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = 3
        session = self.onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        pixels = self.numpy.random.default_rng(0).uniform(-1, 1, images).astype(self.numpy.float32)
        self.loaded[network] = (session, {"images": pixels})
        return {}

    def run(self, network, clock):
        session, inputs = self.loaded[network]
        now = CLOCKS[clock]
        begin = now()
        session.run(["logits"], inputs)
        return {"nanoseconds": now() - begin}

    def drop(self, network):
        del self.loaded[network]
        return {}


def main():
    try:
        import numpy
        import onnxruntime
    except ImportError as error:
        return answer(missing=str(error))
    gc.disable()  # it would run while a network is timed
    answer(onnxruntime=onnxruntime.__version__, python=platform.python_version())
    networks = Networks(numpy, onnxruntime)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer(**getattr(networks, question.pop("do"))(**question))
        except Exception as error:
            answer(error=str(error))


if __name__ == "__main__":
    try:
        main()
    finally:
        for folder in sys.argv[1:]:
            shutil.rmtree(folder, ignore_errors=True)
