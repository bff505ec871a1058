// What styles.js says of its colors: how far apart they are for every kind of color vision, and their
// contrast on white and on the dark background of page.css. Arguments: styles.js, page.css.
const fs = require('fs');

const [styles, css] = process.argv.slice(2).map((file) => fs.readFileSync(file, 'utf8'));
const colors = styles.match(/COLORS = \[([^\]]*)\]/)[1].match(/#[0-9a-f]{6}/g);
const dark = css.match(/dark\) \{[^}]*--background: (#[0-9a-f]{6})/)[1];

// Of linear RGB: normal vision, and without one kind of cones (Machado et al., 2009, severity 1).
const VISIONS = [
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
  [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
];

function linear(color) {
  return [1, 3, 5]
      .map((i) => parseInt(color.slice(i, i + 2), 16) / 255)
      .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
}

function times(matrix, vector) {
  return matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));
}

const LUMINANCE = [0.2126729, 0.7151522, 0.0721750];

function lab(rgb) {
  const clamped = rgb.map((c) => Math.min(1, Math.max(0, c)));
  const [x, y, z] =
      times([[0.4124564, 0.3575761, 0.1804375], LUMINANCE, [0.0193339, 0.1191920, 0.9503041]], clamped);
  const [a, b, c] =
      [x / 0.95047, y, z / 1.08883].map((t) => t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  return [116 * b - 16, 500 * (a - b), 200 * (b - c)];
}

function distance(first, second) {
  const seen = (color, vision) => lab(times(vision, linear(color)));
  return Math.min(...VISIONS.map((vision) => {
    const other = seen(second, vision);
    return Math.hypot(...seen(first, vision).map((value, i) => value - other[i]));
  }));
}

function contrast(first, second) {
  const [low, high] =
      [first, second].map((color) => times([LUMINANCE], linear(color))[0] + 0.05).sort((a, b) => a - b);
  return high / low;
}

let failed = false;
function check(holds, what) {
  if (!holds) console.error(what);
  failed ||= !holds;
}

check(colors.length === 8, `8 colors, not ${colors.length}`);
colors.forEach((color, i) => {
  for (const background of ['#ffffff', dark]) {
    const value = contrast(color, background);
    check(value >= 3, `the contrast of ${color} on ${background} is ${value.toFixed(2)}`);
  }
  colors.slice(0, i).forEach((other) => {
    const value = distance(color, other);
    check(value >= (i < 4 ? 28 : 21), `${other} and ${color} are only ${value.toFixed(1)} apart`);
  });
});
process.exit(failed ? 1 : 0);
