"""Tests scripts/convert-nasbench301 on ensembles that real wheels pickled, and on hostile pickles."""
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import pickle
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = SOURCE / "scripts" / "convert-nasbench301"
FIXTURES = sorted(path.parent for path in (SOURCE / "tests/fixtures/nasbench301").glob("*/expected.json"))
OFFICIAL = SOURCE / "tests/fixtures/nasbench301/xgboost-1.0.2_lightgbm-2.3.1"
PICKLES = sorted((SOURCE / "tests/fixtures/nasbench301").rglob("*surrogate_model.model"))

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("convert_nasbench301", str(SCRIPT))
converter = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(converter)


def documented_refusals():
    """{title: message} of the table in the docs."""
    text = (SOURCE / "docs/nasbench301.md").read_text()
    return dict(re.findall(r"^\| ([^|]+) \| convert-nasbench301: (.+) \|$", text, re.MULTILINE))


def short_text(text):
    data = text.encode()
    return b"\x8c" + bytes([len(data)]) + data


def global_name(module, name):
    return f"c{module}\n{name}\n".encode()


def booster_pickle(handle, name="xgboost.core Booster", more=b""):
    """A Booster with this state, as protocol 3 spells it."""
    module, attribute = name.split(" ")
    return (b"\x80\x03" + global_name(module, attribute) + b")\x81}" + b"(X\x06\x00\x00\x00handle" + handle + more
            + b"ub.")


def long_bytes(data):
    return b"B" + struct.pack("<I", len(data)) + data


def model(base_score="8.8E1", version=(1, 3, 0), objective="reg:squarederror", split_type=0, left=1):
    """A model with one tree, a stump, as XGBoost spells it in JSON."""
    tree = {"left_children": [left, -1, -1], "right_children": [2, -1, -1], "split_indices": [36, 0, 0],
            "split_conditions": [2.5, -0.5, 0.25], "split_type": [split_type, 0, 0]}
    return {"learner": {"learner_model_param": {"base_score": base_score, "num_feature": "56"},
                        "objective": {"name": objective},
                        "gradient_booster": {"name": "gbtree", "model": {"trees": [tree]}}},
            "version": list(version)}


STUMP = (b"NB301XGB" + struct.pack("<IIfI", 1, 56, 88, 1) + struct.pack("<I3i3i3I3f", 3, 1, -1, -1, 2, -1, -1, 36, 0, 0,
                                                                  2.5, -0.5, 0.25))


class TemporaryFolderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.marker = self.folder / "marker"

    def ensemble(self, pickled, kind="xgb", name="ensemble"):
        """A folder in the official layout with one member."""
        member = self.folder / name / "ensemble_member_0"
        member.mkdir(parents=True)
        (member / "surrogate_model.model").write_bytes(pickled)
        (member / "model_config.json").write_text(json.dumps({"model": kind}))
        return self.folder / name

    def run_script(self, folder, out="out"):
        return subprocess.run([sys.executable, SCRIPT, folder, "-o", self.folder / out], capture_output=True,
                              text=True, timeout=60, cwd=self.folder)

    def refusal(self, folder):
        """The message, without the folder of this test; nothing is left behind."""
        result = self.run_script(folder)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertFalse((self.folder / "out").exists())
        self.assertFalse((self.folder / "out.partial").exists())
        self.assertFalse(self.marker.exists())
        return result.stderr.strip().replace(f"{self.folder}/", "").removeprefix("convert-nasbench301: ")


class ConversionTest(TemporaryFolderTest):
    def test_every_version_is_converted_to_what_the_readers_are_tested_with(self):
        self.assertEqual(len(FIXTURES), 4)
        for fixture in FIXTURES:
            for kind in ("xgb", "lgb_time"):
                out = self.folder / fixture.name / kind
                result = self.run_script(fixture / kind, out)
                self.assertEqual(result.returncode, 0, result.stderr)
                expected = fixture / f"{kind}_converted"
                self.assertEqual(sorted(os.listdir(out)), sorted(os.listdir(expected)))
                for file in os.listdir(expected):
                    self.assertEqual((out / file).read_bytes(), (expected / file).read_bytes(), expected / file)

    def test_the_list_says_what_the_members_are(self):
        surrogate = converter.convert(OFFICIAL / "xgb", self.folder / "out")
        self.assertEqual(surrogate["library"], "xgboost")
        self.assertEqual(surrogate["target"], "validation_accuracy")
        for index, member in enumerate(surrogate["members"]):
            data = (self.folder / "out" / member["file"]).read_bytes()
            self.assertEqual(member["bytes"], len(data))
            self.assertEqual(member["crc32"], f"{zlib.crc32(data):08x}")
            self.assertEqual(member["version"], "1.0.2")
            self.assertEqual(member["source"], f"ensemble_member_{index}/surrogate_model.model")

    def test_members_are_in_the_order_of_their_numbers(self):
        pickled = (OFFICIAL / "xgb/ensemble_member_0/surrogate_model.model").read_bytes()
        for index in range(11):
            member = self.ensemble(pickled, name=f"many/m{index}").parent / f"m{index}" / "ensemble_member_0"
            member.rename(self.folder / "many" / f"ensemble_member_{index}")
            (self.folder / "many" / f"m{index}").rmdir()
        surrogate = converter.convert(self.folder / "many", self.folder / "out")
        self.assertEqual([member["source"].split("/")[0] for member in surrogate["members"]],
                         [f"ensemble_member_{index}" for index in range(11)])

    def test_what_a_mac_leaves_in_an_archive_is_no_member(self):
        shutil.copytree(OFFICIAL / "xgb", self.folder / "mac/xgb")
        litter = self.folder / "mac/__MACOSX/ensemble_member_0"
        litter.mkdir(parents=True)
        (litter / "._surrogate_model.model").write_bytes(b"\0\5\x16\7")
        surrogate = converter.convert(self.folder / "mac", self.folder / "out")
        self.assertEqual(len(surrogate["members"]), 2)

    def test_a_model_that_json_was_asked_for_is_read(self):
        pickled = booster_pickle(long_bytes(json.dumps({"Config": {}, "Model": model()}).encode()))
        surrogate = converter.convert(self.ensemble(pickled), self.folder / "out")
        self.assertEqual(surrogate["members"][0]["version"], "1.3.0")
        self.assertEqual((self.folder / "out/member_0.trees").read_bytes(), STUMP)

    def test_the_same_model_is_read_from_ubjson(self):
        # Since 3.1 the base score is a list.
        newest = model(base_score="[8.8E1]", version=[3, 2, 0])
        pickled = booster_pickle(long_bytes(ubjson({"Config": {}, "Model": newest})))
        surrogate = converter.convert(self.ensemble(pickled), self.folder / "out")
        self.assertEqual(surrogate["members"][0]["version"], "3.2.0")
        self.assertEqual((self.folder / "out/member_0.trees").read_bytes(), STUMP)

    def test_only_the_trees_that_predict_are_listed(self):
        text = "tree\nversion=v3\nend of trees\n\nparameters:\n".encode()
        more = b"X\x0e\x00\x00\x00best_iterationK\x07"
        handle = b"X" + struct.pack("<I", len(text)) + text
        pickled = booster_pickle(handle, "lightgbm.basic Booster", more)
        surrogate = converter.convert(self.ensemble(pickled, "lgb"), self.folder / "out")
        self.assertEqual(surrogate["members"][0]["trees"], 7)


class HostilePickleTest(TemporaryFolderTest):
    def command(self):
        return f"touch {self.marker}"

    def test_the_command_would_make_the_marker(self):
        pickle.loads(global_name("os", "system") + b"(X" + struct.pack("<I", len(self.command()))
                     + self.command().encode() + b"tR.")
        self.assertTrue(self.marker.exists())

    def test_nothing_is_run(self):
        command = self.command()
        text = short_text(command)
        line = f"V{command}\n".encode()
        booster = global_name("xgboost.core", "Booster")
        hostile = {
            "REDUCE": global_name("os", "system") + b"(" + text + b"tR.",
            "posix": global_name("posix", "system") + b"(" + text + b"tR.",
            "eval": global_name("builtins", "eval") + b"(" + short_text(f"__import__('os').system('{command}')") + b"tR.",
            "STACK_GLOBAL": b"\x80\x04" + short_text("os") + short_text("system") + b"\x93" + text + b"\x85R.",
            "dotted": b"\x80\x04" + short_text("xgboost.core") + short_text("Booster.__init__.__globals__") + b"\x93.",
            "name in memo": b"\x80\x04" + short_text("os") + b"\x94" + short_text("system") + b"\x940h\x00h\x01\x93"
                            + text + b"\x85R.",
            "STACK_GLOBAL of bytes": b"\x80\x04C\x02osC\x06system\x93" + text + b"\x85R.",
            "INST": b"(" + line + b"ios\nsystem\n.",
            "OBJ": b"(" + global_name("os", "system") + line + b"o.",
            "NEWOBJ": global_name("os", "system") + b"(" + text + b"t\x81.",
            "NEWOBJ_EX": b"\x80\x04" + booster + b")}\x92.",
            "EXT1": b"\x80\x02\x82\x01.", "EXT2": b"\x80\x02\x83\x01\x00.", "EXT4": b"\x80\x02\x84\x01\x00\x00\x00.",
            "PERSID": b"Pfile\n.", "BINPERSID": short_text("file") + b"Q.",
            "BUILD of a name": booster + b"}(" + short_text("__setstate__") + global_name("os", "system") + b"ub.",
            "REDUCE of bytes": b"C\x06systemC\x01x\x85R.",
            "REDUCE of a call": booster + b")R)R.",
            "NEXT_BUFFER": b"\x80\x05\x97.", "READONLY_BUFFER": b"\x80\x05N\x98.",
            "EMPTY_SET": b"\x80\x04\x8f.", "FROZENSET": b"\x80\x04(\x91.",
        }
        for title, pickled in hostile.items():
            with self.subTest(title):
                folder = self.ensemble(pickled, name=title.replace(" ", "_"))
                message = self.refusal(folder)
                self.assertIn("surrogate_model.model: ", message)
                self.assertRegex(message, "the pickle |not a whole pickle")

    def test_a_hostile_pickle_inside_of_a_booster_is_refused(self):
        hostile = b"X\x01\x00\x00\x00a" + global_name("os", "system") + b"(" + short_text(self.command()) + b"tR"
        message = self.refusal(self.ensemble(booster_pickle(long_bytes(b"model"), more=hostile)))
        self.assertIn("os.system", message)

    def test_nothing_huge_is_allocated(self):
        huge = {
            "memo": b"N" + b"r" + struct.pack("<I", 0xFFFFFFFF) + b"0" + b"N.",
            "bytes": b"\x80\x04\x8e" + struct.pack("<Q", 1 << 62) + b"x.",
            "bytearray": b"\x80\x05\x96" + struct.pack("<Q", 1 << 62) + b"x.",
            "text": b"\x80\x04\x8d" + struct.pack("<Q", 1 << 62) + b"x.",
            "frame": b"\x80\x04\x95" + struct.pack("<Q", 1 << 62) + b"N.",
            "digits": b"I" + b"9" * 100_000 + b"\n.",
            "long": b"\x8b" + struct.pack("<i", 0x7FFFFFFF) + b"x.",
        }
        limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29)); " \
                  "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
        for title, pickled in huge.items():
            with self.subTest(title):
                folder = self.ensemble(pickled, name=title)
                result = subprocess.run([sys.executable, "-c", limited, SCRIPT, folder, "-o", self.folder / "out"],
                                        capture_output=True, text=True, timeout=60)
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertIn("convert-nasbench301: ", result.stderr)
                self.assertNotIn("Traceback", result.stderr)

    def test_nothing_grows_without_end(self):
        pair = b"h\x00h\x00\x86q\x00"  # a pair of itself, kept in its place: it doubles
        growing = {
            "key": b"Nq\x00" + pair * 60 + b"}h\x00Ns.",
            "nesting": b"]" * 200_000 + b"a" * 199_999 + b".",
            "instructions": b"N0" * 600_000 + b".",
        }
        for title, pickled in growing.items():
            with self.subTest(title):
                self.assertIn("the pickle ", self.refusal(self.ensemble(pickled, name=title)))

    def test_a_model_that_nests_without_end_is_refused(self):
        for title, data in {"json": b'{"a":' * 100_000, "ubjson": b"{L" + struct.pack(">q", 1) + b"a" + b"[" * 100_000}.items():
            with self.subTest(title):
                self.refusal(self.ensemble(booster_pickle(long_bytes(data)), name=title))


class DamageTest(TemporaryFolderTest):
    """A damaged pickle is converted or refused; whatever else it leads to is a mistake."""

    def try_all(self, variants):
        refused = 0
        for path, data in variants:
            library = "lightgbm" if "lgb" in str(path) else "xgboost"
            try:
                state = converter.state_of_booster(data, library)
                converter.xgboost_model(state) if library == "xgboost" else converter.lightgbm_model(state)
            except converter.Refused:
                refused += 1
            except RecursionError:
                refused += 1
        return refused

    def test_every_part_of_a_pickle_is_refused(self):
        variants = [(path, path.read_bytes()[:end]) for path in PICKLES
                    for end in range(0, path.stat().st_size - 1, 41)]
        self.assertEqual(self.try_all(variants), len(variants))

    def test_changed_bytes_do_no_harm(self):
        rng = random.Random(0)
        variants = []
        for path in PICKLES:
            whole = path.read_bytes()
            for _ in range(150):
                data = bytearray(whole)
                for _ in range(rng.choice((1, 1, 8))):
                    data[rng.randrange(min(len(data), rng.choice((100, 10_000))))] = rng.randrange(256)
                variants.append((path, bytes(data)))
        self.assertGreater(self.try_all(variants), 0)


class RefusalTest(TemporaryFolderTest):
    """Every row of the table in docs/nasbench301.md, made and read."""

    def rows(self):
        official = OFFICIAL / "xgb"
        pickled = (official / "ensemble_member_0/surrogate_model.model").read_bytes()

        def copy(change):
            def make():
                shutil.copytree(official, self.folder / "xgb_v0.9")
                change(self.folder / "xgb_v0.9" / "ensemble_member_1")
                return self.folder / "xgb_v0.9"
            return make

        def configured(text):
            return copy(lambda member: (member / "model_config.json").write_text(text))

        def pickled_as(data):
            return copy(lambda member: (member / "surrogate_model.model").write_bytes(data))

        def nothing():
            (self.folder / "empty").mkdir()
            return self.folder / "empty"

        def out_exists():
            (self.folder / "out").mkdir()
            return official

        def two_ensembles():
            for name in ("xgb_v0.9", "xgb_v1.0"):
                shutil.copytree(official, self.folder / "models" / name)
            return self.folder / "models"

        def of_model(**changes):
            return pickled_as(booster_pickle(long_bytes(ubjson({"Config": {}, "Model": model(**changes)}))))

        return {
            "no folder": lambda: self.folder / "gone",
            "a folder without members": nothing,
            "a member without its configuration": copy(lambda member: (member / "model_config.json").unlink()),
            "a configuration that is not JSON": configured("{"),
            "members of two kinds": configured('{"model": "gnn_gin"}'),
            "a surrogate that is a graph network": lambda: self.ensemble(pickled, "gnn_gin", "gnn_gin_v0.9"),
            "one that reads another encoding": configured('{"model": "xgb", "param:bananas_enc": true}'),
            "half a pickle": pickled_as(pickled[: len(pickled) // 2]),
            "a pickle that would run a command": pickled_as(global_name("os", "system") + b"(Vid\ntR."),
            "a pickle with an instruction that makes objects": pickled_as(b"(Vid\nios\nsystem\n."),
            "a pickle of something else": pickled_as(pickle.dumps([1, 2])),
            "a Booster of the other library": lambda: self.ensemble(pickled, "lgb", "lgb_v0.9"),
            "a Booster that was never trained": pickled_as(booster_pickle(b"N")),
            "half a model": pickled_as(booster_pickle(long_bytes(ubjson({"Config": {}, "Model": model()})[:200]))),
            "a classifier": of_model(objective="binary:logistic"),
            "categorical splits": of_model(split_type=1),
            "a model of another shape": pickled_as(booster_pickle(long_bytes(b'{"Model": {"version": [1, 3, 0]}}'))),
            "one member of an ensemble": lambda: copy(lambda member: None)() / "ensemble_member_1",
            "two ensembles": two_ensembles,
            "a configuration without a model": configured("{}"),
            "a folder that exists already": out_exists,
        }

    def test_each_is_as_documented(self):
        documented = documented_refusals()
        rows = self.rows()
        self.assertEqual(sorted(documented), sorted(rows))
        for title, make in rows.items():
            with self.subTest(title):
                folder = make()
                result = self.run_script(folder)
                message = result.stderr.strip().replace(f"{self.folder}/", "")
                self.assertEqual(result.returncode, 1)
                self.assertEqual(message, f"convert-nasbench301: {documented[title]}")
                for entry in self.folder.iterdir():
                    shutil.rmtree(entry)


def ubjson(value):
    if isinstance(value, dict):
        return b"{" + b"".join(ubjson_text(key) + ubjson(item) for key, item in value.items()) + b"}"
    if isinstance(value, list):
        return b"[#L" + struct.pack(">q", len(value)) + b"".join(map(ubjson, value))
    if isinstance(value, int):
        return b"i" + struct.pack(">b", value)
    if isinstance(value, float):
        return b"d" + struct.pack(">f", value)
    return b"S" + ubjson_text(value)


def ubjson_text(text):
    return b"L" + struct.pack(">q", len(text)) + text.encode()


if __name__ == "__main__":
    unittest.main()
