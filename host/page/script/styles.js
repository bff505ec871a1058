// What tells the methods apart: color, dash and shape, so that a print in black and white, and a reader of
// any color vision, can follow a curve.

// No two are closer than 21 in CIELAB, for normal vision and without one of the three kinds of cones (Machado
// et al., 2009); the first four are 28 apart. Each has a contrast of at least 3 on white and on the page's
// dark background, so that a method keeps its color in both.
const COLORS = ['#0097ff', '#c78800', '#ff5175', '#ac87ba', '#007541', '#963db2', '#ac3a77', '#736514'];
const DASHES = [[], [7, 3], [2, 2], [8, 3, 2, 3]];
const SHAPES = [
  'circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right', 'triangle-left'
];

/// Beyond the colors, the next round has other dashes and shapes.
export function styleOf(index) {
  const round = Math.floor(index / COLORS.length);
  return {
    color: COLORS[index % COLORS.length],
    dash: DASHES[(index + round) % DASHES.length],
    shape: SHAPES[(index + round) % SHAPES.length]
  };
}
