#include "contract/dataset_files.h"

#include <gtest/gtest.h>
#include <matio.h>
#include <png.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "plugins/datasets/gzip_file.h"

namespace espalier::testing {
namespace {

namespace fs = std::filesystem;

fs::path root() { return fs::path(::testing::TempDir()) / ("espalier_contract_" + std::to_string(getpid())); }

/// Bytes of an image that no other `number` has.
std::string pixels(std::size_t length, unsigned number) {
  std::string bytes;
  for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>((number + i * 7 + i / 256) % 256);
  return bytes;
}

/// Images of every class, in records of `prefix` label bytes and pixels.
std::string records(unsigned classes, std::size_t length, unsigned first_number,
                    std::size_t coarse_bytes = 0) {
  std::string all;
  for (unsigned label = 0; label < classes; ++label)
    all += std::string(coarse_bytes, '\0') + static_cast<char>(label) + pixels(length, first_number + label);
  return all;
}

void write(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  write_bytes(file, bytes);
}

void write_cifar(const fs::path& folder) {
  for (unsigned i = 1; i <= 5; ++i)
    write(folder / "cifar10" / ("data_batch_" + std::to_string(i) + ".bin"), records(10, 3072, 20 * i));
  write(folder / "cifar10" / "test_batch.bin", records(10, 3072, 130));
  write(folder / "cifar100" / "train.bin", records(100, 3072, 0, 1));
  write(folder / "cifar100" / "test.bin", records(100, 3072, 120, 1));
}

void write_imagenet16(const fs::path& folder) {
  write(folder / "imagenet16_120" / "train.bin", records(120, 768, 0));
  write(folder / "imagenet16_120" / "test.bin", records(120, 768, 130));
}

void write_fashion_mnist(const fs::path& folder) {
  const auto big_endian = [](unsigned number) {
    return std::string{static_cast<char>(number >> 24), static_cast<char>(number >> 16),
                       static_cast<char>(number >> 8), static_cast<char>(number)};
  };
  for (const std::string split : {"train", "t10k"}) {
    std::string images = big_endian(0x803) + big_endian(10) + big_endian(28) + big_endian(28);
    std::string labels = big_endian(0x801) + big_endian(10);
    for (unsigned label = 0; label < 10; ++label) {
      images += pixels(784, label + (split == "train" ? 0 : 100));
      labels += static_cast<char>(label);
    }
    write(folder / "fashion_mnist" / (split + "-images-idx3-ubyte.gz"), deflated(images));
    write(folder / "fashion_mnist" / (split + "-labels-idx1-ubyte.gz"), deflated(labels));
  }
}

void write_variable(mat_t* out, const char* name, std::vector<std::size_t> sizes, std::string bytes) {
  matvar_t* const variable = Mat_VarCreate(name, MAT_C_UINT8, MAT_T_UINT8, static_cast<int>(sizes.size()),
                                           sizes.data(), bytes.data(), 0);
  Mat_VarWrite(out, variable, MAT_COMPRESSION_ZLIB);
  Mat_VarFree(variable);
}

void write_svhn(const fs::path& folder) {
  fs::create_directories(folder / "svhn");
  for (const std::string split : {"train", "test"}) {
    std::string images;
    std::string labels;
    for (unsigned digit = 1; digit <= 10; ++digit) {
      images += pixels(3072, digit + (split == "train" ? 0 : 100));
      labels += static_cast<char>(digit);
    }
    mat_t* const out =
        Mat_CreateVer((folder / "svhn" / (split + "_32x32.mat")).c_str(), nullptr, MAT_FT_MAT5);
    write_variable(out, "X", {32, 32, 3, 10}, images);
    write_variable(out, "y", {10, 1}, labels);
    Mat_Close(out);
  }
}

void write_pictures(const fs::path& folder) {
  unsigned number = 0;
  for (const char* place : {"train/cats", "train/dogs", "test/cats", "test/dogs"}) {
    fs::create_directories(folder / "image_folder" / place);
    for (const char* name : {"a.png", "b.png"}) {
      png_image image = {};
      image.version = PNG_IMAGE_VERSION;
      image.width = 4;
      image.height = 4;
      image.format = PNG_FORMAT_GRAY;
      const std::string gray = pixels(16, number += 20);
      png_image_write_to_file(&image, (folder / "image_folder" / place / name).c_str(), 0, gray.data(), 0,
                              nullptr);
    }
  }
}

class DatasetFiles final : public ::testing::Environment {
 public:
  void SetUp() override {
    write_cifar(root());
    write_imagenet16(root());
    write_fashion_mnist(root());
    write_svhn(root());
    write_pictures(root());
  }
  void TearDown() override { fs::remove_all(root()); }
};

[[maybe_unused]] const auto* const environment = ::testing::AddGlobalTestEnvironment(new DatasetFiles);

}  // namespace

std::string data_folder(const std::string& dataset) {
  return "{folder: " + (root() / dataset).string() + "}";
}

}  // namespace espalier::testing
